"""Whether refunds can be: what came back is compared with what was sold, in pieces and in money.

A refund that gives back what was never sold is rejected with its order. One that is only odd, such as more money
for a line than it cost, is booked as the shop says it, and a person is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.tables import FINDINGS_SCHEMA, Concern
from tasks.core.orders.findings import findings_of
from tasks.core.wording.money import plain_decimals

_BY = ["line", "refund"]
_GROSS = pl.col("net_cents") + pl.col("tax_cents")


@dataclass(frozen=True, kw_only=True)
class Refunded:
    """Orders as read (``heads``), what was ``sold`` of them and what was ``returned`` (lines as read, ``refund`` and
    ``of_item`` beside the latter), and their ``refunds`` (``amount_cents, named_cents``).

    ``exponent`` and ``rounded_to`` are of the shop (OrderRules).
    """

    heads: pl.DataFrame
    sold: pl.DataFrame
    returned: pl.DataFrame
    refunds: pl.DataFrame
    exponent: int
    rounded_to: int


def refund_mismatches(of: Refunded, headings: Mapping[str, str]) -> pl.DataFrame:
    """Name orders whose refunds cannot be what was given back."""
    missing = _missing(of, headings)
    if of.refunds.is_empty():
        return missing
    return pl.concat([missing, _too_much(of, headings), _lines_above(of), _renamed(of), _pieces(of)])


def refund_concerns(of: Refunded, accepted: pl.DataFrame) -> tuple[Concern, ...]:
    """Say of how many *accepted* orders the refunds are odd: more for a line than it cost, or for nothing named."""
    dear = _dear_lines(of).join(accepted, on="line", how="semi")["line"].n_unique()
    rest = _rests(of).join(accepted, on="line", how="semi")["line"].n_unique()
    says = (
        (dear, f"{dear:,} orders gave back more for a line than it was sold for; booked as the shop says"),
        (
            rest,
            f"{rest:,} orders gave back more than the lines of their refunds say; the rest is booked without product",
        ),
    )
    return tuple(Concern(code="ORDER_REFUND_ODD", says=text) for count, text in says if count)


def _missing(of: Refunded, headings: Mapping[str, str]) -> pl.DataFrame:
    """Name orders that are said to be refunded, and are not: the shop makes a refund of all that is left."""
    left = pl.col("due_cents") - pl.col("refunded_cents")
    some = of.heads.filter(pl.col("status") == "refunded", pl.col("state") != "voided", left >= of.rounded_to)
    detail = pl.format(
        "{} of {} was refunded",
        plain_decimals(pl.col("refunded_cents"), of.exponent),
        plain_decimals(pl.col("due_cents"), of.exponent),
    )
    return findings_of(some, "status", "ORDER_REFUND_MISSING", headings, detail=detail)


def _too_much(of: Refunded, headings: Mapping[str, str]) -> pl.DataFrame:
    some = of.heads.filter(pl.col("refunded_cents") - pl.col("total_cents") >= of.rounded_to)
    detail = pl.format("{} was refunded", plain_decimals(pl.col("refunded_cents"), of.exponent))
    value = some.with_columns(total=plain_decimals(pl.col("total_cents"), of.exponent))
    return findings_of(value, "total", "ORDER_REFUND_MISMATCH", headings, detail=detail)


def _sums(of: Refunded) -> pl.DataFrame:
    """Add up the lines of each refund, beside it."""
    added = of.returned.group_by(_BY).agg(lines_cents=-_GROSS.sum(), count=pl.len().cast(pl.Int64))
    joined = of.refunds.join(added, on=_BY, how="inner", maintain_order="left")
    return joined.join(of.heads.select("line", "order_id"), on="line", how="left", maintain_order="left")


def _lines_above(of: Refunded) -> pl.DataFrame:
    """Name refunds whose lines give back more than the refund, or take something: beyond a cent a line."""
    above = pl.col("lines_cents") - pl.col("amount_cents") > pl.col("count") + of.rounded_to - 1
    detail = pl.format("its lines give back {}", plain_decimals(pl.col("lines_cents"), of.exponent))
    wrong = _sums(of).filter(above | (pl.col("lines_cents") < -pl.col("count")))
    return _of_refund(wrong, "amount", detail)


def _renamed(of: Refunded) -> pl.DataFrame:
    """Name refunds of which the order itself says another amount than their own answer."""
    joined = of.refunds.join(of.heads.select("line", "order_id"), on="line", how="left", maintain_order="left")
    differ = joined.filter(pl.col("named_cents") != pl.col("amount_cents"))
    detail = pl.format("the order says {}", plain_decimals(pl.col("named_cents"), of.exponent))
    return _of_refund(differ, "amount", detail)


def _of_refund(wrong: pl.DataFrame, column: str, detail: pl.Expr) -> pl.DataFrame:
    named = wrong.with_columns(item=pl.format("refund {}", "refund"))
    return findings_of(named, column, "ORDER_REFUND_MISMATCH", {}, detail=detail)


def _pieces(of: Refunded) -> pl.DataFrame:
    """Name goods of which more pieces came back than were sold: of one line, and of one product in all lines."""
    sold = of.sold.with_columns(_product())
    known = sold.select("line", of_item="item", product_sold="product").unique(["line", "of_item"])
    joined = of.returned.with_columns(_product()).join(known, on=["line", "of_item"], how="left")
    returned = joined.with_columns(product=pl.coalesce("product_sold", "product"))
    by_line = _more(sold, returned.filter(pl.col("of_item").is_not_null()).with_columns(item="of_item"), "item")
    by_product = _more(sold, returned, "product")
    both = pl.concat([by_line, by_product.join(by_line, on="line", how="anti")])
    named = both.join(of.heads.select("line", "order_id"), on="line", how="left", maintain_order="left")
    detail = pl.format("{} came back of {} sold", _counted("back"), _counted("sold"))
    quantity = named.with_columns(quantity=_counted("back"), item=pl.format("refund of {}", "name"))
    if not quantity.height:
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    return findings_of(quantity, "quantity", "ORDER_REFUND_MISMATCH", {}, detail=detail)


def _product() -> pl.Expr:
    """Name a product as its lines do: by the shop's ids, else by SKU, else by name."""
    known = ~pl.col("source_product_id").is_in(["", "0"]) | (pl.col("source_variation_id") != "")
    ids = pl.concat_str("source_product_id", "source_variation_id", separator="/")
    other = pl.when(pl.col("sku") != "").then("sku").otherwise("name")
    return pl.when(known).then(ids).otherwise(other).alias("product")


