"""The systems of shops whose customers are written by a web interface, each behind a real server, for tests of both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal, Protocol

import polars as pl
import sqlalchemy as sa

from infra.connectors.lightspeed_ecom import customers as ecom_customers
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.lightspeed_x import customers as x_customers
from infra.connectors.web_customers.register import Register
from infra.connectors.web_customers.target import WebCustomers
from infra.connectors.woocommerce import customers as woo_customers
from infra.connectors.woocommerce.api import open_woocommerce
from infra.databases.database import open_database
from infra.http.transport import Edge
from infra.lightspeed_x import lightspeed_customers
from infra.migrations.migrate import migrate
from infra.settings import Settings
from schemas.capabilities import Capabilities
from schemas.customer_systems import ecom_system
from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS
from schemas.records import BatchName
from tests.fakes import ecom, lightspeed_x, woocommerce

PEOPLE = CUSTOMERS.resource
SystemName = Literal["lightspeed_ecom", "lightspeed_x_customers", "woocommerce_customers"]
SYSTEMS: tuple[SystemName, ...] = ("lightspeed_ecom", "lightspeed_x_customers", "woocommerce_customers")
CAN: Mapping[SystemName, Capabilities] = {
    "lightspeed_ecom": ecom_customers.CAN,
    "lightspeed_x_customers": x_customers.CAN,
    "woocommerce_customers": woo_customers.CAN,
}


def batch(number: int) -> BatchName:
    return BatchName(plan_id="p", number=number, run_id="r")


FIRST = batch(1)


@dataclass
class Notes:
    """A journal and a book of issued keys, in memory; both outlive the process that writes them."""

    batches: dict[BatchName, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def recall(self, batch: BatchName) -> list[str] | None:
        return self.batches.get(batch)

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        self.batches[batch] = list(outcomes)

    def find(self, names: Iterable[str]) -> dict[str, str]:
        return {name: self.names[name] for name in names if name in self.names}

    def keep(self, name: str, key: str) -> None:
        self.keys.add(key)
        self.names[name] = key

    def created(self, key: str) -> bool:
        return key in self.keys


class System(Protocol):
    """A fake, whichever system it is."""

    name: SystemName
    fake: Any

    def keys(self) -> dict[str, str]: ...

    def trouble(self, kind: str, method: str, path: str = "", times: int = 1) -> None: ...

    def before_each(self, act: Callable[[str], object]) -> None: ...

    def register(self, edge: Edge) -> Register: ...

    def add(self, email: str) -> str: ...

    def held(self) -> list[tuple[str, str]]: ...

    def city(self, key: str, city: str) -> None: ...

    def mailed(self) -> list[Any]: ...


@dataclass
class EcomSystem:
    fake: ecom.Fake
    name: SystemName = "lightspeed_ecom"

    def keys(self) -> dict[str, str]:
        return self.fake.settings

    def trouble(self, kind: str, method: str, path: str = "", times: int = 1) -> None:
        self.fake.trouble.append(ecom.Trouble(kind, method, path or WRITES.get(method, ".*"), times))  # type: ignore[arg-type]

    def before_each(self, act: Callable[[str], object]) -> None:
        self.fake.between = lambda _, request: act(request.method) and None

    def register(self, edge: Edge) -> Register:
        return register_at(self.name, self.keys() | {"ecom_timeout_seconds": "1"}, edge)

    def add(self, email: str) -> str:
        return str(self.fake.shop.add(email=email, firstname="Ann", lastname="Lee"))

    def held(self) -> list[tuple[str, str]]:
        return sorted((str(c["id"]), c["email"]) for c in self.fake.shop.customers.values())

    def city(self, key: str, city: str) -> None:
        self.fake.shop.customers[int(key)]["addressBillingCity"] = city

    def mailed(self) -> list[Any]:
        return self.fake.shop.mailed


@dataclass
class WooSystem:
    fake: woocommerce.Fake
    name: SystemName = "woocommerce_customers"

    def keys(self) -> dict[str, str]:
        return {"woo_url": self.fake.url, "woo_key": self.fake.keys.key, "woo_secret": self.fake.keys.secret}

    def trouble(self, kind: str, method: str, path: str = "", times: int = 1) -> None:
        called = "busy date" if kind == "busy" else kind
        self.fake.trouble.append(woocommerce.Trouble(called, method, path or WRITES.get(method, ".*"), times))  # type: ignore[arg-type]

    def before_each(self, act: Callable[[str], object]) -> None:
        self.fake.between = lambda _, request: act(request.method) and None

    def register(self, edge: Edge) -> Register:
        return register_at(self.name, self.keys() | {"woo_timeout_seconds": "1"}, edge)

    def add(self, email: str) -> str:
        return str(self.fake.shop.users.add(email, first_name="Ann", last_name="Lee"))

    def held(self) -> list[tuple[str, str]]:
        users = self.fake.shop.users.users.values()
        return sorted((str(u["id"]), u["email"]) for u in users if u["role"] == "customer")

    def city(self, key: str, city: str) -> None:
        self.fake.shop.users.users[int(key)]["billing"]["city"] = city

    def mailed(self) -> list[Any]:
        return self.fake.shop.users.mailed


@dataclass
class XSystem:
    fake: lightspeed_x.Lightspeed
    name: SystemName = "lightspeed_x_customers"

    def keys(self) -> dict[str, str]:
        return {"lightspeed_x_url": self.fake.url, "lightspeed_x_token": next(iter(self.fake.login.tokens))}

    def trouble(self, kind: str, method: str, path: str = "", times: int = 1) -> None:
        called = "truncated" if kind == "cut" else kind
        self.fake.trouble.append(lightspeed_x.Trouble(called, method, path or WRITES.get(method, ".*"), times))  # type: ignore[arg-type]

    def before_each(self, act: Callable[[str], object]) -> None:
        self.fake.between = lambda asked: act(asked.method) and None

    def register(self, edge: Edge) -> Register:
        return register_at(self.name, self.keys() | {"lightspeed_x_timeout_seconds": "5"}, edge)

    def add(self, email: str) -> str:
        made = {"first_name": "Ann", "last_name": "Lee", "email": email}
        return str(self.fake.customers.create(made)["id"])

    def held(self) -> list[tuple[str, str]]:
        there = [c for c in self.fake.customers.customers.values() if c["deleted_at"] is None]
        return sorted((str(c["id"]), c["email"]) for c in there)

    def city(self, key: str, city: str) -> None:
        self.fake.customers.customers[key]["physical_city"] = city

    def mailed(self) -> list[Any]:
        """Return who may be sent marketing because we wrote them."""
        return [c["email"] for c in self.fake.customers.customers.values() if c["enable_promotional_sms"]]


WRITES = {"POST": "customers", "PUT": r"customers/\d+", "DELETE": r"customers/\d+"}


def register_at(name: str, settings: Mapping[str, str], edge: Edge) -> Register:
    """Return the customers of a system, as a process opens them anew."""
    chosen = Settings(**settings)
    if name == "lightspeed_ecom":
        system = ecom_system(language="en", groups=True, groups_apart=",")
        return ecom_customers.EcomRegister(open_ecom(chosen, edge), system)
    if name == "lightspeed_x_customers":
        return lightspeed_customers(chosen, shared_ledger(), edge)
    return woo_customers.WooRegister(open_woocommerce(chosen, edge), may_mail=False)


@cache
def shared_ledger() -> sa.Engine:
    """Return the one ledger of a process, where budgets of calls are: each fake has another address, and another."""
    engine = open_database(f"sqlite:///{Path(mkdtemp()) / 'ledger.sqlite'}")
    migrate(engine, "ledger")
    return engine


@contextmanager
def open_system(name: SystemName) -> Iterator[System]:
    """Run one."""
    if name == "lightspeed_ecom":
        with ecom.ecom() as fake:
            yield EcomSystem(fake)
    elif name == "lightspeed_x_customers":
        with lightspeed_x.lightspeed(lightspeed_x.Lightspeed(registers=100)) as shop:
            shop.customers.page_rows = 100  # each answer is held against the description, which takes a while
            yield XSystem(shop)
    else:
        with woocommerce.woocommerce() as web_shop:
            yield WooSystem(web_shop)


def target_of(system: System, notes: Notes | None = None, edge: Edge | None = None) -> WebCustomers:
    """Return the target, as a process opens it anew."""
    notes = notes or Notes()
    register = system.register(edge or Edge(sleep=lambda _: None))
    return WebCustomers(system.name, CAN[system.name], register, journal=notes, issued=notes)


def person(system: System | None = None, **cells: str) -> dict[str, str]:
    """Return a customer, with what a system makes of blanks."""
    usual = (
        {}
        if system is None or system.name != "lightspeed_ecom"
        else {"confirmed": "No", "customer_type": "private", "language": "en"}
    )
    return dict.fromkeys(CUSTOMER_COLUMNS, "") | {"first_name": "Ann", "last_name": "Lee"} | usual | cells


def change(key: str, before: dict[str, str] | None, after: dict[str, str] | None) -> dict[str, Any]:
    """Return one change, as plans hold it."""
    kind = "update" if before and after else "create" if after else "remove"
    sides = {"before": before, "after": after}
    cells = {f"{c}_{side}": values and values[c] for side, values in sides.items() for c in CUSTOMER_COLUMNS}
    return {
        "line": None,
        "kind": kind,
        "code": "",
        "customer_id": key,
        **cells,
        "operation_id": None,
        "operation": None,
    }


def changes(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = dict.fromkeys(rows[0], pl.String) | {"line": pl.UInt32}
    return pl.DataFrame(list(rows), schema=schema)


def write(target: WebCustomers, *rows: dict[str, Any], batch: BatchName = FIRST) -> list[str]:
    return target.write(PEOPLE, changes(*rows), batch).to_list()


def issued(target: WebCustomers, *names: str) -> dict[str, str]:
    return dict(target.issued(PEOPLE, pl.Series(names, dtype=pl.String)).iter_rows())


def read(target: WebCustomers, *keys: str) -> dict[str, dict[str, str]]:
    """Return what is there, by number: all, or some."""
    found = target.read(PEOPLE, pl.Series(keys, dtype=pl.String) if keys else None)
    return {row["customer_id"]: {c: row[c] for c in CUSTOMER_COLUMNS} for row in found.iter_rows(named=True)}
