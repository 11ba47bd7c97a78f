"""The command that writes a blank file for people to fill in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from cli.answers import answered
from schemas.domain import Dialect
from schemas.domains import DOMAINS
from schemas.problems import FileNeedsFixing
from tasks.core.writing.templates import hint, template_csv, template_xlsx

_DIALECTS: Mapping[str, Mapping[str, Dialect]] = {
    domain.name: {dialect.name: dialect for dialect in domain.dialects}
    for domain in DOMAINS.values()
    if domain.dialects
}
_WRITERS: Mapping[str, Callable[[Dialect], bytes]] = {"csv": template_csv, "xlsx": template_xlsx}


@click.command("template")
@click.argument("domain", type=click.Choice(list(_DIALECTS)))
@click.option("--as", "kind", type=click.Choice(list(_WRITERS)), default="xlsx", show_default=True)
@click.option(
    "--dialect",
    "name",
    type=click.Choice([name for dialects in _DIALECTS.values() for name in dialects]),
    help="For which system's files, where a domain has several.",
)
@click.option("--to", "output", type=click.Path(path_type=Path), help="Where to write it; its own name by default.")
@answered
def template(domain: str, kind: str, name: str | None, output: Path | None) -> tuple[dict[str, Any], str, int]:
    """Write a blank file of DOMAIN: its headings, with rows to be filled in below them."""
    dialect = _dialect(domain, name)
    path = output or Path(f"{domain}-template.{kind}")
    _write_new(path, _WRITERS[kind](dialect))
    columns = [{"heading": column.heading, "holds": hint(column)} for column in dialect.columns]
    lines = [
        f"{path} is blank; fill in rows below its headings:",
        *(f"  {column['heading']}: {column['holds']}" for column in columns),
    ]
    return {"path": str(path), "dialect": dialect.name, "columns": columns}, "\n".join(lines), 0


def _dialect(domain: str, name: str | None) -> Dialect:
    """Return the dialect that was asked for, else the first of the domain."""
    known = _DIALECTS[domain]
    if name and name not in known:
        raise click.BadParameter(f"{domain} is written as {' or '.join(known)}.", param_hint="'--dialect'")
    return known[name] if name else next(iter(known.values()))


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet: what was filled in is not made blank again.

    Raises:
        FileNeedsFixing: Something is there already, or nothing can be written there.
    """
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise FileNeedsFixing(f"{path} is there already, and stays as it is. Name another file, with --to.") from None
    except OSError as error:
        raise FileNeedsFixing(f"{path}: {error.strerror}. Name a file that can be written, with --to.") from None
