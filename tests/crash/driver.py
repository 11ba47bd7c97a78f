"""What the children of the crash tests do: one run, with a sale at the till while it goes, and maybe a sudden end."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from infra.connectors.sql.tables import STOCK_MOVEMENTS
from infra.context import settings
from infra.databases.database import reading, writing
from tests.connectors import till_sales
from tests.crash.boundaries import Boundaries
from tests.databases import open_database
from tests.without_prefect_engine import FLOWS, remove_prefect_engine

SOLD = "EXIST05"
LEFT_CENTS = 300


def sell(target_url: str) -> None:
    """Let a customer pay with a card, once, however often this is called."""
    statement = sa.text("UPDATE gift_cards SET balance_cents = :left WHERE number = :sold AND balance_cents = 1500")
    with writing(open_database(target_url)) as connection:
        connection.execute(statement, {"left": LEFT_CENTS, "sold": SOLD})


def sell_goods(target_url: str) -> None:
    """Let a customer buy a mug at the counter, once, however often this is called."""
    database = open_database(target_url)
    with reading(database) as connection:
        sold = connection.scalar(sa.select(sa.func.count()).where(STOCK_MOVEMENTS.c.reason == "till"))
    if not sold:
        till_sales.sell(database, "mug")


_MEANWHILE = {
    "flows.gift_cards": ("flows.gift_cards", "plan_gift_cards", sell),
    "flows.orders": ("tasks.orders.sales", "plan_orders", sell_goods),
}
"""When a customer comes: after which function of which module a flow has called, and what it is then that is sold."""


def run_once(module: str, parameters: dict[str, Any], passed: str, fatal: int | None) -> None:
    """Run a flow; the exit code is 0 where it came to an end of its own, whichever."""
    remove_prefect_engine()
    with ExitStack() as stack:
        if module in _MEANWHILE:
            place, plan, sale = _MEANWHILE[module]
            planned = _meanwhile(getattr(sys.modules[place], plan), sale)
            stack.enter_context(patch.object(sys.modules[place], plan, planned))
        stack.enter_context(Boundaries(Path(passed), fatal).watching())
        state = getattr(sys.modules[module], FLOWS[module])(**parameters)
    sys.stdout.write(f"{state.name}\n{state.message}\n")


def type_once(arguments: list[str], passed: str, fatal: int | None) -> None:
    """Type a command of the command line, with Prefect's own engine."""
    with Boundaries(Path(passed), fatal).watching():
        sys.modules["cli.__main__"].counterfoil(arguments, prog_name="counterfoil")


def _meanwhile(plan: Callable[..., Any], sale: Callable[[str], None]) -> Callable[..., Any]:
    """Let a customer come just after the plan was made."""

    def planned(*arguments: Any, **named: Any) -> Any:
        answer = plan(*arguments, **named)
        sale(settings().target)
        open_database(settings().target).dispose()  # the file is whole only once nobody has it open
        return answer

    return planned
