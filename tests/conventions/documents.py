"""The documents that are generated: whether they are in date, or, with ``--write``, written anew.

``docs/codes.md`` comes from the catalogue and the limits, ``docs/columns.md`` from the row models, ``docs/flows.md``
from the flows of ``prefect.yaml``, ``.env.example`` from the settings.
"""

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from desk.localization import ABOUT_PLANS
from infra.settings import Settings
from schemas.catalogue import CATALOGUE, EXAMPLE
from schemas.domain import Limits
from schemas.domains import DOMAINS
from schemas.levels import Level
from tests.conventions.code_origins import origins
from tests.conventions.columns import HEADER, dialects

ROOT = Path(__file__).parents[2]
RENEW = "make docs"

LEVELS: Mapping[Level, tuple[str, str]] = {
    "file": ("The whole file is turned away", "Nothing was read from it. Correct the file and run again."),
    "reject": (
        "The row goes back to the shop",
        "It is in the rejects file, with this message. The good rows go ahead.",
    ),
    "held": (
        "The row is shown but not written",
        "The target holds something else than the file expects. Decide, then run again.",
    ),
    "concern": ("A person looks at the plan first", "Nothing is rejected for it. The plan waits for an approval."),
    "repair": ("Put right while reading", "Counted in the report under how the file was read. Nothing to do."),
    "note": ("Said in the report", "Nothing to do, unless it surprises you."),
}

OTHER_CODES: Mapping[str, tuple[str, str]] = {
    "LIMIT_CHANGED_ROWS": (ABOUT_PLANS["LIMIT_CHANGED_ROWS"], "`max_changed_rows`"),
    "LIMIT_CHANGED_SHARE": (ABOUT_PLANS["LIMIT_CHANGED_SHARE"], "`max_changed_percent`"),
    "LIMIT_ADDED": (ABOUT_PLANS["LIMIT_ADDED"], "`max_added`"),
    "SECOND_PERSON": (ABOUT_PLANS["SECOND_PERSON"], "approve the plan, as somebody else"),
    "LIMIT_MINUTES": (ABOUT_PLANS["LIMIT_MINUTES"], "`max_minutes`"),
    "LIMIT_CARD": (ABOUT_PLANS["LIMIT_CARD"], "`max_amount`"),
    "LIMIT_ORDER": (ABOUT_PLANS["LIMIT_ORDER"], "`max_amount`"),
    "SCALE_SUSPECT": (
        ABOUT_PLANS["SCALE_SUSPECT"],
        "approve the plan",
    ),
    "TOP_UP_SEEN_BEFORE": (
        ABOUT_PLANS["TOP_UP_SEEN_BEFORE"],
        "`reference`, a name of its own",
    ),
    "RESTORE_EDITED_SINCE": (
        "Someone else changed the record since the run that is being undone; it is left as it is.",
        "see `conflicts.csv`",
    ),
    "SHOP_REFUSED": ("The shop gave the row back after an upload.", "correct it as the shop says"),
}
"""Codes that are not about a cell or a row of a file: what they say, and what lets the plan pass or what to do."""

TYPES = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list",
    "null": "empty",
    "object": "names and values",
}


