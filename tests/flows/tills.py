"""A till of one test's own: a database of gift cards beside the one of the stack."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from infra.connectors.sql.tables import BATCHES, GIFT_CARDS
from infra.databases.database import reading, writing
from infra.migrations.migrate import migrate
from tests.databases import open_database


@dataclass(frozen=True, kw_only=True)
class Till:
    """Balances are shown as in a file: ``{"GC1": "12.50"}``."""

    engine: sa.Engine

    @property
    def url(self) -> str:
        return str(self.engine.url)

    def sell(self, **cards: str) -> None:
        """Put new cards into the till."""
        rows = [
            {"number": number, "currency": "EUR", "balance_cents": _cents(shown)} for number, shown in cards.items()
        ]
        with writing(self.engine) as connection:
            connection.execute(sa.insert(GIFT_CARDS).values(status="ACTIVE"), rows)

    def spend(self, number: str, left: str) -> None:
        """Let somebody pay with a card."""
        with writing(self.engine) as connection:
            spent = sa.update(GIFT_CARDS).where(GIFT_CARDS.c.number == number)
            connection.execute(spent.values(balance_cents=_cents(left)))

    def balances(self) -> dict[str, str]:
        """Return what every card is worth."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(GIFT_CARDS.c.number, GIFT_CARDS.c.balance_cents)).all()
        return {number: f"{cents // 100}.{cents % 100:02}" for number, cents in rows}

    def batches(self) -> int:
        """Count what was written at all, by the till's own journal."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(BATCHES)).scalar_one()

    def refuse(self, number: str) -> None:
        """Let the till's own rules say no to any change of this card, and of no other."""
        with writing(self.engine) as connection:
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS refuse")
            connection.exec_driver_sql(
                f"CREATE TRIGGER refuse BEFORE UPDATE ON gift_cards WHEN NEW.number = '{number}' "
                "BEGIN SELECT RAISE(ABORT, 'locked by the shop'); END"
            )


def open_till(path: Path) -> Till:
    """Make an empty till."""
    engine = open_database(f"sqlite:///{path}")
    migrate(engine, "target")
    return Till(engine=engine)


def _cents(shown: str) -> int:
    return int(shown.replace(".", ""))
