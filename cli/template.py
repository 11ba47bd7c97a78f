"""The command that writes a blank file for people to fill in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from cli.answers import Answer
from schemas.domain import Dialect
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.problems import FileNeedsFixing
from tasks.core.writing.templates import hint, template_csv, template_xlsx

_WRITERS: Mapping[str, Callable[[Dialect], bytes]] = {"csv": template_csv, "xlsx": template_xlsx}


def template(
    domain: str, *, kind: Literal["csv", "xlsx"] = "xlsx", dialect: str = "", output: Path | None = None
) -> Answer:
    """Write a blank file of DOMAIN: its headings, with rows to be filled in below them.

    Args:
        domain: What the file is to be about: a folder of the inbox, as counterfoil run or put calls it.
        kind: How it is written.
        dialect: For which system's files, where a domain has several; its first by default.
        output: Where to write it; its own name by default.
    """
    form = _dialect(domain, dialect)
    path = output or Path(f"{domain}-template.{kind}")
    _write_new(path, _WRITERS[kind](form))
    columns = [{"heading": column.heading, "holds": hint(column)} for column in form.columns]
    lines = [
        f"{path} is blank; fill in rows below its headings:",
        *(f"  {column['heading']}: {column['holds']}" for column in columns),
    ]
    return {"path": str(path), "dialect": form.name, "columns": columns}, "\n".join(lines), 0


def _dialect(domain: str, name: str) -> Dialect:
    """Return the dialect that was asked for, else the first of the folder.

    Raises:
        FileNeedsFixing: There is no such folder, or it has no such dialect.
    """
    if domain not in INBOX_FOLDERS:
        raise FileNeedsFixing(f"There are no files of {domain}. Choose one of: {', '.join(INBOX_FOLDERS)}.")
    known = {dialect.name: dialect for dialect in INBOX_FOLDERS[domain].dialects}
    if name and name not in known:
        raise FileNeedsFixing(f"Files of {domain} are written as {' or '.join(known)}. Choose one, with --dialect.")
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
