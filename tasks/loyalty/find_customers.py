"""Find in the till whom failures are about that a report tells by name and link only."""

import polars as pl

from infra.connectors.sql.till_records import read_people, read_sales
from infra.context import ledger, settings
from infra.targets import till_database
from tasks.core.loyalty.customer_lookup import IdentifiedCustomers, identify, linked_id, register_name
from tasks.core.loyalty.evidence.sales import lines_of_sales


def find_customers(failures: pl.DataFrame) -> IdentifiedCustomers:
    """Put the till's numbers to failures that have none, as far as that can be told.

    A failure that is remembered keeps the customer under whom it is: a later look must not make another of it.
    """
    nameless = failures.filter(customer_id="")
    if nameless.is_empty():
        return IdentifiedCustomers(failures=failures, says=())
    remembered = ledger().failures.load(nameless["failure_key"]).states.select("failure_key", kept="customer_id")
    joined = failures.join(remembered, on="failure_key", how="left", maintain_order="left")
    known = joined.with_columns(customer_id=pl.coalesce("kept", "customer_id")).filter(pl.col("kept").is_not_null())
    identified = _identified(failures.join(remembered, on="failure_key", how="anti", maintain_order="left"))
    both = pl.concat([known.select(failures.columns), identified.failures])
    ordered = failures.select("failure_key").join(both, on="failure_key", how="left", maintain_order="left")
    return IdentifiedCustomers(failures=ordered.select(failures.columns), says=identified.says)


def _identified(failures: pl.DataFrame) -> IdentifiedCustomers:
    nameless = failures.filter(customer_id="")
    if nameless.is_empty():
        return IdentifiedCustomers(failures=failures, says=())
    till = till_database()
    asked = nameless.select(number=linked_id(pl.col("customer_link")), name=register_name(pl.col("customer_name")))
    register = read_people(till, asked["number"], asked["name"].filter(asked["name"] != ""))
    first, last = nameless.select(pl.col("occurred_on").min(), last=pl.col("occurred_on").max()).row(0)
    sales = read_sales(till, register["customer_id"], first, last)
    return identify(failures, register, lines_of_sales(sales, zone=settings().time_zone))
