"""What is told as JSON: failed answers of Astro's API as a till keeps them, and the report as a POS vendor relays it.

Both are laid out as the tables that a report would be, under our own headings, so that they are checked, and
their rejects sent back, as any other file. The shapes are those of contracts/astro.md 5.1 and 5.3; how a till
keeps answers is assumed: one JSON object a line with ``at``, ``endpoint``, ``jsonData`` and the answer.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.domain import Dialect
from schemas.loyalty.records import Section
from schemas.loyalty.reports import ANSWERS, REPORT_DIALECTS
from schemas.problems import FileNeedsFixing
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.reading.encodings import decode
from tasks.core.reading.half_characters import whole_characters
from tasks.core.reading.headings import fold, fold_heading, names_of
from tasks.core.reading.sizes import Sizes, refuse_wrong_size
from tasks.core.reading.table import read_rows

SUCCESS = "100"
_STATUS = ("transaction_status", "astro_status", "status")
_MESSAGE = (
    "transaction_status_message",
    "astro_status_message",
    "astro_status_messsage",
    "status_message",
    "status_messsage",
)
"""As seen, misspelt ones too."""
_RELAYED: Mapping[str, Section] = {"redemptions": "redemption", "transactions": "transaction"}
_SECTION_OF_CALL: Mapping[str, Section] = {
    "addtransaction": "transaction",
    "addtransactionbatch": "transaction",
    "addredemption": "redemption",
}
"""The calls that give a customer something; a search that finds nobody is no failure."""

Cells = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ParsedAnswers:
    """The tables of the sections that were told, and what could not be read at all, as a table of rejects."""

    tables: Mapping[Section, Table]
    unreadable: Table | None


def read_relay(content: bytes, *, name: str, sizes: Sizes) -> ParsedAnswers:
    """Read ``{"redemptions": [...], "transactions": [...]}``. A list that is not there is not told, and not empty.

    Raises:
        FileNeedsFixing: It is no such object.
    """
    whole = _parsed(_text(content, name, sizes))
    if not isinstance(whole, dict) or not any(isinstance(whole.get(key), list) for key in _RELAYED):
        raise FileNeedsFixing(f"{name} is not what a relay sends: an object with redemptions and transactions.")
    lists = {section: whole[key] for key, section in _RELAYED.items() if isinstance(whole.get(key), list)}
    rows: dict[Section, list[Cells]] = {section: [] for section in lists}
    odd: list[tuple[int, str]] = []
    for section, relayed in lists.items():
        for number, row in enumerate(relayed, 1):
            cells = _named(REPORT_DIALECTS[section], row)
            if any(map(fold, cells.values())):
                rows[section].append(cells)
            else:
                odd.append((number, json.dumps(row)))
    return ParsedAnswers(tables=_tables(rows, name, sizes), unreadable=_unreadable(odd, name, sizes))


def read_journal(content: bytes, *, name: str, sizes: Sizes) -> ParsedAnswers:
    """Read answers, one JSON object a line; those with status 100 and those of other calls tell no failure."""
    rows: dict[Section, list[Cells]] = {section: [] for section in REPORT_DIALECTS}
    odd: list[tuple[int, str]] = []
    for line, text in enumerate(_text(content, name, sizes).split("\n"), 1):
        entry = _parsed(text) if fold(text) else {}
        if not isinstance(entry, dict) or (entry and not _is_answer(entry)):
            odd.append((line, text))
            continue
        section = _SECTION_OF_CALL.get(_endpoint(entry))
        if section:
            rows[section] += _failed(entry)
    failed = {section: found for section, found in rows.items() if found}
    return ParsedAnswers(tables=_tables(failed, name, sizes), unreadable=_unreadable(odd, name, sizes))


def _text(content: bytes, name: str, sizes: Sizes) -> str:
    refuse_wrong_size(len(content), name=name, sizes=sizes)
    return decode(content, name=name, code_page="utf-8").text.decode()


def _parsed(text: str) -> Any:
    try:
        return json.loads(whole_characters(text.encode()), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _is_answer(entry: Mapping[str, Any]) -> bool:
    return bool(_endpoint(entry)) and bool(_first(_answer(entry), _STATUS)) and isinstance(_asked(entry), dict)


def _endpoint(entry: Mapping[str, Any]) -> str:
    return _field(entry, "endpoint").strip("/").rpartition("/")[2].lower()


def _answer(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = entry.get("answer", entry)
    return answer if isinstance(answer, dict) else {}


def _asked(entry: Mapping[str, Any]) -> Any:
    """Return what was asked; as a form field it is JSON in a text."""
    asked = entry.get("jsonData")
    return _parsed(asked) if isinstance(asked, str) else asked


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for name in names if (text := _field(fields, name))), "")


def _failed(entry: Mapping[str, Any]) -> Iterator[Cells]:
    """Return each failure of an answer: of a batch, one for every row that was not taken."""
    asked, answer = _asked(entry), _answer(entry)
    returned = answer.get("returnData")
    purchases = _objects(asked.get("transactions")) or [asked]
    by_id = {_field(row, "transactionID"): row for row in _objects(returned)} if purchases != [asked] else {}
    for purchase in purchases:
        yield from _cells(entry, asked, purchase, by_id.get(_field(purchase, "transactionID"), answer))


def _objects(data: Any) -> list[Mapping[str, Any]]:
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _field(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _cells(
    entry: Mapping[str, Any], asked: Mapping[str, Any], row: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[Cells]:
    status = _first(answer, _STATUS)
    if status == SUCCESS:
        return
    yield {
        "customer_id": _field(asked, "customerID"),
        "reward_id": _field(row, "astro_reward_id"),
        "transaction_id": _field(row, "transactionID"),
        "upc": _field(row, "item_code"),
        "occurred_at": _field(entry, "at"),
        "program": _first(answer, ("astro_program_title",)),
        "reason": f"{_first(answer, _MESSAGE)} ({status})".strip(),
        "quantity": _field(row, "item_qty"),
        "amount": _field(row, "item_amount"),
    }


def _named(dialect: Dialect, row: Any) -> Cells:
    """Return a relayed row by the names of our columns, whichever heading it uses; nothing where it is no row."""
    names = names_of(dialect)
    if not isinstance(row, dict):
        return {}
    return {names[folded][0]: _field(row, key) for key in row if (folded := fold_heading(key)) in names}


def _tables(rows: Mapping[Section, Iterable[Cells]], name: str, sizes: Sizes) -> dict[Section, Table]:
    return {section: _table(REPORT_DIALECTS[section], cells, name, sizes) for section, cells in rows.items()}


def _table(dialect: Dialect, rows: Iterable[Cells], name: str, sizes: Sizes) -> Table:
    """Lay rows out as a CSV file under our own headings, and read that."""
    columns = [column.name for column in dialect.columns]
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(column.heading for column in dialect.columns)
    lines.writerows([row.get(column, "") for column in columns] for row in rows)
    content = written.getvalue().encode()
    return read_rows(content, name=name, dialect=dialect, code_page="utf-8", sizes=sizes)


def _unreadable(odd: Sequence[tuple[int, str]], name: str, sizes: Sizes) -> Table | None:
    """Return what is in no form we know as a table in which every row is a reject."""
    if not odd:
        return None
    table = _table(ANSWERS, [{"answer": text[: sizes.max_cell_chars]} for _, text in odd], name, sizes)
    rows = zip(table.originals.lines, odd, strict=True)
    found = [(int(line), "answer", text, "LOYALTY_ANSWER", f"entry {number}") for line, (number, text) in rows]
    return _only_rejects(table, pl.DataFrame(found, schema=FINDINGS_SCHEMA, orient="row"))


def _only_rejects(table: Table, findings: pl.DataFrame) -> Table:
    return Table(
        cells=table.cells.clear(),
        headings=table.headings,
        form=table.form,
        findings=findings,
        rows_in=findings.height,
        originals=table.originals,
    )
