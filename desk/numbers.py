"""Numbers and instants as they are written in the language of whoever reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from desk.texts import language_here, speech_here
from infra.context import settings
from tasks.core.wording.words import instant


def number(count: int) -> str:
    """Write a number with the marks of its thousands."""
    return speech_here().number(count)


def size(count: int) -> str:
    """Write how large a file is, in whole megabytes where it has that many."""
    return f"{number(count // 2**20)} MB" if count >= 2**20 else f"{number(-(-count // 2**10))} kB"


def local_time(at: datetime | None) -> str:
    """Write an instant in the zone of the shop, as people there read clocks."""
    if at is None:
        return ""
    zone = settings().time_zone
    if language_here() == "en":  # its short form has the month first, which half of those who read English misread
        return instant(at, zone)[:16]
    return str(format_datetime(at.astimezone(ZoneInfo(zone)), "short", locale=language_here()))
