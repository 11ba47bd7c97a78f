"""Ask Astro and the till about the customers and items of failures: each once a run, a few at a time.

What was said is kept beside the evidence that is drawn from it. Without access to Astro the till has to do,
and the other way round; what nobody was asked stays unknown.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain, islice

import polars as pl

from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces, put_piece
from infra.artifacts.run_files import (
    load_bytes,
    load_frame,
    load_parts,
    save_frame,
    save_json,
    save_parts,
    scan_frame,
)
from infra.connectors.astro.witnesses import CollectedReplies, ask_about_customer, ask_about_items
from infra.connectors.sql.till_records import read_contacts, read_prices, read_sales, sold_days
from infra.context import settings
from infra.parallel import on_all_cores
from infra.targets import astro_api, till_database
from schemas import file_names
from schemas.loyalty.steps import SoldTo
from schemas.loyalty.witnesses import ITEMS, PRICES, Witnesses
from schemas.records import Artifact, Run
from tasks.chain.progress import show_progress
from tasks.chain.step import long_retrying_step, step
from tasks.core.loyalty.evidence.assembly import assemble_evidence, taken_for_free
from tasks.core.loyalty.evidence.items import newest, sold_items
from tasks.core.loyalty.evidence.sale_files import Sold, unrecorded_sales
from tasks.core.loyalty.evidence.sales import lines_of_sales
from tasks.core.loyalty.item_codes import item_codes

_NEVER = date(1970, 1, 1)
AT_ONCE = 40
"""Customers of one step: at two requests a second about a minute."""


def collect_evidence(run: Run, failures: Artifact, sales: Artifact, most: int) -> Artifact:
    """Ask about *failures* (FailureStates), at most so many customers, those first whose time is up first.

    *sales* are the lines of sales in files (PARSED_SALES).
    """
    customers = _customers(failures, most) if settings().astro_user else []
    sold = ask_till(run, failures, sales, customers)
    items = ask_about_upcs(run, failures)
    moved = show_progress(run.run_id, len(customers), "Customers looked up")
    replies = []
    for start in range(0, len(customers), AT_ONCE):
        replies.append(ask_about(run, sold.taken, start, customers[start : start + AT_ONCE]))
        moved(min(start + AT_ONCE, len(customers)))
    return assemble(run, failures, sold, items, replies)


@step
def ask_till(run: Run, failures: Artifact, sales: Artifact, customers: Sequence[str]) -> SoldTo:
    """Look up what the customers of failures bought on those days, and of which days that is known.

    What *customers*, who are to be asked about, took for free is told apart.
    """
    others = _sales_in_files(failures, load_frame(sales))
    items, taken = [], []

    def sold() -> Iterator[pl.DataFrame]:
        first, last = _days(failures)
        for rows in load_parts(failures):
            lines = pl.concat([_sold_by_till(rows, first, last), _to(rows, others.lines)])
            items.append(sold_items(lines))
            asked = rows.filter(pl.col("customer_id").is_in(customers))
            taken.append(taken_for_free(asked, lines).drop("failure_key"))
            yield lines

    return SoldTo(
        lines=save_parts(run.run_id, file_names.SALES, sold()),
        days=save_frame(run.run_id, file_names.SOLD_DAYS, others.days.alias("day").to_frame()),
        items=save_frame(run.run_id, file_names.SOLD_ITEMS, newest(items)),
        taken=save_frame(run.run_id, file_names.TAKEN_FOR_FREE, pl.concat(taken)),
    )


def _sales_in_files(failures: Artifact, sales: pl.DataFrame) -> Sold:
    """Return the sales and days that the till has not got, and all the days of which anybody knows."""
    first, last = _days(failures)
    return unrecorded_sales(sold_days(till_database(), first, last), sales, first, last)


def _sold_by_till(failures: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    found = read_sales(till_database(), failures["customer_id"], first, last)
    return lines_of_sales(found, zone=settings().time_zone)


def _to(failures: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    named = failures.filter(pl.col("customer_id") != "").select("customer_id").unique()
    return sales.join(named, on="customer_id", how="semi")


@long_retrying_step
def ask_about_upcs(run: Run, failures: Artifact) -> Artifact:
    """Ask Astro in which programmes the items of failures are."""
    upcs = _upcs(failures)
    found = ask_about_items(astro_api(), upcs) if settings().astro_user and upcs else ITEMS.to_frame()
    return save_frame(run.run_id, file_names.ITEMS, found)


@long_retrying_step
def ask_about(run: Run, free: Artifact, start: int, customers: Sequence[str]) -> Artifact:
    """Ask Astro about a few customers, and whether what they took for *free* may be had."""
    taken = load_frame(free)
    api, collected = astro_api(), CollectedReplies()
    for customer_id in customers:
        upcs = taken.filter(customer_id=customer_id)["upc"].unique().sort().to_list()
        ask_about_customer(api, customer_id, collected, taken=upcs)
    return save_json(run.run_id, file_names.one_of_several(file_names.HEARD, start + 1), asdict(collected))


@step
def assemble(run: Run, failures: Artifact, sold: SoldTo, items: Artifact, replies: Sequence[Artifact]) -> Artifact:
    """Draw evidence from everything that was said, in the parts of the failures."""
    collected, items_sold = _joined_replies(replies), load_frame(sold.items)
    asked = settings().astro_user
    owners = _with_contacts(collected.pop("owners"))
    heard = {
        "owners": owners,
        **collected,
        "items": load_frame(items),
        "sold_items": items_sold,
        "prices": _prices(collected["rewards"], items_sold),
        "asked_items": pl.Series("upc", _upcs(failures) if asked else [], pl.String).to_frame(),
        "sold_days": load_frame(sold.days).select("day"),
    }
    with passing_pieces(run.run_id):
        return save_parts(run.run_id, file_names.EVIDENCE, _drawn(run, failures, sold, heard))


@dataclass(frozen=True, kw_only=True)
class UndrawnPart:
    """Failures of some customers, what was sold to them, and all else that was *heard* of anybody (``Witnesses``)."""

    run_id: str
    failures: Piece
    sales: Piece
    heard: Mapping[str, Piece]


def _drawn(run: Run, failures: Artifact, sold: SoldTo, heard: Mapping[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
    left = {name: put_piece(run.run_id, rows) for name, rows in heard.items()}
    due = (
        UndrawnPart(
            run_id=run.run_id,
            failures=pass_piece(run.run_id, rows),
            sales=pass_piece(run.run_id, sales),
            heard=left,
        )
        for rows, sales in zip(load_parts(failures), load_parts(sold.lines), strict=True)
    )
    first = list(islice(due, 2))  # one part alone is drawn here
    return map(load_piece, on_all_cores(draw_part, chain(first, due), len(first)))


def draw_part(due: UndrawnPart) -> Piece:
    """Draw evidence about the failures of some customers."""
    heard = {name: load_piece(piece) for name, piece in due.heard.items()}
    asked, days = heard.pop("asked_items").to_series(), heard.pop("sold_days").to_series()
    witnesses = Witnesses(**heard, asked_items=asked, sold_days=days, sales=load_piece(due.sales))
    return pass_piece(due.run_id, assemble_evidence(load_piece(due.failures), witnesses))


def _joined_replies(replies: Sequence[Artifact]) -> dict[str, pl.DataFrame]:
    whole = CollectedReplies()
    for artifact in replies:
        for name, rows in json.loads(load_bytes(artifact)).items():
            getattr(whole, name).extend(rows)
    for row in whole.cards:  # JSON knows no days
        row["purchased_on"] = date.fromisoformat(row["purchased_on"]) if row["purchased_on"] else None
    return whole.frames()


def _with_contacts(owners: pl.DataFrame) -> pl.DataFrame:
    """Say whether our own register has contact data for those for whom Astro has none."""
    known = read_contacts(till_database(), owners["customer_id"])
    at_hand = known.select("customer_id", here=(pl.col("email") != "") | (pl.col("address") != ""))
    joined = owners.join(at_hand, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(at_hand=pl.col("here").fill_null(value=False)).drop("here")


def _prices(rewards: pl.DataFrame, sold: pl.DataFrame) -> pl.DataFrame:
    """Look up what the items cost that can be had, or were taken, for free."""
    upcs = pl.concat([rewards["upc"], sold["upc"]]).unique()
    found = read_prices(till_database(), upcs).with_columns(upc=item_codes(pl.col("sku")))
    return found.select("upc", "price_cents").cast(PRICES).unique("upc", keep="first", maintain_order=True)


def _customers(failures: Artifact, most: int) -> list[str]:
    """List the customers to ask about: redemptions first, then by how little time is left."""
    named = scan_frame(failures).filter(pl.col("customer_id") != "").select("section", "expires_at", "customer_id")
    first = named.unique().sort(pl.all()).unique("customer_id", keep="first", maintain_order=True)
    return first.head(most).collect()["customer_id"].to_list()


def _upcs(failures: Artifact) -> list[str]:
    coded = scan_frame(failures).filter((pl.col("section") == "transaction") & (pl.col("upc") != ""))
    return coded.select(pl.col("upc").unique().sort()).collect()["upc"].to_list()


def _days(failures: Artifact) -> tuple[date, date]:
    """Return the first and the last day that any failure is of; where there is none, days of no sale."""
    day = pl.col("occurred_on")
    return scan_frame(failures).select(day.min().fill_null(_NEVER), last=day.max().fill_null(_NEVER)).collect().row(0)
