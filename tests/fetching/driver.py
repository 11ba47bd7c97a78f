"""What the children of these tests do: fetch orders in a run, and say what was fetched; or die at some moment."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import polars as pl

from infra.clock import now
from infra.context import ledger
from infra.systems import open_systems
from schemas.orders.pages import Fetched, OrdersAsked
from schemas.problems import Problem
from tasks.core.orders.answers import read_answers
from tasks.core.orders.rules import OrderRules
from tasks.orders.fetch import fetch_orders, load_pages
from tests.crash.boundaries import Boundaries
from tests.without_prefect_engine import remove_prefect_artifacts, run_id_of


def fetch_once(asked: dict[str, Any], passed: str, fatal: int | None) -> None:
    """Fetch, print what came as one line of JSON, or the problem, whose exit code is the process's."""
    remove_prefect_artifacts()
    os.environ["PREFECT__RUNTIME__FLOW_RUN__ID"] = os.environ["FLOW_RUN_ID"]
    with Boundaries(Path(passed), fatal).watching():
        _fetch(asked)


@open_systems()
def _fetch(asked: dict[str, Any]) -> None:
    run = ledger().start_run(
        run_id=run_id_of(os.environ["FLOW_RUN_ID"]),
        domain="orders",
        flow="import-orders",
        mode="preview",
        target="sql",
        source="woocommerce",
        options={},
        submitted_by="",
        now=now(),
    )
    try:
        fetched = fetch_orders.fn(
            run, OrdersAsked(**{k: tuple(v) if isinstance(v, list) else v for k, v in asked.items()})
        )
    except Problem as problem:
        sys.stderr.write(str(problem))
        sys.exit(problem.exit_code)
    sys.stdout.write(json.dumps(described(fetched), default=str))


def described(fetched: Fetched) -> dict[str, Any]:
    """Say what was fetched."""
    rules = OrderRules(time_zone="Europe/Paris")
    read = read_answers([*load_pages(fetched, "orders")], [*load_pages(fetched, "refunds")], rules)
    orders = dict(read.orders.select("line", "order_id").iter_rows())
    refunds = read.refunds.filter(~pl.col("bare")).sort("refund").select("line", "refund").iter_rows()
    return {
        "ids": sorted(int(order_id) for order_id in orders.values()),
        "statuses": dict(read.orders.select("order_id", "status").iter_rows()),
        "refunds": [[orders[line], refund] for line, refund in refunds],
        "orders": fetched.orders,
        "missing": fetched.missing,
        "up_to": fetched.up_to,
        "reading": fetched.reading,
    }