def _more(sold: pl.DataFrame, returned: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return ``line, name, back, sold`` where more came back than was sold."""
    amount = pl.col("quantity_milli").sum()
    there = sold.filter(kind="item").group_by("line", by).agg(sold=amount)
    came = returned.filter(pl.col("quantity_milli") < 0).group_by("line", by, maintain_order=True)
    joined = came.agg(pl.col("name").first(), back=-amount).join(there, on=["line", by], how="left")
    some = joined.with_columns(pl.col("sold").fill_null(0)).filter(pl.col("back") > pl.col("sold"))
    return some.select("line", "name", "back", "sold").unique("line", keep="first", maintain_order=True)


def _counted(milli: str) -> pl.Expr:
    return (pl.col(milli) / 1000).cast(pl.String).str.strip_suffix(".0")


def _dear_lines(of: Refunded) -> pl.DataFrame:
    """Return lines for which more money, or more tax, came back than they were sold for."""
    money = (pl.col("net_cents", "tax_cents").sum().abs(), pl.len().cast(pl.Int64).alias("count"))
    back = of.returned.filter(pl.col("of_item").is_not_null()).group_by("line", item="of_item").agg(*money)
    there = of.sold.group_by("line", "item").agg(pl.col("net_cents", "tax_cents").sum().abs().name.suffix("_sold"))
    joined = back.join(there, on=["line", "item"], how="inner")
    gross = pl.col("net_cents") + pl.col("tax_cents") - pl.col("net_cents_sold") - pl.col("tax_cents_sold")
    tax = pl.col("tax_cents") - pl.col("tax_cents_sold")
    return joined.filter((gross > pl.col("count")) | (tax > pl.col("count")))


def _rests(of: Refunded) -> pl.DataFrame:
    """Return refunds whose lines say less than what was given back."""
    return _sums(of).filter(pl.col("amount_cents") - pl.col("lines_cents") > pl.col("count") + of.rounded_to - 1)
