"""Check every order, fetched from a shop or exported to a file; what cannot be right goes back to the shop."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame, save_bytes, save_frame
from infra.clock import now
from infra.context import ledger, settings
from schemas import file_names
from schemas.orders.files import ORDER_CORRECTIONS, REFERENCE, WOO_ORDERS
from schemas.orders.pages import Fetched
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, Batch, Run, Validated
from schemas.tables import Dropped
from tasks.chain.step import step
from tasks.chain.validate import answered_by, read_as, read_returned, references_of, save_rejects_file, sizes
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.orders.answers import read_answers
from tasks.core.orders.corrections import as_asked_now, read_corrections
from tasks.core.orders.files import on_every_row, on_first_row, read_order_table
from tasks.core.orders.json_rejects import write_json_rejects
from tasks.core.orders.order_parser import OrdersRead, read_orders, totals_of
from tasks.core.orders.parsed_orders import ParsedOrders
from tasks.core.orders.returned_orders import judge_returned_orders, references_in
from tasks.core.orders.rules import OrderRules, read_states
from tasks.core.reading.currencies import minor_digits
from tasks.core.reading.dialects import recognise
from tasks.core.reading.row_numbers import with_rows
from tasks.core.reading.signatures import is_json
from tasks.core.rejects.lineage import followed_run, hash_keys, read_references, reading_lines, references_and_drops
from tasks.orders.fetch import load_pages
from tasks.orders.returned_rejects import rejected_orders


@step
def validate_fetched_orders(run: Run, fetched: Fetched) -> Validated:
    """Check the orders that were fetched.

    Raises:
        FileNeedsFixing: The settings do not say what statuses mean.
    """
    pages, refunds = [*load_pages(fetched, "orders")], [*load_pages(fetched, "refunds")]
    parsed = read_answers(pages, refunds, order_rules())
    return _judged_json(run, parsed, pages, fetched.reading, ())


@step
def validate_order_file(run: Run, batch: Batch, *, number_format: NumberFormatName = "auto") -> Validated:
    """Check the orders of a file: JSON as the shop answers it, rows of lines as an export plugin writes them, or
    corrections of orders that an earlier run holds, which take just these.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    content = load_bytes(batch.source)
    if is_json(content):
        parsed = read_answers([content], [], order_rules())
        parsed, dropped = judge_returned_orders(parsed, [content], rejected_orders(references_in([content])))
        return _judged_json(run, parsed, [content], ("JSON, as a web shop writes it",), dropped)
    every = (WOO_ORDERS, ORDER_CORRECTIONS)
    form = recognise(content, every, name=run.source, code_page=settings().code_page, sizes=sizes())
    if form is ORDER_CORRECTIONS:
        return _judged_corrections(run, content)
    return _judged_rows(run, content, number_format)


def order_rules() -> OrderRules:
    """Return what this shop's orders are taken to mean.

    Raises:
        FileNeedsFixing: The settings do not say it as they must.
    """
    ours = settings()
    digits = minor_digits(ours.currency)
    shown = digits if ours.woo_price_decimals is None else ours.woo_price_decimals
    return OrderRules(
        source=ours.woo_source,
        currency=ours.currency,
        exponent=digits,
        rounded_to=10 ** max(0, digits - shown),
        states=read_states(ours.woo_states),
        sold_when=ours.woo_sold_when,
        bundles=ours.woo_bundles,
        bare_refunds=ours.woo_bare_refunds,
        time_zone=ours.time_zone,
        today=now().astimezone(ZoneInfo(ours.time_zone)).date(),
    )


def _judged_json(
    run: Run, parsed: ParsedOrders, pages: list[bytes], reading: tuple[str, ...], dropped: tuple[Dropped, ...]
) -> Validated:
    read = read_orders(parsed, order_rules())
    named = parsed.places.filter(pl.col("reference") != "").select("line", "reference")
    references = references_and_drops(dict(named.iter_rows()), dropped)
    rejects = None
    if read.findings.height:
        _record(run, read, parsed)
        content = write_json_rejects(pages, parsed.places, read.findings, run_id=run.run_id)
        rejects = save_bytes(run.run_id, file_names.REJECTS_JSON, content)
    return _validated(run, read, read.findings, rejects, references, reading)


