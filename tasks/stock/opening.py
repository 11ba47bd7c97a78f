"""Let a till begin: its outlet and register, the products of a list, and how many there are of each."""

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame, save_frame, save_report_table
from infra.context import settings, target
from schemas import file_names
from schemas.domain import Limits, Resource
from schemas.records import GOES_WITH, Batch, BatchName, Run, Snapshot, Validated
from schemas.stock import OUTLETS, PRODUCTS, REGISTERS, STOCK, STOCK_LIST, Opening, Stocked
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.run_day import shop_day
from tasks.chain.step import step
from tasks.chain.validate import answered_by, read_returned, references_of, save_rejects
from tasks.core.checking.findings import count_rows
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.planning.chosen_lines import LINES, is_chosen
from tasks.core.reading.currencies import minor_digits
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import followed_run, keys_of, reading_lines
from tasks.core.stock.checks import check_stock
from tasks.core.stock.opening import decide_levels, decide_places, decide_products, match_stock, show_places

_KINDS = {"outlet": OUTLETS, "register": REGISTERS}


@step
def validate_stock(run: Run, batch: Batch, *, number_format: NumberFormatName) -> Validated:
    """Read the batch and check it as a list of stock, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    table = read_returned(STOCK_LIST, load_bytes(batch.source), run.source, answered=answered_by(number_format))
    references = references_of(table)
    checked = check_stock(
        table,
        currency=settings().currency,
        exponent=minor_digits(settings().currency),
        format_choice=named_format(number_format),
        today=shop_day(),
    )
    findings = checked.findings
    return Validated(
        rows=count_rows(table, checked.accepted, findings),
        accepted=save_frame(run.run_id, file_names.ACCEPTED, checked.accepted),
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(findings, table.originals)),
        rejects=save_rejects(run, table, findings, keys_of(table.cells, STOCK.resource), STOCK_LIST),
        totals=(),
        concerns=checked.file.concerns,
        reading=reading_lines(checked.file, checked.concluded.says),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=followed_run(references),
        reference=batch.source.sha256[:16],
    )


@step
def plan_opening(
    run: Run, validated: Validated, stocked: Stocked, outlet: str, register: str, limits: Limits
) -> Opening:
    """Plan the products to be made, and the levels to be opened in the outlet of that name.

    Raises:
        FileNeedsFixing: The register is there, in another outlet.
    """
    places = _places(run, outlet, register)
    products, levels = load_frame(stocked.products), load_frame(stocked.levels)
    matched = match_stock(load_frame(validated.accepted), products)
    connector = target(run.target)
    chosen = matched.filter(is_chosen(run.options.get(LINES, "")))
    made = decide_products(chosen, products, settings().currency)
    before = Snapshot(records=stocked.products, totals=connector.totals(PRODUCTS.resource))
    first = finalise_plan(run, PRODUCTS, Draft(changes=made, unchanged=0, options={}), before, limits)
    changes, unchanged = decide_levels(matched, levels, str(places["outlet_id"][0]))
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options=run.options | ({GOES_WITH: first.plan_id} if made.height else {}),
        concerns=validated.concerns + first.concerns,
    )
    there = Snapshot(records=stocked.levels, totals=connector.totals(STOCK.resource))
    return Opening(
        products=first,
        levels=finalise_plan(run, STOCK, draft, there, limits),
        report_tables=(save_report_table(run.run_id, *show_places(places)),),
    )


@step
def furnish(run: Run, outlet: str, register: str) -> None:
    """See to it that the till has the outlet and the register of these names."""
    for number, place in enumerate(_places(run, outlet, register).iter_rows(named=True), start=1):
        record = {"outlet_id": place["outlet_id"], "register_id": place["key"], "name": place["name"]}
        if not place["there"]:
            _make(run, _KINDS[place["what"]], record, number)


def _places(run: Run, outlet: str, register: str) -> pl.DataFrame:
    connector = target(run.target)
    return decide_places(connector.read(OUTLETS, None), connector.read(REGISTERS, None), outlet, register)


def _make(run: Run, resource: Resource, record: dict[str, str], number: int) -> None:
    nothing = {f"{column}_before": None for column in resource.columns}
    after = {f"{column}_after": record[column] for column in resource.columns}
    change = {"kind": "create", resource.key: record[resource.key], **nothing, **after}
    rows = pl.DataFrame(
        [change | {"operation_id": None, "operation": None}],
        schema_overrides=dict.fromkeys([*nothing, "operation_id", "operation"], pl.String),
    )
    target(run.target).write(resource, rows, BatchName(plan_id="furnish", number=number, run_id=run.run_id))
