"""Find out which products of the till the web shop has, and plan what would change there."""

import polars as pl

from infra.artifacts.run_files import load_frame, save_frame
from infra.connectors import ReadsStock
from infra.context import settings, target
from schemas import file_names
from schemas.domain import Limits
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Plan, RowCounts, Run, Snapshot, Validated
from schemas.stock import PRODUCT_RECORDS
from schemas.tables import FINDINGS_SCHEMA
from schemas.web_shop import WEB_PRODUCTS, PushField
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.reading.currencies import minor_digits
from tasks.core.rejects.lineage import read_references
from tasks.core.web_shop.push import as_offered, decide_push, emptied, linked
from tasks.core.wording.words import are, counted

FIELDS: tuple[PushField, ...] = ("sku", "name", "description", "price", "stock")


def fields_named(text: str) -> tuple[PushField, ...]:
    """Read a list such as ``stock, price``.

    Raises:
        FileNeedsFixing: It names none, or one that there is not.
    """
    named = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not named or not {*named} <= {*FIELDS}:
        raise FileNeedsFixing(f"fields: write one or several of {', '.join(FIELDS)}, with commas between them.")
    return tuple(field for field in FIELDS if field in named)


@step
def offer_products(run: Run, before: Snapshot, *, outlet_id: str) -> Validated:
    """Take the till's products that the web shop has, with their stock in one outlet, or in all.

    Raises:
        FileNeedsFixing: The till has no such outlet with stock.
        Refused: The till keeps no stock.
    """
    till = target("sql")
    if not isinstance(till, ReadsStock):
        raise Refused("The till keeps no stock that we could read.")
    levels = till.levels(pl.Series([outlet_id]) if outlet_id else None)
    if outlet_id and levels.is_empty():
        raise FileNeedsFixing(
            f"outlet_id: the till has no stock in an outlet {outlet_id!r}. Correct it or leave it out."
        )
    products, digits = till.read(PRODUCT_RECORDS, None), minor_digits(settings().currency)
    offered = as_offered(products, levels, digits, till.sold_only())
    rows = linked(offered, load_frame(before.records), settings().woo_source)
    lacking = offered.height - rows.height
    return listed(run, rows, (f"{counted(lacking, 'product')} of the till {are(lacking)} not in the web shop",))


@step
def plan_push(run: Run, offered: Validated, before: Snapshot, limits: Limits, fields: tuple[PushField, ...]) -> Plan:
    """Compare what the till offers with what the web shop held a moment ago."""
    changes, unchanged = decide_push(load_frame(offered.accepted), load_frame(before.records), fields)
    draft = Draft(changes=changes, unchanged=unchanged, options=run.options, concerns=emptied(changes))
    return finalise_plan(run, WEB_PRODUCTS, draft, before, limits)


def listed(run: Run, rows: pl.DataFrame, reading: tuple[str, ...]) -> Validated:
    """Hand on rows that come from a system and not from a file: none of them is rejected."""
    findings = save_frame(run.run_id, file_names.FINDINGS, pl.DataFrame(schema=FINDINGS_SCHEMA))
    return Validated(
        rows=RowCounts(rows_in=rows.height, accepted=rows.height, rejected=0),
        accepted=save_frame(run.run_id, file_names.ACCEPTED, rows),
        findings=findings,
        rejects=None,
        totals=(),
        concerns=(),
        reading=reading,
        references=save_frame(run.run_id, file_names.REFERENCES, read_references({})),
        follows="",
        reference="",
    )
