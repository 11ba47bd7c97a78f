"""What the sql target knows of a few customers: their sales of some days, and their contact data.

Assumed: Astro's customerID is the customer's number in the till. What it all proves is decided elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.bulk import Selected, fetch_rows, staged
from infra.databases.database import reading

_SALES = TARGET.tables["sales"]
_PRODUCTS = TARGET.tables["products"]
_CUSTOMERS = TARGET.tables["customers"]
_COLUMNS = ("order_key", "sold_at", "customer_id", "lines")


def read_sales(engine: sa.Engine, customers: pl.Series, first: date, last: date) -> pl.DataFrame:
    """Return ``order_key, sold_at, customer_id, lines`` of closed sales to *customers*, a day around these too."""
    with _asked(engine, customers) as (connection, wanted):
        found = wanted.join(_SALES, sa.and_(_SALES.c.customer_id == wanted.c.wanted, *_in_days(first, last)))
        return fetch_rows(connection, [_SALES.c[name] for name in _COLUMNS], found, wanted)


def sold_days(engine: sa.Engine, first: date, last: date) -> pl.Series:
    """Return the days (UTC) on which anything was sold: of these the till can speak."""
    day = sa.func.substr(_SALES.c.sold_at, 1, 10)
    with reading(engine) as connection:
        days = connection.scalars(sa.select(day).where(*_in_days(first, last)).distinct()).all()
    return pl.Series([date.fromisoformat(each) for each in days], dtype=pl.Date)


def read_contacts(engine: sa.Engine, customers: pl.Series) -> pl.DataFrame:
    """Return ``customer_id, email, address, city, region, postcode`` of those whom the register has."""
    c = _CUSTOMERS.c
    street = sa.func.trim(c.street + " " + c.house_number + c.house_extension).label("address")
    key = sa.cast(c.customer_id, sa.Text)
    with _asked(engine, customers) as (connection, wanted):
        found = wanted.join(_CUSTOMERS, key == wanted.c.wanted)
        columns: list[Selected] = [key.label("customer_id"), c.email, street, c.city, c.region, c.postcode]
        return fetch_rows(connection, columns, found, wanted)


def read_people(engine: sa.Engine, numbers: pl.Series, names: pl.Series) -> pl.DataFrame:
    """Return ``customer_id, name`` of those in the register with one of these *numbers*, or of these *names*."""
    c = _CUSTOMERS.c
    key = sa.cast(c.customer_id, sa.Text)
    prefix = sa.case((c.name_prefix == "", ""), else_=c.name_prefix + " ")
    name = sa.func.trim(c.first_name + " " + prefix + c.last_name)
    columns: list[Selected] = [key.label("customer_id"), name.label("name")]
    with _asked(engine, numbers) as (connection, wanted):
        numbered = fetch_rows(connection, columns, wanted.join(_CUSTOMERS, key == wanted.c.wanted), wanted)
    with _asked(engine, names) as (connection, wanted):
        found = wanted.join(_CUSTOMERS, sa.func.lower(name) == sa.func.lower(wanted.c.wanted))
        named = fetch_rows(connection, columns, found, wanted)
    return pl.concat([numbered, named]).unique()


def read_prices(engine: sa.Engine, skus: pl.Series) -> pl.DataFrame:
    """Return ``sku, price_cents`` of products that are sold; a sku may be written with or without leading zeros."""
    asked = pl.concat([skus, skus.str.strip_chars_start("0")])
    with _asked(engine, asked) as (connection, wanted):
        found = wanted.join(_PRODUCTS, sa.and_(_PRODUCTS.c.sku == wanted.c.wanted, _PRODUCTS.c.active == "yes"))
        return fetch_rows(connection, [_PRODUCTS.c.sku, _PRODUCTS.c.price_cents], found, wanted)


@contextmanager
def _asked(engine: sa.Engine, customers: pl.Series) -> Iterator[tuple[sa.Connection, sa.Table]]:
    asked = pl.DataFrame({"wanted": customers.cast(pl.String).drop_nulls().unique()})
    with reading(engine) as connection, staged(connection, asked, "counterfoil_wanted") as wanted:
        yield connection, wanted


def _in_days(first: date, last: date) -> tuple[sa.ColumnElement[bool], ...]:
    early, late = (first - timedelta(days=1)).isoformat(), (last + timedelta(days=2)).isoformat()
    return (_SALES.c.state == "closed", _SALES.c.sold_at >= early, _SALES.c.sold_at < late)
