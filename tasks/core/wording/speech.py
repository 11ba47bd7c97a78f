"""In which language something is said, and how numbers, money and instants are written in it.

Where the words come from is no business of ours: whoever speaks another language than English hands a catalogue in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from schemas.tables import Language
from tasks.core.reading.currencies import minor_digits
from tasks.core.wording.money import amount
from tasks.core.wording.words import instant


@dataclass(frozen=True, kw_only=True)
class Speech:
    """A language and its catalogue."""

    language: Language
    catalogue: NullTranslations

    def gettext(self, text: str) -> str:
        """Say *text*; as it is where the catalogue lacks it."""
        return self.catalogue.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Say so many of something; ``%(num)s`` is the number."""
        return self.catalogue.ngettext(one, many, count) % {"num": self.number(count)}

    def number(self, count: int) -> str:
        """Write a number with the marks of its thousands."""
        return f"{count:,}" if self.language == "en" else str(format_decimal(count, locale=self.language))

    def amount(self, cents: int, currency: str) -> str:
        """Write an amount, with all decimals of its currency and the currency's code behind."""
        if self.language == "en":
            return amount(cents, currency)
        digits = minor_digits(currency)
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        return f"{format_decimal(Decimal(cents).scaleb(-digits), format=pattern, locale=self.language)} {currency}"

    @property
    def marks(self) -> dict[str, str]:
        """What stands between thousands (``group``), and before decimals (``decimal``)."""
        return {"group": get_group_symbol(self.language), "decimal": get_decimal_symbol(self.language)}

    def day(self, on: date) -> str:
        """Write a day; in English as ISO does, whose order nobody misreads."""
        return on.isoformat() if self.language == "en" else str(format_date(on, "short", locale=self.language))

    def instant(self, at: datetime | None, zone: str) -> str:
        """Write an instant with its zone; nothing where there is none yet."""
        if self.language == "en" or at is None:
            return instant(at, zone)
        local = at.astimezone(ZoneInfo(zone))
        return f"{format_datetime(local, 'short', locale=self.language)} {local:%Z}"


ENGLISH = Speech(language="en", catalogue=NullTranslations())
