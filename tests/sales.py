"""Sales for tests, as people would sketch them: ``closed 2xmug -1xcap`` sold two mugs and took a cap back.

A sale is its state, ``neutral`` if history is to leave the stock alone, and its lines, ``<quantity>x<product>``.
A ``?`` behind a line says that it moves no stock; a product ``-`` is none of the till's.
"""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.orders.records import SALES, Sales
from tests.tables import frame

NOTHING = dict.fromkeys(SALES.columns)
_COLUMNS = Sales.to_schema().columns
SCHEMA = pl.Schema({name: _COLUMNS[name].dtype.type for name in (SALES.key, *SALES.columns)})
PRICE_CENTS = 100
PRODUCTS = ("mug", "cap", "tea", "-")


def sale(drawn: str | None) -> Mapping[str, Any]:
    """Return the columns of a sale; those of none are null."""
    if drawn is None:
        return NOTHING
    state, *rest = drawn.split()
    lines = [_line(place, each) for place, each in enumerate((each for each in rest if "x" in each), start=1)]
    total = sum(line["net_cents"] for line in lines)
    return {
        "state": state,
        "sold_at": "2024-03-09T14:02:11Z",
        "number": "1042",
        "register_id": "till-1",
        "outlet_id": "web" if "@web" in rest else "main",
        "customer_id": "",
        "currency": "EUR",
        "total_cents": total,
        "tax_cents": 0,
        "refunded_cents": 0,
        "stock": "neutral" if "neutral" in rest else "deduct",
        "content_sha256": "",
        "written_sha256": "",
        "lines": json.dumps(lines, sort_keys=True, separators=(",", ":")),
    }


def _line(place: int, drawn: str) -> dict[str, Any]:
    quantity, _, product = drawn.removesuffix("?").partition("x")
    milli = round(float(quantity) * 1000)
    return {
        "line": str(place),
        "kind": "item" if milli > 0 else "refund",
        "product_id": "" if product == "-" else product,
        "sku": product.upper(),
        "name": product.title(),
        "quantity_milli": milli,
        "net_cents": milli * PRICE_CENTS // 1000,
        "tax_cents": 0,
        "moves": not drawn.endswith("?"),
        "at": "",
    }


def sales(drawn: Mapping[str, str]) -> pl.DataFrame:
    """Return the sales of a till, by their keys."""
    rows = [{"order_key": key, **sale(each)} for key, each in drawn.items()]
    return pl.DataFrame(rows, schema=SCHEMA).sort("order_key")


def changes(drawn: str) -> pl.DataFrame:
    """Read changes drawn as ``kind | order_key | before | after``."""
    table = frame(drawn, dict.fromkeys(("kind", "order_key", "before", "after"), pl.String))
    return as_changes(list(table.iter_rows()))


def as_changes(rows: list[tuple[str, str, str | None, str | None]]) -> pl.DataFrame:
    """Make a ChangeSet of ``kind, order_key, before, after``."""
    spread = [
        {"line": None, "kind": kind, "code": "", "order_key": key}
        | {f"{name}_before": value for name, value in sale(before).items()}
        | {f"{name}_after": value for name, value in sale(after).items()}
        | {"operation_id": None, "operation": None, "detail": ""}
        for kind, key, before, after in rows
    ]
    pairs = {f"{name}_{side}": SCHEMA[name] for name in SALES.columns for side in ("before", "after")}
    leading = {"line": pl.UInt32, "kind": pl.String, "code": pl.String, "order_key": pl.String}
    trailing = {"operation_id": pl.String, "operation": pl.String, "detail": pl.String}
    return pl.DataFrame(spread, schema={**leading, **pairs, **trailing}, orient="row")


quantities = st.sampled_from(["1", "2", "0.5", "-1", "3"])
drawn_lines = st.builds("{}x{}{}".format, quantities, st.sampled_from(PRODUCTS), st.sampled_from(["", "", "", "?"]))
drawn_sales = st.builds(
    lambda state, stock, outlet, lines: " ".join([state, stock, outlet, *lines]),
    st.sampled_from(["closed", "closed", "closed", "parked", "voided"]),
    st.sampled_from(["deduct", "deduct", "neutral"]),
    st.sampled_from(["@main", "@web"]),
    st.lists(drawn_lines, max_size=4),
)
"""Any sale."""


def read_lines(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a sale."""
    return list(json.loads(row["lines"]))
