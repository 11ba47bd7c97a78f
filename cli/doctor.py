"""The command that asks every system whether it works."""

import os
from dataclasses import asdict

from cli.answers import Answer
from infra.context import settings
from infra.health import check_systems
from infra.systems import open_systems
from schemas.health import Check, CheckState

_MARKS: dict[CheckState, str] = {"works": "ok", "attention": "look", "fails": "FAILS", "not_set": "-"}


@open_systems("storage")
def doctor() -> Answer:
    """Ask every system that the settings name whether it works as they say, and what to do where it does not.

    Nothing is changed anywhere, but for a small object that the S3 store is given and that is deleted again.
    """
    checks = check_systems(settings(), os.environ)
    return {"checks": [asdict(check) for check in checks]}, _text(checks), _exit_code(checks)


def _text(checks: tuple[Check, ...]) -> str:
    width = max(len(f"{check.system}, {check.what}") for check in checks)
    lines = [f"{_MARKS[each.state]:<5}  {f'{each.system}, {each.what}':<{width}}  {each.says}" for each in checks]
    return "\n".join(lines)


def _exit_code(checks: tuple[Check, ...]) -> int:
    """Return that of the failure somebody here can put right soonest: settings before refusals before outages."""
    return min((check.exit_code for check in checks if check.exit_code), default=0)