def _judged_rows(run: Run, content: bytes, number_format: NumberFormatName) -> Validated:
    answered = answered_by(number_format)
    table = read_returned(WOO_ORDERS, content, run.source, answered=answered, together="order_id")
    file = read_order_table(table, order_rules(), named_format(number_format))
    parsed = replace(file.parsed, findings=on_first_row(file.parsed.findings, file.rows))
    read = read_orders(parsed, order_rules())
    findings = on_every_row(read.findings, file.rows)
    rejects = None
    if findings.height:
        _record(run, read, parsed)
        rejects = save_rejects_file(run, table, findings, WOO_ORDERS)
    references = references_of(table)
    told_rows, says = with_rows(findings, table.originals), reading_lines(table, file.format_says)
    validated = _validated(run, read, told_rows, rejects, references, says)
    return replace(validated, concerns=table.concerns + validated.concerns)


def _judged_corrections(run: Run, content: bytes) -> Validated:
    table = read_as(ORDER_CORRECTIONS, content, run.source)
    references = read_references(table.references)
    follows = followed_run(references)
    held, lines = _held_since(follows)
    read = read_corrections(table, held, lines, source=settings().woo_source)
    findings = on_every_row(read.findings, read.rows)
    return Validated(
        rows=read.counts,
        accepted=save_frame(run.run_id, file_names.ORDERS, read.orders),
        lines=save_frame(run.run_id, file_names.LINES, read.lines),
        corrections=save_frame(run.run_id, file_names.CORRECTIONS, read.corrections),
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(findings, table.originals)),
        rejects=save_rejects_file(run, table, findings, ORDER_CORRECTIONS) if findings.height else None,
        totals=totals_of(read.orders),
        concerns=table.concerns,
        reading=(*reading_lines(table), f"corrections of orders that run {follows} holds"),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=follows,
        reference="",
    )


def _held_since(run_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the orders that a run holds, and their lines; and those held by the runs that it follows itself.

    Raises:
        FileNeedsFixing: No row says which run it corrects, or that run has no orders.
    """
    orders, lines = [], []
    while run_id:
        stored = ledger().list_latest_artifacts(run_id)
        if file_names.LINES in stored and file_names.CHANGES in stored:
            keys = load_frame(stored[file_names.CHANGES]).filter(kind="held").select("order_key")
            orders.append(as_asked_now(load_frame(stored[file_names.ORDERS])).join(keys, on="order_key", how="semi"))
            lines.append(load_frame(stored[file_names.LINES]).join(keys, on="order_key", how="semi"))
        run_id = ledger().get_run(run_id).follows
    if not orders:
        raise FileNeedsFixing(
            f"The file does not say which run it corrects. Fill in the held.csv of that run, and leave its column "
            f"{REFERENCE!r} as it is."
        )
    newest = pl.concat(orders).unique("order_key", keep="first", maintain_order=True)
    return newest, pl.concat(lines).unique(["order_key", "line"], keep="first", maintain_order=True)


def _record(run: Run, read: OrdersRead, parsed: ParsedOrders) -> None:
    """Enter the rejected orders in the ledger: one entry an order, however many rows of a file it has."""
    key = pl.format("{}:{}", pl.lit(order_rules().source), pl.col("order_id"))
    keys = parsed.orders.select("line", key=key)
    ledger().record_rejects(run.run_id, hash_keys(read.findings, keys))


def _validated(
    run: Run,
    read: OrdersRead,
    findings: pl.DataFrame,
    rejects: Artifact | None,
    references: pl.DataFrame,
    reading: tuple[str, ...],
) -> Validated:
    return Validated(
        rows=read.rows,
        accepted=save_frame(run.run_id, file_names.ORDERS, read.orders),
        lines=save_frame(run.run_id, file_names.LINES, read.lines),
        findings=save_frame(run.run_id, file_names.FINDINGS, findings),
        rejects=rejects,
        totals=read.totals,
        concerns=read.concerns,
        reading=(*reading, *read.notes),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=followed_run(references),
        reference="",
    )
