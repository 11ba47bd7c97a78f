"""Let a till begin: its outlet and register, the products of a list, and how many there are of each."""

import polars as pl

from infra.artifacts import load_bytes, load_frame, save_frame
from infra.settings import settings
from infra.targets import target
from schemas.currencies import minor_digits
from schemas.domain import Limits, Resource
from schemas.order_runs import Opening, Stocked
from schemas.orders import PRODUCTS
from schemas.problems import FileNeedsFixing
from schemas.records import GOES_WITH, Batch, BatchName, Run, Snapshot, Validated
from schemas.till import OUTLETS, REGISTERS, STOCK, STOCK_LIST
from tasks.core.checking.findings import count_rows
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.checking.stock import check_stock
from tasks.core.lineage import followed_run, keys_of, read_references, reading_lines
from tasks.core.orders.opening import decide_levels, decide_products, match_stock
from tasks.plan import Draft, weigh_and_name
from tasks.step import step
from tasks.validate import read_as, save_rejects


@step
def validate_stock(run: Run, batch: Batch, *, number_format: NumberFormatName) -> Validated:
    """Read the batch and check it as a list of stock, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    table = read_as(STOCK_LIST, load_bytes(batch.source), run.source)
    references = read_references(table.references)
    exponent = minor_digits(settings().currency)
    accepted, findings, concluded = check_stock(table, exponent, named_format(number_format))
    return Validated(
        rows=count_rows(table, accepted, findings),
        accepted=save_frame(run.run_id, "accepted.parquet", accepted),
        findings=save_frame(run.run_id, "findings.parquet", findings),
        rejects=save_rejects(run, table, findings, keys_of(table, STOCK), STOCK_LIST),
        totals=(),
        concerns=table.concerns,
        reading=reading_lines(table, concluded.says),
        references=save_frame(run.run_id, "references.parquet", references),
        follows=followed_run(references),
        reference=batch.source.sha256[:16],
    )


@step
def plan_opening(run: Run, validated: Validated, stocked: Stocked, outlet: str, limits: Limits) -> Opening:
    """Plan the products to be made, and the levels to be opened in the outlet of that name."""
    products, levels = load_frame(stocked.products), load_frame(stocked.levels)
    matched = match_stock(load_frame(validated.accepted), products)
    connector = target(run.target)
    made = decide_products(matched, products, settings().currency)
    before = Snapshot(records=stocked.products, totals=connector.totals(PRODUCTS.resource))
    first = weigh_and_name(run, PRODUCTS, Draft(changes=made, unchanged=0, options={}), before, limits)
    changes, unchanged = decide_levels(matched, levels, _named(connector.read(OUTLETS, None), OUTLETS, outlet))
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options=run.options | ({GOES_WITH: first.plan_id} if made.height else {}),
        concerns=validated.concerns + first.concerns,
    )
    there = Snapshot(records=stocked.levels, totals=connector.totals(STOCK.resource))
    return Opening(products=first, levels=weigh_and_name(run, STOCK, draft, there, limits))


@step
def furnish(run: Run, outlet: str, register: str) -> None:
    """See to it that the till has the outlet and the register of these names.

    Raises:
        FileNeedsFixing: The register is there, in another outlet.
    """
    connector = target(run.target)
    outlet_id = _named(connector.read(OUTLETS, None), OUTLETS, outlet)
    registers = connector.read(REGISTERS, None)
    register_id = _named(registers, REGISTERS, register)
    elsewhere = registers.filter(register_id=register_id).filter(pl.col("outlet_id") != outlet_id)
    if elsewhere.height:
        raise FileNeedsFixing(f"Register {register} stands in another outlet. Give the name of one in {outlet}.")
    _make(run, OUTLETS, {"outlet_id": outlet_id, "name": outlet}, 1)
    _make(run, REGISTERS, {"register_id": register_id, "name": register, "outlet_id": outlet_id}, 2)


def _named(records: pl.DataFrame, resource: Resource, name: str) -> str:
    """Return the key of the record of that name; one that is to be made has its name for a key."""
    found = records.filter(pl.col("name").str.to_lowercase() == name.strip().lower())[resource.key]
    return str(found[0]) if found.len() else "-".join(name.lower().split())


def _make(run: Run, resource: Resource, record: dict[str, str], number: int) -> None:
    """Create a record unless it is there."""
    connector = target(run.target)
    if connector.read(resource, pl.Series([record[resource.key]])).height:
        return
    nothing = {f"{column}_before": None for column in resource.columns}
    after = {f"{column}_after": record[column] for column in resource.columns}
    change = {"kind": "create", resource.key: record[resource.key], **nothing, **after}
    rows = pl.DataFrame(
        [change | {"operation_id": None, "operation": None}],
        schema_overrides=dict.fromkeys([*nothing, "operation_id", "operation"], pl.String),
    )
    connector.write(resource, rows, BatchName(plan_id="furnish", number=number, run_id=run.run_id))
