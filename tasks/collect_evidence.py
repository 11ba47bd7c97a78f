"""Ask Astro and the till about the customers and items of failures: each once a run, a few at a time.

What was said is kept beside the evidence that is drawn from it. Without access to Astro the till has to do,
and the other way round; what nobody was asked stays unknown.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import polars as pl
import sqlalchemy as sa

from infra.artifacts import load_bytes, load_frame, save_frame, save_json
from infra.connectors.astro_witness import Heard, ask_about_customer, ask_about_items
from infra.database import open_database
from infra.settings import settings
from infra.targets import astro_api, target
from infra.till_records import read_contacts, read_prices, read_sales, sold_days
from schemas.records import Artifact, Run
from schemas.sweeps import SoldTo
from schemas.witnesses import ITEMS, PRICES, SALES, Witnesses
from tasks.core.witnessing.evidence import draw_evidence, taken_for_free
from tasks.core.witnessing.sale_files import Sold, beside_till
from tasks.core.witnessing.sales import item_codes, lines_of_sales
from tasks.progress import show_progress
from tasks.step import patient_step, step

AT_ONCE = 40
"""Customers of one step: at two requests a second about a minute."""


def collect_evidence(run: Run, failures: Artifact, told: Artifact, most: int) -> Artifact:
    """Ask about *failures* (FailureStates), at most so many customers, those first whose time is up first.

    *told* are the lines of sales in files (TOLD_SALES).
    """
    sold = ask_till(run, failures, told)
    sales = sold.lines
    items = ask_about_upcs(run, failures)
    customers = _customers(load_frame(failures), most) if settings().astro_user else []
    moved = show_progress(run.run_id, len(customers), "Customers looked up")
    heard = []
    for start in range(0, len(customers), AT_ONCE):
        heard.append(ask_about(run, failures, sales, start, customers[start : start + AT_ONCE]))
        moved(min(start + AT_ONCE, len(customers)))
    return draw(run, failures, sold, items, heard)


@step
def ask_till(run: Run, failures: Artifact, told: Artifact) -> SoldTo:
    """Look up what the customers of failures bought on those days, and of which days that is known."""
    rows = load_frame(failures)
    sold = beside_till(_sold(rows), load_frame(told), rows)
    return SoldTo(
        lines=save_frame(run.run_id, "sales.parquet", sold.lines),
        days=save_frame(run.run_id, "sold-days.parquet", sold.days.alias("day").to_frame()),
    )


def _sold(failures: pl.DataFrame) -> Sold:
    if failures.is_empty():
        return Sold(lines=SALES.to_frame(), days=pl.Series([], dtype=pl.Date))
    engine, first, last = _till(), *_days(failures)
    found = read_sales(engine, failures["customer_id"], first, last)
    return Sold(lines=lines_of_sales(found, zone=settings().time_zone), days=sold_days(engine, first, last))


@patient_step
def ask_about_upcs(run: Run, failures: Artifact) -> Artifact:
    """Ask Astro in which programmes the items of failures are."""
    upcs = _upcs(load_frame(failures))
    found = ask_about_items(astro_api(), upcs) if settings().astro_user and upcs else ITEMS.to_frame()
    return save_frame(run.run_id, "items.parquet", found)


@patient_step
def ask_about(run: Run, failures: Artifact, sales: Artifact, start: int, customers: Sequence[str]) -> Artifact:
    """Ask Astro about a few customers, and whether what they took for free may be had."""
    taken = taken_for_free(load_frame(failures), load_frame(sales))
    api, heard = astro_api(), Heard()
    for customer_id in customers:
        upcs = taken.filter(customer_id=customer_id)["upc"].unique().sort().to_list()
        ask_about_customer(api, customer_id, heard, taken=upcs)
    return save_json(run.run_id, f"heard-{start + 1}.json", asdict(heard))


@step
def draw(run: Run, failures: Artifact, sold: SoldTo, items: Artifact, heard: Sequence[Artifact]) -> Artifact:
    """Draw evidence from everything that was said."""
    rows = load_frame(failures)
    told, sales = _all_heard(heard), load_frame(sold.lines)
    asked = settings().astro_user
    witnesses = Witnesses(
        owners=_with_contacts(told.pop("owners")),
        **told,
        items=load_frame(items),
        sales=sales,
        prices=_prices(told["rewards"], sales),
        asked_items=pl.Series(_upcs(rows) if asked else [], dtype=pl.String),
        sold_days=load_frame(sold.days)["day"],
    )
    return save_frame(run.run_id, "evidence.parquet", draw_evidence(rows, witnesses))


def _all_heard(heard: Sequence[Artifact]) -> dict[str, pl.DataFrame]:
    whole = Heard()
    for artifact in heard:
        for name, rows in json.loads(load_bytes(artifact)).items():
            getattr(whole, name).extend(rows)
    for row in whole.cards:  # JSON knows no days
        row["purchased_on"] = date.fromisoformat(row["purchased_on"]) if row["purchased_on"] else None
    return whole.frames()


def _with_contacts(owners: pl.DataFrame) -> pl.DataFrame:
    """Say whether our own register has contact data for those for whom Astro has none."""
    known = read_contacts(_till(), owners["customer_id"])
    at_hand = known.select("customer_id", here=(pl.col("email") != "") | (pl.col("address") != ""))
    joined = owners.join(at_hand, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(at_hand=pl.col("here").fill_null(value=False)).drop("here")


def _prices(rewards: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Look up what the items cost that can be had, or were taken, for free."""
    upcs = pl.concat([rewards["upc"], sales["upc"]]).unique()
    found = read_prices(_till(), upcs).with_columns(upc=item_codes(pl.col("sku")))
    return found.select("upc", "price_cents").cast(PRICES).unique("upc", keep="first", maintain_order=True)


def _customers(failures: pl.DataFrame, most: int) -> list[str]:
    """List the customers to ask about: redemptions first, then by how little time is left."""
    named = failures.filter(pl.col("customer_id") != "").sort("section", "expires_at")
    return named["customer_id"].unique(maintain_order=True).head(most).to_list()


def _upcs(failures: pl.DataFrame) -> list[str]:
    coded = failures.filter((pl.col("section") == "transaction") & (pl.col("upc") != ""))
    return coded["upc"].unique().sort().to_list()


def _days(failures: pl.DataFrame) -> tuple[date, date]:
    days = failures["occurred_on"]
    return days.min(), days.max()  # type: ignore[return-value]  # there is one


def _till() -> sa.Engine:
    target("sql")  # its tables are made, should this be the first time
    return open_database(settings().target)
