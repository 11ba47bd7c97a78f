"""What a shop's answer to an upload file means for the changes that were waiting for it.

The shop gives back the rows it refused, with one more column: whatever stands beyond the
columns of the template is its reason (contracts/lightspeed-x-series.md 1.4).
"""

import csv
import io

import polars as pl

from schemas.domain import Dialect, Resource
from schemas.problems import FileNeedsFixing
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.planning.settlement import settle
from tasks.core.wording.words import counted, were

NOBODY = pl.DataFrame(schema={"key": pl.String, "reason": pl.String})


def read_refusals(table: Table, dialect: Dialect) -> pl.DataFrame:
    """List the refused keys with the shop's reason, as ``key, reason``."""
    known = set(table.headings.values()) | {dialect.reference_heading}
    extra = [place for place, heading in enumerate(table.form.headings) if heading not in known]
    reasons = {
        line: " ".join(cell for place, cell in enumerate(cells) if place in extra and cell).strip()
        for line, cells in _original_rows(table)
    }
    key = dialect.columns[0].name
    return table.cells.select(
        key=pl.col(key), reason=pl.col("line").replace_strict(reasons, default="", return_dtype=pl.String)
    )


def settle_by_answer(outcomes: pl.DataFrame, refusals: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Mark the unknown changes among *refusals* as refused and the others as written.

    Raises:
        FileNeedsFixing: A refused key was not in the upload: this is another upload's answer.
    """
    strange = refusals.join(outcomes, left_on="key", right_on=resource.key, how="anti").height
    if strange:
        raise FileNeedsFixing(
            f"{strange} of the {counted(refusals.height, 'row')} of the answer {were(strange)} not in the upload of "
            "this run. Is it the answer to another upload? Nothing was recorded."
        )
    waiting = pl.col("outcome") == "unknown"
    refused = pl.col(resource.key).is_in(refusals.get_column("key").implode())
    return outcomes.with_columns(
        outcome=pl.when(waiting & refused)
        .then(pl.lit("refused"))
        .when(waiting)
        .then(pl.lit("written"))
        .otherwise("outcome")
    )


_SETTLED = {"done": "written", "write": "refused", "conflict": "conflict"}


def settle_by_list(outcomes: pl.DataFrame, cards: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Settle the unknown changes by a later list of all *cards*: as wanted is written, as before refused."""
    verdict = settle(outcomes, cards, resource).replace_strict(_SETTLED, return_dtype=pl.String)
    waiting = pl.col("outcome") == "unknown"
    return outcomes.with_columns(outcome=pl.when(waiting).then(verdict).otherwise("outcome"))


def refusal_findings(outcomes: pl.DataFrame, refusals: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Say each refusal in the words of the shop, at the line of the file that was imported."""
    joined = outcomes.join(refusals, left_on=resource.key, right_on="key")
    return joined.select(
        "line",
        heading=pl.lit(""),
        value=pl.col(resource.key),
        code=pl.lit("SHOP_REFUSED"),
        detail=pl.col("reason"),
    ).select(pl.col(name).cast(dtype) for name, dtype in FINDINGS_SCHEMA.items())


def _original_rows(table: Table) -> list[tuple[int, list[str]]]:
    originals = table.originals
    if originals.rows:
        return [(line, list(row)) for line, row in zip(originals.lines, originals.rows, strict=True)]
    spans = zip(originals.lines, originals.starts, originals.ends, strict=True)
    return [(line, _cells(originals.text[start:end].decode(), table.form.separator)) for line, start, end in spans]


def _cells(record: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline=""), delimiter=separator), [])
