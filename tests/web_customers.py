"""The systems of shops whose customers are written by a web interface, each behind a real server, for tests of both."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import polars as pl

from infra.connectors.lightspeed_ecom import customers as ecom_customers
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.web_customers.register import Register
from infra.connectors.web_customers.target import WebCustomers
from infra.connectors.woocommerce import customers as woo_customers
from infra.connectors.woocommerce.api import open_woocommerce
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.customer_systems import ecom_system
from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS
from schemas.records import BatchName
from tests.fakes import ecom, woocommerce

PEOPLE = CUSTOMERS.resource
SystemName = Literal["lightspeed_ecom", "woocommerce_customers"]
SYSTEMS: tuple[SystemName, ...] = ("lightspeed_ecom", "woocommerce_customers")


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

    def settings(self) -> Settings: ...

    def register(self, edge: Edge) -> Register: ...

    def add(self, email: str) -> str: ...

    def held(self) -> list[tuple[str, str]]: ...

    def city(self, key: str, city: str) -> None: ...

    def mailed(self) -> list[Any]: ...


@dataclass
class EcomSystem:
    fake: ecom.Fake
    name: SystemName = "lightspeed_ecom"

    def settings(self) -> Settings:
        return Settings(**self.fake.settings, ecom_timeout_seconds=1)

    def register(self, edge: Edge) -> Register:
        system = ecom_system(language="en", groups=True, groups_apart=",")
        return ecom_customers.EcomRegister(open_ecom(self.settings(), edge), system)

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

    def settings(self) -> Settings:
        keys = {"woo_url": self.fake.url, "woo_key": self.fake.keys.key, "woo_secret": self.fake.keys.secret}
        return Settings(**keys, woo_timeout_seconds=1)

    def register(self, edge: Edge) -> Register:
        return woo_customers.WooRegister(open_woocommerce(self.settings(), edge), may_mail=False)

    def add(self, email: str) -> str:
        return str(self.fake.shop.users.add(email, first_name="Ann", last_name="Lee"))

    def held(self) -> list[tuple[str, str]]:
        users = self.fake.shop.users.users.values()
        return sorted((str(u["id"]), u["email"]) for u in users if u["role"] == "customer")

    def city(self, key: str, city: str) -> None:
        self.fake.shop.users.users[int(key)]["billing"]["city"] = city

    def mailed(self) -> list[Any]:
        return self.fake.shop.users.mailed


@contextmanager
def open_system(name: SystemName) -> Iterator[System]:
    """Run one."""
    if name == "lightspeed_ecom":
        with ecom.ecom() as fake:
            yield EcomSystem(fake)
    else:
        with woocommerce.woocommerce() as fake:
            yield WooSystem(fake)


def target_of(system: System, notes: Notes | None = None, edge: Edge | None = None) -> WebCustomers:
    """Return the target, as a process opens it anew."""
    notes = notes or Notes()
    can = ecom_customers.CAN if system.name == "lightspeed_ecom" else woo_customers.CAN
    register = system.register(edge or Edge(sleep=lambda _: None))
    return WebCustomers(system.name, can, register, journal=notes, issued=notes)


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
