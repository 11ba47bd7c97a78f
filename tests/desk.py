"""A desk with a command line and a shop of its own: ledger, till and a folder with files."""

import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import reading, writing
from infra.ledger.tables import APPROVALS
from infra.settings import Settings
from infra.storage import Storage, connect_storage
from tests.children import Ended, run_child, run_warm
from tests.databases import open_database
from tests.without_prefect_engine import remove_prefect_engine

CARDS = TARGET.tables["gift_cards"]
CUSTOMERS = TARGET.tables["customers"]


def command(folder: str, arguments: list[str]) -> None:
    """Be the command line, without Prefect's engine: for the many commands whose subject it is not."""
    remove_prefect_engine()
    command_with_engine(folder, arguments)


def command_with_engine(folder: str, arguments: list[str]) -> None:
    """Be the command line."""
    os.chdir(folder)
    from cli.__main__ import counterfoil  # noqa: PLC0415 - children have it imported, their parent needs it not

    counterfoil(arguments, prog_name="counterfoil")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where commands are typed."""

    environment: Mapping[str, str]
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def type(
        self, *arguments: str, be: Callable[..., None] = command, alone: bool | None = None, **settings: str
    ) -> Ended:
        """Type a command, with some settings changed: *alone* in a process of its own, as all but plain ones are.

        One that starts workers is not plain: a process that serves others may have no children.
        """
        own = {f"COUNTERFOIL_{name.upper()}": value for name, value in settings.items()}
        environment = {**self.environment, **own}
        plain = be is command and environment.get("COUNTERFOIL_DASK_WORKERS", "0") == "0"
        output = self.folder / f"command-{next(self.numbers)}"
        run = run_child if (not plain if alone is None else alone) else run_warm
        return run(be, environment, output, str(self.folder), list(arguments))

    def ask(self, *arguments: str, code: int = 0, **settings: str) -> dict[str, Any]:
        """Type a command with ``--json`` and return its one object."""
        ended = self.type(*arguments, "--json", **settings)
        assert ended.code == code, ended
        document: dict[str, Any] = json.loads(ended.out)
        return document

    def run(self, file: str, *options: str, code: int = 0, **settings: str) -> dict[str, Any]:
        """Import a file."""
        return self.ask("run", "gift-cards", file, *options, code=code, **settings)

    def import_customers(self, file: str, *options: str, code: int = 0, **settings: str) -> dict[str, Any]:
        """Import a file of customers."""
        return self.ask("run", "customers", file, *options, code=code, **settings)

    def register(self, *columns: str) -> list[tuple[str, ...]]:
        """Return what the register holds, in the order of the numbers."""
        wanted = [CUSTOMERS.c[column] for column in columns]
        with reading(open_database(self.target_url)) as connection:
            rows = connection.execute(sa.select(*wanted).order_by(CUSTOMERS.c.customer_id))
            return [tuple(str(cell) for cell in row) for row in rows]

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file into the folder."""
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()

    def fetch(self, run_id: str, name: str) -> str:
        """Fetch a file of a run and return the name it came under."""
        return Path(self.ask("get", run_id, name)["path"]).name

    def till(self) -> dict[str, int]:
        """Return the balances in the till, in cents."""
        with reading(open_database(self.target_url)) as connection:
            return dict(connection.execute(sa.select(CARDS.c.number, CARDS.c.balance_cents)).all())  # type: ignore[arg-type]

    def put_in_till(self, cards: Mapping[str, int]) -> None:
        """Put cards in the till."""
        rows = [{"number": n, "currency": "EUR", "balance_cents": c, "status": "ACTIVE"} for n, c in cards.items()]
        with writing(open_database(self.target_url)) as connection:
            connection.execute(sa.insert(CARDS), rows)

    def alter_ledger(self, statement: str) -> None:
        """Do to the ledger what only time would do."""
        with writing(open_database(self.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
            connection.execute(sa.text(statement))

    def decisions(self) -> list[tuple[str, str, str, str]]:
        """Return the decisions on record: about which plan, what, who, why."""
        wanted = [APPROVALS.c[name] for name in ("plan_id", "decision", "approver", "reason")]
        with reading(open_database(self.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
            return [tuple(row) for row in connection.execute(sa.select(*wanted).order_by(APPROVALS.c.id))]

    @property
    def target_url(self) -> str:
        return self.environment["COUNTERFOIL_TARGET_URL"]

    @property
    def storage(self) -> Storage:
        """The S3 store."""
        return connect_storage(self.settings)

    @property
    def settings(self) -> Settings:
        """The settings that commands see."""
        return settings_of(self.environment)


def open_desk(environment: Mapping[str, str], seeds: Path, folder: Path) -> Desk:
    """Return a desk whose databases are copies of empty ones."""
    urls = {}
    for name in ("ledger", "target"):
        shutil.copy(seeds / f"{name}.sqlite", folder)
        urls[f"COUNTERFOIL_{name.upper()}_URL"] = f"sqlite:///{folder / name}.sqlite"
    return Desk(environment={**environment, **urls}, folder=folder)


def storage_of(environment: Mapping[str, str]) -> Storage:
    """Return the S3 store that these variables point to."""
    return connect_storage(settings_of(environment))


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that these variables make."""
    names = {name: f"COUNTERFOIL_{name.upper()}" for name in Settings.model_fields}
    return Settings(**{n: environment[v] for n, v in names.items() if v in environment})
