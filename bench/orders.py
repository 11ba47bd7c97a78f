"""The history of a web shop into the till: fetched from a fake of it on this machine, planned, written, proven.

The floor is the bare insert of the same rows into the same tables, constraints and all.
"""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import polars as pl
import sqlalchemy as sa
from prefect import flow

from bench.chain import measure_steps
from bench.measuring import Stage, measure_in_child, seconds_of, timed
from bench.place import workplace
from bench.tables import describe_machine, write_table
from bench.tills import open_databases
from infra.connectors.sql.tables import SALE_LINES, SALES, STOCK_LEVELS, STOCK_MOVEMENTS
from infra.context import ledger, target
from infra.databases.bulk import load_rows
from infra.databases.database import open_database, reading, writing
from infra.migrations.migrate import migrate
from infra.systems import open_systems
from tasks.chain.begin import current_run_id
from tests.fakes.woo_orders import a_line, an_order
from tests.fakes.woocommerce import Fake, woocommerce
from tests.tills import open_till

LINES, PRODUCTS, PLENTY = 3, 2_000, 10**6
PAGE = Path("docs/benchmarks-orders.md")
WRITTEN = (SALES, SALE_LINES, STOCK_LEVELS, STOCK_MOVEMENTS)
_NO_LIMIT = 10**9
_TOLD = """\
# Benchmarks of orders

`make bench-long` writes this page anew. {machine}

**What is measured.** The flow `orders` in mode `apply`, its own body with its steps in their order: {orders:,} orders
of {lines} lines each are fetched from a fake of WooCommerce on this machine (its answers are made beforehand, so that
it answers at full speed), checked, matched by SKU with {products:,} products, planned, written, read back and proven.
The store, the ledger and the target are real. Every run is checked: each order must have been created, and each level
be the sum of its movements.

**The floor.** The bare insert of the very same rows (sales, their lines, levels and movements) into the same tables
with the same constraints: COPY, or executemany into SQLite. It reads, checks and keeps nothing.
"""


def shop(orders: int) -> Fake:
    """Make the shop, with every answer ready."""
    fake = Fake()
    fake.shop.put(*(an_order(n, *_lines(n)) for n in range(1, orders + 1)))
    for order_id in fake.shop.orders:
        fake.shop._bytes(order_id, 2)  # to be ready is its own business, and not what is measured
    return fake


def _lines(number: int) -> Iterator[Any]:
    for place in range(LINES):
        product = (number * LINES + place) * 7_919 % PRODUCTS + 1
        yield a_line(number * LINES + place, product, f"SKU-{product}", quantity=1 + place)


@open_systems()
def run_chain(orders: int) -> list[Stage]:
    """Import the whole history into the target of this process's settings, and return the stages.

    Raises:
        RuntimeError: It did not come in whole; then its times mean nothing.
    """
    importlib.import_module("pandas")
    ledger()
    till: Any = target("sql")
    stages: list[Stage] = []
    for module in ("flows.orders", "tasks.orders.sales"):
        measure_steps(importlib.import_module(module), stages)
    entry = ledger().get_run(_import())
    if entry.report is None or entry.report.changes.created != orders or till.uneven_levels().height:
        raise RuntimeError(f"The run went wrong: {entry.outcome}, {entry.says}")
    return stages


@flow(name="benchmark")
def _import() -> str:
    body: Any = importlib.import_module("flows.orders").import_orders
    body.fn(mode="apply", max_changed_rows=_NO_LIMIT, max_changed_percent=100, max_added=_NO_LIMIT)
    return current_run_id()


def run_floor(full: str, empty: str) -> list[Stage]:
    """Insert what the till at *full* holds into the one at *empty*, where products and places are already."""
    rows = {}
    with reading(open_database(full)) as connection:
        for table in WRITTEN:
            names = [column.name for column in table.c if not isinstance(column.type, sa.DateTime)]
            result = connection.execute(sa.select(*(table.c[name] for name in names))).all()
            rows[table] = pl.DataFrame(list(map(tuple, result)), schema=names, orient="row", infer_schema_length=None)
    stages: list[Stage] = []
    with writing(open_database(empty)) as connection:
        for table in (STOCK_MOVEMENTS, STOCK_LEVELS):
            connection.execute(sa.delete(table))
        with timed(stages, "insert"):
            for table, values in rows.items():
                load_rows(connection, table, values)
    return stages


@contextmanager
def tills(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield two tills, each with its products and plenty of everything."""
    with open_databases(kind, folder, "till_full", "till_bare") as (full, bare):
        yield _opened(full), _opened(bare)


def _opened(url: str) -> str:
    engine = open_database(url)
    migrate(engine, "target")
    open_till(url, {f"SKU-{n}": float(PLENTY) for n in range(1, PRODUCTS + 1)})
    engine.dispose()
    return url


def measure(kind: str, orders: int, fake: Fake, folder: Path, services: Mapping[str, str]) -> list[list[str]]:
    """Measure chain and floor on one database system."""
    own = {"WOO_URL": fake.url, "WOO_KEY": fake.keys.key, "WOO_SECRET": fake.keys.secret}
    place = folder / kind
    place.mkdir()
    place.chmod(0o755)
    with tills(kind, place) as (full, empty):
        settings = {"TARGET_URL": full, "LEDGER_URL": f"sqlite:///{place}/ledger.sqlite", **own}
        environment = dict(services) | {f"COUNTERFOIL_{name}": value for name, value in settings.items()}
        chain = measure_in_child(environment, run_chain, orders)
        floor = measure_in_child({}, run_floor, full, empty)
    return _rows(kind, orders, chain, seconds_of(floor))


def _rows(kind: str, orders: int, chain: list[Stage], floor: float) -> list[list[str]]:
    told = [*((stage.name.replace("_", " "), stage.seconds) for stage in chain), ("**chain**", seconds_of(chain))]
    rows = [
        [kind, name, f"{seconds:.1f} s", f"{seconds / orders * 1e6:.0f} µs", f"{seconds / floor:.1f}"]
        for name, seconds in [("floor: bare inserts", floor), *told]
    ]
    peak = max(stage.peak_bytes for stage in chain) / 2**30
    return [*rows, [kind, "peak memory of the chain", f"{peak:.2f} GB", "", ""]]


@click.command()
@click.option("--orders", default=100_000)
@click.option("--targets", default="sqlite,postgresql")
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False))
def bench(orders: int, targets: str, output: Path) -> None:
    """Measure the import of orders beside its floor."""
    rows = []
    with workplace() as (folder, services), woocommerce(shop(orders)) as fake:
        for kind in targets.split(","):
            click.echo(f"{orders:,} orders, {kind}", err=True)
            rows += measure(kind, orders, fake, folder, services)
    heads = ["target", "stage", "time", "per order", "× floor"]
    told = _TOLD.format(
        machine=describe_machine("polars", "sqlalchemy", "psycopg"), orders=orders, lines=LINES, products=PRODUCTS
    )
    output.write_text(f"{told}\n{write_table(heads, rows)}")
    click.echo(output.read_text())
