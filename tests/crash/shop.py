"""A shop whose imports die at every moment: its till, its file, and what must be true afterwards."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from infra.connectors.sql.tables import BATCHES, OPERATIONS, TARGET
from infra.databases.database import reading, writing
from infra.ledger.tables import BATCHES as LEDGER_BATCHES
from infra.migrations.migrate import migrate
from infra.settings import Settings
from infra.storage import Storage, connect_storage
from tests.children import Ended, run_child, run_warm
from tests.crash.driver import run_once, sell, type_once
from tests.databases import open_database
from tests.without_prefect_engine import new_flow_run_id

Scenario = Literal["set", "top_up"]
FILE = "gift-cards/crash.csv"
EXISTING = [f"EXIST{n:02}" for n in range(1, 17)]
ROWS = (
    [f"{number},20.00" for number in EXISTING[:12]]
    + [f"{number},15.00" for number in EXISTING[12:]]
    + [f"NEW{n:02},10.00" for n in range(1, 22)]
    + ["NEW-30,10.00", "NEW31,1o", "NEW32,"]
)
CONTENT = "\n".join(["Number,Balance", *ROWS, ""]).encode()
CARDS = TARGET.tables["gift_cards"]
CUSTOMERS = TARGET.tables["customers"]
KILLED = -9

PEOPLE_FILE = "customers/crash.csv"
_PEOPLE = [f"First{n},Last{n},person{n}@example.se,Lund" for n in range(1, 31)]
PEOPLE_CONTENT = "\n".join(["Firstname,Lastname,E-mail,City", *_PEOPLE, "Bad,Row,bad@@example.se,Lund", ""]).encode()
PEOPLE_AT_FIRST = [
    {
        "first_name": f"First{n}",
        "last_name": f"Last{n}",
        "email": f"person{n}@example.se",
        "city": "Malmö" if n % 2 else "Lund",
    }
    for n in range(1, 13)
]


@dataclass(frozen=True, kw_only=True)
class Till:
    """What a target holds: cards with their balance, and additions with their state."""

    cards: dict[str, tuple[int, str]]
    additions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One shop of its own, and its runs."""

    environment: Mapping[str, str]
    folder: Path
    scenario: Scenario
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def ledger_url(self) -> str:
        return self.environment["COUNTERFOIL_LEDGER_URL"]

    @property
    def target_url(self) -> str:
        return self.environment["COUNTERFOIL_TARGET_URL"]

    def import_file(self, flow_run_id: str, fatal: int | None = None) -> Ended:
        """Run the import, maybe to its sudden end."""
        wanted = {"inbox_key": FILE, "mode": "apply", "existing_cards": self.scenario}
        return self._run("flows.gift_cards", flow_run_id, wanted, fatal)

    def import_people(self, flow_run_id: str, fatal: int | None = None) -> Ended:
        """Run the import of customers, maybe to its sudden end."""
        return self._run("flows.customers", flow_run_id, {"inbox_key": PEOPLE_FILE, "mode": "apply"}, fatal)

    def people(self) -> list[tuple[str, str]]:
        """Return address and town of everybody in the register."""
        with reading(open_database(self.target_url)) as connection:
            rows = connection.execute(sa.select(CUSTOMERS.c.email, CUSTOMERS.c.city))
            return sorted((email, city) for email, city in rows)

    def import_orders(self, file: str, flow_run_id: str, fatal: int | None = None) -> Ended:
        """Run the import of orders, maybe to its sudden end."""
        wanted = {"inbox_key": file, "mode": "apply", "on_missing_product": "create"}
        return self._run("flows.orders", flow_run_id, wanted, fatal)

    def sync_orders(self, flow_run_id: str, fatal: int | None = None, since: str = "2024-02-01") -> Ended:
        """Follow the web shop of the environment, maybe to a sudden end."""
        return self._run("flows.sync_orders", flow_run_id, {"mode": "apply", "since": since}, fatal)

    def type_import(self, fatal: int | None = None) -> Ended:
        """Run the import by the command line, through Prefect, maybe to its sudden end."""
        options = ["--mode", "apply", "--existing-cards", self.scenario]
        output = self.folder / f"run-{next(self.numbers)}"
        passed = str(output.with_suffix(".passed"))
        return run_child(type_once, self.environment, output, ["run", "gift-cards", FILE, *options], passed, fatal)

    def restore(self, run_id: str) -> Ended:
        """Undo a run."""
        return self._run("flows.restore", new_flow_run_id(), {"run_id": run_id, "mode": "apply"}, None)

    def _run(self, module: str, flow_run_id: str, parameters: dict[str, Any], fatal: int | None) -> Ended:
        output = self.folder / f"run-{next(self.numbers)}"
        environment = {**self.environment, "FLOW_RUN_ID": flow_run_id}
        passed = str(output.with_suffix(".passed"))
        run = run_warm if fatal is None else run_child
        return run(run_once, environment, output, module, parameters, passed, fatal)

    def moments(self, run: int = 0) -> list[str]:
        """Name the moments around writes that the first run of this case passed, or a later one."""
        return (self.folder / f"run-{run}.passed").read_text().splitlines()

    def sell(self) -> None:
        """See to it that the sale has happened: the customer does not care how the import goes."""
        sell(self.target_url)

    def till(self) -> Till:
        """Look at the till."""
        with reading(open_database(self.target_url)) as connection:
            cards = connection.execute(sa.select(CARDS.c.number, CARDS.c.balance_cents, CARDS.c.status)).all()
            additions = connection.execute(sa.select(OPERATIONS.c.operation_id, OPERATIONS.c.state)).all()
        return Till(
            cards={number: (cents, status) for number, cents, status in cards},
            additions={operation.partition(":")[2]: state for operation, state in additions},
        )

    def batches(self) -> tuple[set[Any], set[Any], set[Any]]:
        """Name the batches in the target's journal, and those begun and finished in the ledger."""
        journal = _names(self.target_url, BATCHES)
        begun = _names(self.ledger_url, LEDGER_BATCHES)
        finished = _names(self.ledger_url, LEDGER_BATCHES, LEDGER_BATCHES.c.state == "finished")
        return journal, begun, finished

    def discard(self) -> None:
        """Let go of the databases."""
        for url in (self.ledger_url, self.target_url):
            open_database(url).dispose()


