"""What was told of orders, to orders: every one judged, to the cent; what cannot be right is named."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.columns import shape_of
from schemas.orders.records import OrderLines, Orders
from schemas.records import RowCounts, Total
from schemas.tables import Concern
from tasks.core.checking.pandera_checks import judge
from tasks.core.orders.decimals import as_cents
from tasks.core.orders.findings import findings_of, judged_findings
from tasks.core.orders.instants import believable
from tasks.core.orders.lines import line_findings, lines_read
from tasks.core.orders.order_headers import header_findings, read_headers
from tasks.core.orders.parsed_orders import ParsedOrders
from tasks.core.orders.payments import with_payments
from tasks.core.orders.refund_doubts import Refunded, refund_concerns, refund_mismatches
from tasks.core.orders.refunds import refund_findings, refund_lines_read, with_amounts
from tasks.core.orders.repairs import repair_notes
from tasks.core.orders.returned_stock import restocked
from tasks.core.orders.row_hashes import content_sha256
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.totals import settled
from tasks.core.wording.money import plain_decimals

_ORDER_COLUMNS = tuple(shape_of(Orders))
_LINE_COLUMNS = tuple(shape_of(OrderLines))


@dataclass(frozen=True, kw_only=True)
class OrdersRead:
    """What came of orders: ``orders`` (Orders) and ``lines`` (OrderLines) of those accepted, the others' ``findings``.

    A row of the counts is an order; the totals count those that are closed. ``notes`` say what was put right.
    """

    orders: pl.DataFrame
    lines: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    totals: tuple[Total, ...]
    concerns: tuple[Concern, ...]
    notes: tuple[str, ...]


def read_orders(parsed: ParsedOrders, rules: OrderRules) -> OrdersRead:
    """Judge every *parsed* order. One that cannot be right is left out whole, and named."""
    refunds = _refunds(parsed, rules)
    sold = lines_read(parsed.lines, rules.exponent)
    returned = refund_lines_read(parsed.refund_lines, refunds, parsed.lines, rules.exponent)
    moves, unclear = restocked(returned)
    heads = read_headers(parsed.orders, refunds, rules)
    unread = _unread(parsed, rules, heads, sold, refunds, returned)
    readable = with_payments(_without(heads, unread), sold, parsed.payments, rules.exponent)
    back = Refunded(
        heads=readable,
        sold=_of(sold, readable),
        returned=_of(returned, readable),
        refunds=_of(refunds, readable),
        exponent=rules.exponent,
        rounded_to=rules.rounded_to,
    )
    added, missed = settled(sold, readable, ["line"], rules.rounded_to)
    wrong = [_mismatches(missed, parsed, rules.exponent), refund_mismatches(back, parsed.headings)]
    findings = pl.concat([unread, *wrong]).sort("line", maintain_order=True)
    accepted = _without(readable, findings)
    given_back = with_amounts(_of(returned.with_columns(moves), accepted), _of(refunds, accepted))
    whole = pl.concat([_of(added, accepted), given_back]).sort("line", maintain_order=True)
    concerns = (*parsed.concerns, *_of_stock(unclear), *refund_concerns(back, accepted))
    notes = repair_notes(accepted, parsed.lines, returned, rules.exponent)
    return _accounted(accepted, whole, findings, parsed.headings, _rows_in(parsed), concerns, notes)


def _unread(
    parsed: ParsedOrders,
    rules: OrderRules,
    heads: pl.DataFrame,
    sold: pl.DataFrame,
    refunds: pl.DataFrame,
    returned: pl.DataFrame,
) -> pl.DataFrame:
    """Name every cell that could not be read; of a cell of which the reading itself tells why, nothing else."""
    found = pl.concat(
        [
            header_findings(parsed.orders, heads, parsed.lines, rules, parsed.headings),
            line_findings(parsed.lines, sold, parsed.orders, parsed.headings),
            _bare(refunds, parsed, rules),
            refund_findings(refunds, parsed.refund_lines, returned, parsed.orders, parsed.headings),
        ]
    )
    return pl.concat([parsed.findings, found.join(parsed.findings, on=["line", "heading"], how="anti")])


def _refunds(parsed: ParsedOrders, rules: OrderRules) -> pl.DataFrame:
    """Read amounts; a refund of which no more than the amount is known counts from the day of the sale."""
    sold_at = parsed.orders.select("line", "sold_at")
    dated = parsed.refunds.join(sold_at, on="line", how="left", maintain_order="left")
    at = pl.when(pl.col("bare")).then(pl.coalesce("at", "sold_at")).otherwise("at")
    return dated.with_columns(
        at=pl.when(believable(at, rules.today)).then(at),
        amount_cents=as_cents(pl.col("amount"), rules.exponent),
        named_cents=as_cents(pl.col("named"), rules.exponent),
    ).drop("sold_at")


def _bare(refunds: pl.DataFrame, parsed: ParsedOrders, rules: OrderRules) -> pl.DataFrame:
    bare = refunds.filter(pl.col("bare") & (rules.bare_refunds == "reject"))
    named = bare.join(parsed.orders.select("line", "order_id"), on="line", how="left")
    return findings_of(named, "refund", "ORDER_REFUND_MISSING", parsed.headings)


def _mismatches(missed: pl.DataFrame, parsed: ParsedOrders, exponent: int) -> pl.DataFrame:
    stated = parsed.orders.select("line", "total", "total_tax")
    named = missed.join(stated, on="line", how="left", maintain_order="left")
    of_total = pl.col("sum_cents") != pl.col("total_cents")
    sum_said, paid_said = plain_decimals(pl.col("sum_cents"), exponent), plain_decimals(pl.col("paid_cents"), exponent)
    told_paid = pl.format("the lines give {}, and gift cards or credit paid {}", sum_said, paid_said)
    hidden = pl.format("the lines give {}; if a gift card or credit paid the rest, the order does not say so", sum_said)
    gives = (
        pl.when(pl.col("paid_cents") > 0)
        .then(told_paid)
        .when(pl.col("sum_cents") > pl.col("total_cents"))
        .then(hidden)
        .otherwise(pl.format("the lines give {}", sum_said))
    )
    taxed = pl.format("the taxes of the lines give {}", plain_decimals(pl.col("sum_tax"), exponent))
    by_total = findings_of(named.filter(of_total), "total", "ORDER_TOTAL_MISMATCH", parsed.headings, detail=gives)
    by_tax = findings_of(named.filter(~of_total), "total_tax", "ORDER_TOTAL_MISMATCH", parsed.headings, detail=taxed)
    return pl.concat([by_total, by_tax])


def _without(heads: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    return heads.join(findings.select("line"), on="line", how="anti", maintain_order="left")


def _of(rows: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    return rows.join(accepted.select("line"), on="line", how="semi", maintain_order="left")


def _rows_in(parsed: ParsedOrders) -> int:
    """Count orders, and rows of which nobody knows the order."""
    return pl.concat([parsed.orders["line"], parsed.findings["line"]]).n_unique()


def _of_stock(unclear: int) -> tuple[Concern, ...]:
    says = f"{unclear:,} lines were put back in stock in part, and by which of their refunds cannot be told"
    return (Concern(code="ORDER_REFUND_STOCK", says=says),) if unclear else ()


def _accounted(
    accepted: pl.DataFrame,
    lines: pl.DataFrame,
    findings: pl.DataFrame,
    headings: Mapping[str, str],
    rows_in: int,
    concerns: tuple[Concern, ...],
    notes: tuple[str, ...],
) -> OrdersRead:
    """Put it in its final form, and fail loudly if an order was lost or counted twice.

    Raises:
        RuntimeError: The accounts do not add up.
    """
    taxed = accepted.drop("tax_cents").join(_taxes(lines), on="line", how="left", maintain_order="left")
    final = taxed.with_columns(pl.col("tax_cents").fill_null(0))
    orders = final.with_columns(content_sha256=content_sha256(final, lines))
    keyed = lines.join(orders.select("line", "order_key"), on="line", how="left", maintain_order="left")
    findings = pl.concat([findings, _judged(orders, keyed, headings)]).sort("line", maintain_order=True)
    orders, keyed = _without(orders, findings), _without(keyed, findings)
    rejected = findings["line"].n_unique()
    if rows_in != orders.height + rejected:
        raise RuntimeError(f"{rows_in} orders came in, {orders.height} accepted and {rejected} rejected")
    return OrdersRead(
        orders=orders.select(*_ORDER_COLUMNS),
        lines=_as_lines(keyed),
        findings=findings,
        rows=RowCounts(rows_in=rows_in, accepted=orders.height, rejected=rejected),
        totals=totals_of(orders),
        concerns=concerns,
        notes=notes,
    )


def _judged(orders: pl.DataFrame, keyed: pl.DataFrame, headings: Mapping[str, str]) -> pl.DataFrame:
    """Let the schemas judge orders and lines; what they find was let through by a reader."""
    of_orders = judge(Orders, orders.select(*_ORDER_COLUMNS))
    of_lines = judge(OrderLines, _as_lines(keyed), keyed["line"])
    return pl.concat([judged_findings(judged, orders, headings) for judged in (of_orders, of_lines)])


def _as_lines(keyed: pl.DataFrame) -> pl.DataFrame:
    return keyed.with_columns(line="item").select(*_LINE_COLUMNS)


def _taxes(lines: pl.DataFrame) -> pl.DataFrame:
    sold = lines.filter(pl.col("kind") != "refund")
    return sold.group_by("line").agg(pl.col("tax_cents").sum())


def totals_of(orders: pl.DataFrame) -> tuple[Total, ...]:
    """Count the closed orders and what they are worth, per currency."""
    closed = orders.filter(state="closed").group_by("currency").agg(pl.len(), pl.col("total_cents").sum())
    return tuple(Total(currency=unit, count=n, sum_cents=cents) for unit, n, cents in sorted(closed.iter_rows()))
