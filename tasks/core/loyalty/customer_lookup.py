"""Whom a failure is about where the report tells a name and a link, and no number: found, or left to be looked up.

A link's id is the customer's number at Astro, and so, as far as we know, the till's; unless the till has somebody else
under it. Without one, a name that one customer has, or one with a fitting sale of that day, tells who it was. Anything
else is nobody: a stranger's cards must not decide about a failure.
"""

from dataclasses import dataclass

import polars as pl

from tasks.core.loyalty.reasons import folded
from tasks.core.wording.words import are, counted

REGISTER = pl.Schema({"customer_id": pl.String, "name": pl.String})
"""Customers of the till, by the number or the name that failures tell."""

_NAMED = r"(?i)[?&](?:astro_?)?(?:customer|pet_?owner|owner|client)_?id=([1-9][0-9]{0,17})(?:[&#]|$)"
_BARE = r"(?i)[?&]id=([1-9][0-9]{0,17})(?:[&#]|$)"
_PLACED = r"/([1-9][0-9]{0,17})/?(?:[?#].*)?$"
_AT = "at"


@dataclass(frozen=True, kw_only=True)
class IdentifiedCustomers:
    """``failures`` with the numbers that could be told; ``says`` counts how, and names nobody."""

    failures: pl.DataFrame
    says: tuple[str, ...]


def linked_id(link: pl.Expr) -> pl.Expr:
    """Return the customer's number that a link names, null where it names none."""
    return pl.coalesce(link.str.extract(pattern) for pattern in (_NAMED, _BARE, _PLACED))


def register_name(name: pl.Expr) -> pl.Expr:
    """Write a name as the register would: ``Demo, John`` is John Demo."""
    return folded(name.str.replace(r"^([^,]+),\s*([^,]+)$", "${2} ${1}"))


def identify(failures: pl.DataFrame, register: pl.DataFrame, sales: pl.DataFrame) -> IdentifiedCustomers:
    """Put numbers to the failures that have none.

    *register* (REGISTER) are the customers of those names and numbers, *sales* (SALES) what they bought on those days.
    """
    rows = failures.with_row_index(_AT).filter(customer_id="")
    asked = rows.select(_AT, "section", "occurred_on", "upc", linked=linked_id(pl.col("customer_link")))
    asked = asked.with_columns(rows.select(name=register_name(pl.col("customer_name"))))
    there = register.with_columns(name=register_name(pl.col("name")))
    linked = _by_link(asked, there)
    others = asked.join(linked, on=_AT, how="anti").filter(pl.col("name") != "")
    namesakes = others.join(there, on="name")
    alone = namesakes.filter(pl.col("customer_id").n_unique().over(_AT) == 1).select(_AT, "customer_id").unique()
    several = namesakes.join(alone, on=_AT, how="anti")
    sold = _by_sale(several, sales)
    found = pl.concat([each.select(_AT, found="customer_id") for each in (linked, alone, sold)])
    joined = failures.with_row_index(_AT).join(found, on=_AT, how="left", maintain_order="left")
    identified = joined.with_columns(customer_id=pl.coalesce("found", "customer_id")).select(failures.columns)
    unclear = several[_AT].n_unique() - sold.height
    return IdentifiedCustomers(failures=identified, says=_says(linked.height, alone.height + sold.height, unclear))


def _by_link(asked: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Take the id of a link, unless the till knows that number by another name."""
    known = register.select(linked="customer_id", theirs="name").unique("linked")
    joined = asked.filter(pl.col("linked").is_not_null()).join(known, on="linked", how="left", maintain_order="left")
    stranger = (pl.col("theirs") != pl.col("name")) & (pl.col("name") != "")
    return joined.filter(~stranger.fill_null(value=False)).select(_AT, customer_id="linked")


def _by_sale(several: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Of people of one name take the only one who bought that day; of a transaction, that item."""
    days = sales.select("customer_id", "upc", occurred_on="sold_on").unique()
    bought = several.join(days, on=["customer_id", "occurred_on"], suffix="_sold")
    fits = bought.filter((pl.col("section") == "redemption") | (pl.col("upc") == pl.col("upc_sold")))
    one = fits.select(_AT, "customer_id").unique().filter(pl.len().over(_AT) == 1)
    return one.sort(_AT)


def _says(linked: int, named: int, unclear: int) -> tuple[str, ...]:
    notes = [
        (linked, f"{counted(linked, 'customer')} {are(linked)} known by the link of their name"),
        (named, f"{counted(named, 'customer')} {are(named)} known by name and sale: the report tells no number"),
        (unclear, f"{counted(unclear, 'failure')} {are(unclear)} to be looked up: several customers have that name"),
    ]
    return tuple(says for count, says in notes if count)