def codes() -> str:
    """Write docs/codes.md."""
    parts = [
        "# Codes",
        _generated("schemas/catalogue.py"),
        "Every problem in a file has a code, and every message says what is wrong and what would be right. "
        "[Importing gift cards](runbooks/importing-gift-cards.md) tells what to do with them.",
        *(_level(level) for level in LEVELS),
        "## Codes of plans and targets",
        "These are not about one cell. The last column is the parameter that lets the plan pass, or what to do.",
        _table(("Code", "Says", "Lets it pass"), [(f"`{code}`", *said) for code, said in OTHER_CODES.items()]),
        "## Where the codes of rejects come from",
        "For people who change the code: the row model and its columns, where a check declares the code, and the "
        "modules that name it while they read and compare.",
        _table(("Code", "Raised by"), [(f"`{code}`", "<br>".join(by)) for code, by in origins().items()]),
        "## Usual limits",
        "A plan that passes one of these waits for an approval. A run can raise each of them for itself.",
        *(_limits(domain.title, domain.limits) for domain in DOMAINS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _level(level: Level) -> str:
    title, meaning = LEVELS[level]
    rows = [
        (f"`{entry.code}`", entry.says, entry.remedy.replace("{example}", EXAMPLE))
        for entry in CATALOGUE.values()
        if entry.level == level
    ]
    return f"## {title} (*{level}*)\n\n{meaning}\n\n" + _table(("Code", "What is wrong", "What would be right"), rows)


def _limits(title: str, limits: Limits) -> str:
    rows = [
        ("Records that change", f"{limits.changed_rows:,}", "`max_changed_rows`"),
        (
            "Share of the existing records that changes",
            f"{limits.changed_share:.0%}, judged from {limits.changed_rows_floor} changed records on",
            "`max_changed_percent`",
        ),
        *(_limits_of_amounts(limits) if limits.amount else ()),
        ("Minutes that writing takes, in a system that counts calls", f"{limits.minutes:,}", "`max_minutes`"),
    ]
    return f"### {title}\n\n" + _table(("Limit", "Usual", "Parameter"), rows)


def _limits_of_amounts(limits: Limits) -> list[tuple[str, str, str]]:
    return [
        ("Added in all, in whole units of the currency", f"{limits.added:,}", "`max_added`"),
        (f"Held by one {limits.noun}, in whole units", f"{limits.amount:,}", "`max_amount`"),
    ]


def columns() -> str:
    """Write docs/columns.md."""
    parts = [
        "# Columns of files",
        _generated("the row models and dialects in schemas/"),
        "A file is known by its headings, in any order and letter case, with or without accents; other columns may "
        "stand between them. A blank file to fill in: `counterfoil template gift-cards`. What the "
        "codes say: [codes](codes.md); what any cell may be turned away for beside these is there too.",
        *(f"## {title}\n\n{_table(HEADER, rows)}" for title, rows in dialects()),
    ]
    return "\n\n".join(parts) + "\n"


def flows() -> str:
    """Write docs/flows.md."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    parts = [
        "# Flows and their parameters",
        _generated("flows/ and prefect.yaml"),
        "Each flow is one page under Deployments in Prefect. Its form shows these parameters and these words.",
        *(_flow(deployment) for deployment in deployments),
    ]
    return "\n\n".join(parts) + "\n"


def _flow(deployment: dict[str, Any]) -> str:
    module, _, name = deployment["entrypoint"].rpartition(".")
    flow = getattr(importlib.import_module(module), name)
    rows = [
        (f"`{parameter}`", _type(schema), _default(schema), _one_line(schema["description"]))
        for parameter, schema in flow.parameters.properties.items()
    ]
    when = [f"Runs by itself: {_when(schedule)}" for schedule in deployment.get("schedules", [])]
    parts = [
        f"## {deployment['name']}",
        "\n\n".join(_one_line(part) for part in flow.description.partition("Args:")[0].strip().split("\n\n")),
        *when,
        _table(("Parameter", "Takes", "If left alone", "What it is for"), rows),
    ]
    return "\n\n".join(parts)


def _when(schedule: dict[str, Any]) -> str:
    parameters = ", ".join(f"`{name}` = `{value}`" for name, value in schedule.get("parameters", {}).items())
    state = "" if schedule.get("active", True) else ", switched off until someone turns it on"
    return f"`{schedule['cron']}` (in the shop's time zone){state}" + (f", with {parameters}." if parameters else ".")


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    kinds = schema.get("anyOf", [schema])
    return " or ".join(TYPES[kind["type"]] for kind in kinds)


def _default(schema: dict[str, Any]) -> str:
    if "default" not in schema:
        return "must be given"
    return f"`{schema['default']}`" if schema["default"] not in ("", None) else "empty"


def environment() -> str:
    """Write .env.example."""
    head = [
        f"Every setting of Counterfoil. Generated from infra/settings.py; to renew it: {RENEW}",
        "",
        "Without any of them everything runs on this machine, under ./var. Nothing reads this file by itself:",
        "copy it to .env, take the # off what you change, and load it before a command or a service:",
        "",
        "    set -a; . ./.env; set +a",
    ]
    settings = [_setting(name, field) for name, field in Settings.model_fields.items()]
    prefect = _comment(
        "The API of a Prefect server of your own, and its login (user:password). Prefect's variables, not ours. "
        "Empty: a server is started here, with a login that lies in prefect-login under the home folder."
    )
    return (
        "\n\n".join(
            [
                "\n".join(f"# {line}".rstrip() for line in head),
                *settings,
                f"{prefect}\n# PREFECT_API_URL=\n# PREFECT_API_AUTH_STRING=",
            ]
        )
        + "\n"
    )


def _setting(name: str, field: FieldInfo) -> str:
    default = field.default
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"{_comment(f'{field.description}{_bounds(field)}')}\n# COUNTERFOIL_{name.upper()}={shown}"


def _bounds(field: FieldInfo) -> str:
    least = next((part.ge for part in field.metadata if hasattr(part, "ge")), None)
    most = next((part.le for part in field.metadata if hasattr(part, "le")), None)
    if least is None:
        return ""
    return f" From {least} to {most}." if most is not None else f" {least} or more."


def _comment(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 110, initial_indent="# ", subsequent_indent="# "))


def _generated(source: str) -> str:
    return f"Generated from {source}; to renew it: `{RENEW}`."


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "docs/codes.md": codes,
    "docs/columns.md": columns,
    "docs/flows.md": flows,
    ".env.example": environment,
}


def stale() -> list[str]:
    """List the generated documents that are not what their source says now."""
    return [name for name, write in DOCUMENTS.items() if _text(name) != write()]


def _text(name: str) -> str:
    file = ROOT / name
    return file.read_text() if file.exists() else ""


def main(arguments: list[str]) -> int:
    """Check, or renew with ``--write``; say which were stale."""
    old = stale()
    if "--write" in arguments:
        for name in old:
            (ROOT / name).write_text(DOCUMENTS[name]())
        sys.stdout.write(f"Renewed: {', '.join(old)}\n" if old else "All in date.\n")
        return 0
    if old:
        sys.stderr.write(f"{', '.join(old)}: not in date. Run: {RENEW}\n")
    return bool(old)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
