"""What a shop of these tests has and does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import reading, writing
from infra.ledger.tables import FAILURES
from tests.databases import open_database
from tests.desk import Desk, open_desk
from tests.fakes.astro import Astro
from tests.fakes.astro_books import Card
from tests.mailing.conftest import with_settings

UPC = "012345678905"
SHOP = {"time_zone": "Europe/Paris", "mail_sender": "Shop <shop@example.com>"}
REDEMPTIONS = "customer_name,customer_id,reward_id,occurred_at,program,reason\n"
TRANSACTIONS = "customer_name,customer_id,transaction_id,upc,occurred_at,reason\n"

SALES = "sale_id,customer_id,sold_at,upc,item,quantity,paid\n"


def redemption(customer_id: str, reward_id: str, day: str, reason: str = "Redemption failed") -> str:
    """One line of the first section."""
    return f"Jane Private {customer_id},{customer_id},{reward_id},{day} 17:45,Buy 3 get 1,{reason}\n"


def transaction(
    customer_id: str, sale: str, day: str, reason: str = "TransactionID already exists", upc: str = UPC
) -> str:
    """One line of the second."""
    return f"Jane Private {customer_id},{customer_id},{sale},{upc},{day} 17:45,{reason}\n"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A desk, and the Astro it reaches."""

    desk: Desk
    astro: Astro

    def sweep(self, day: str, *files: str, mode: str = "apply", code: int = 0, **settings: str) -> dict[str, Any]:
        """Sweep files for a day."""
        options = ("--mode", mode, "--day", day)
        return self.desk.ask("run", "loyalty", *files, *options, code=code, **settings)

    def report(self, day: str, *lines: str, heading: str = TRANSACTIONS) -> str:
        """Write the report of a day."""
        kind = "r" if heading == REDEMPTIONS else "t"
        return self.desk.write(f"failures-{kind}-{day}.csv", heading + "".join(lines))

    def text(self, *lines: str) -> str:
        """Return the report of failed purchases."""
        return TRANSACTIONS + "".join(lines)

    def drop_sales(self, name: str, *lines: str) -> None:
        """Drop a file of sales, where it stays."""
        self.desk.storage.put(f"inbox/loyalty-sales/{name}", (SALES + "".join(lines)).encode())

    def drop(self, name: str, content: str) -> None:
        """Drop a file in the inbox."""
        self.desk.storage.put(f"inbox/loyalty/{name}", content.encode())

    def failures(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return what the ledger remembers, in the order in which it failed."""
        wanted = [FAILURES.c[name] for name in columns]
        with reading(open_database(self.desk.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
            order = (FAILURES.c.occurred_at, FAILURES.c.customer_id, FAILURES.c.transaction_id)
            return [tuple(row) for row in connection.execute(sa.select(*wanted).order_by(*order))]

    def owner_with_reward(self, customer_id: str, reward_id: str, **contact: str) -> Card:
        """Let a pet owner have a full card."""
        self.astro.books.add_owner(customer_id, **contact)
        program = self.astro.books.programs[0]
        bought = {"item_code": UPC, "item_description": "Dog food 2 kg", "purchase_date": "2026-11-01"}
        purchases = [bought | {"imported_transaction_id": f"{customer_id}-{n}"} for n in range(3)]
        return self.astro.books.add_card(customer_id, program, purchases=purchases, reward_id=reward_id)

    def sell(self, sale: str, customer_id: str, day: str, quantity: int = 1, cents: int = 5499, upc: str = UPC) -> None:
        """Enter a sale in the till."""
        line = {"kind": "item", "sku": upc, "name": "Dog food 2 kg", "quantity_milli": quantity * 1000}
        line |= {"net_cents": cents, "tax_cents": 0, "line": "1", "product_id": "", "moves": False}
        values = {"order_key": f"till:{sale}", "state": "closed", "sold_at": f"{day}T16:45:00Z", "number": sale}
        values |= {"register_id": "r1", "outlet_id": "o1", "customer_id": customer_id, "currency": "EUR"}
        values |= {"total_cents": cents, "tax_cents": 0, "refunded_cents": 0, "stock": "neutral"}
        values |= {"content_sha256": "0" * 64, "lines": json.dumps([line])}
        with writing(open_database(self.desk.target_url)) as connection:
            for name, row in (
                ("outlets", {"outlet_id": "o1"}),
                ("registers", {"register_id": "r1", "outlet_id": "o1"}),
            ):
                table = TARGET.tables[name]
                key = next(iter(table.primary_key))
                if connection.execute(sa.select(key).where(key == row[key.name])).first() is None:
                    connection.execute(sa.insert(table).values(**row, name="one"))
            connection.execute(sa.insert(TARGET.tables["sales"]).values(**values))

    def registers(self, customer_id: str, **known: str) -> None:
        """Have a customer in the register."""
        with writing(open_database(self.desk.target_url)) as connection:
            connection.execute(sa.insert(TARGET.tables["customers"]).values(customer_id=int(customer_id), **known))

    def price(self, cents: int, upc: str = UPC) -> None:
        """Have a product in the till."""
        values = {"product_id": f"p{upc}", "sku": upc, "name": "Dog food 2 kg", "description": "", "currency": "EUR"}
        values |= {"price_cents": cents, "active": "yes", "tracks_stock": "no", "source": ""}
        values |= {"source_id": "", "source_variation_id": ""}
        with writing(open_database(self.desk.target_url)) as connection:
            connection.execute(sa.insert(TARGET.tables["products"]).values(**values))


def open_shop(stack: Mapping[str, str], seeds: Path, folder: Path, astro: Astro, settings: Mapping[str, str]) -> Shop:
    """Open a shop whose inbox begins empty: files of sales stay in there, and earlier tests left theirs."""
    desk = with_settings(open_desk(stack, seeds, folder), SHOP | settings | astro.settings)
    for name in ("loyalty", "loyalty-decisions", "loyalty-sales"):
        for info in list(desk.storage.list(f"inbox/{name}/")):
            desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    return Shop(desk=desk, astro=astro)