def _names(url: str, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> set[Any]:
    query = sa.select(table.c.plan_id, table.c.number, table.c.run_id).where(*conditions)
    with reading(open_database(url)) as connection:
        return {tuple(row) for row in connection.execute(query)}


@dataclass(frozen=True, kw_only=True, eq=False)
class Shop:
    """Makes cases: ``copy`` copies the shop's two databases, as they are at first, and returns their URLs.

    *prefix* is how their names begin.
    """

    environment: Mapping[str, str]
    folder: Path
    copy: Callable[..., Mapping[str, str]]
    numbers: Iterator[int] = field(default_factory=itertools.count)
    prefix: str = "case"

    def case(self, scenario: Scenario) -> Case:
        name = f"{self.prefix}{next(self.numbers)}"
        urls = self.copy(name)
        own = {
            "COUNTERFOIL_LEDGER_URL": urls["ledger"],
            "COUNTERFOIL_TARGET_URL": urls["target"],
            "COUNTERFOIL_BATCH_ROWS": "10",
        }
        return Case(environment={**self.environment, **own}, folder=self.folder / name, scenario=scenario)


def fill(ledger_url: str, target_url: str) -> None:
    """Make the tables, and the till with its cards."""
    migrate(open_database(ledger_url), "ledger")
    migrate(open_database(target_url), "target")
    cards = [{"number": number, "currency": "EUR", "balance_cents": 1500, "status": "ACTIVE"} for number in EXISTING]
    with writing(open_database(target_url)) as connection:
        connection.execute(sa.insert(CARDS), cards)
        connection.execute(sa.insert(CUSTOMERS), PEOPLE_AT_FIRST)
    for url in (ledger_url, target_url):
        open_database(url).dispose()


def storage_of(environment: Mapping[str, str]) -> Storage:
    """Return the store that these variables point to."""
    fields = {
        name: environment[f"COUNTERFOIL_{name.upper()}"] for name in Settings.model_fields if _named(name, environment)
    }
    return connect_storage(Settings(**fields))


def drop_files(environment: Mapping[str, str]) -> None:
    """Put the files in the inbox."""
    storage = storage_of(environment)
    storage.put(f"inbox/{FILE}", CONTENT)
    storage.put(f"inbox/{PEOPLE_FILE}", PEOPLE_CONTENT)


def _named(name: str, environment: Mapping[str, str]) -> bool:
    return f"COUNTERFOIL_{name.upper()}" in environment
