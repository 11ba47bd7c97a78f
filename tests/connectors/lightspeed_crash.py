"""An import of gift cards into Lightspeed that dies at a given moment, and is begun again until it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import polars as pl

from infra.connectors.lightspeed_x.gift_cards import GiftCards
from schemas.records import BatchName
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.planning.changes import writable
from tests.connectors.drawn import CARDS
from tests.connectors.lightspeed_shop import Shop

_WRITES = ("create_gift_card", "add_transaction", "void_gift_card")


class Killed(BaseException):
    """The process is gone: nothing of it catches that."""


@dataclass
class Moments:
    """Counts the moments before and after each request for a change and each entry in the journal; dies at one."""

    fatal: int
    passed: list[str] = field(default_factory=list)

    def watch(self, target: GiftCards) -> GiftCards:
        self.surround(target._api, *_WRITES)
        self.surround(target._journal, "begin", "enter", "withdraw")
        return target

    def surround(self, part: Any, *names: str) -> None:
        """Pass a moment before and after each call of these methods of *part*."""
        for name in names:
            object.__setattr__(part, name, self._surrounded(part, name))

    def _surrounded(self, part: Any, name: str) -> Any:
        act = getattr(part, name)

        def surrounded(*arguments: Any) -> Any:
            self._pass(f"before {name}")
            answer = act(*arguments)
            self._pass(f"after {name}")
            return answer

        return surrounded

    def _pass(self, moment: str) -> None:
        self.passed.append(moment)
        if len(self.passed) - 1 == self.fatal:
            raise Killed(moment)


def wanted(rows: dict[str, int]) -> pl.DataFrame:
    """Return what a file asks for: cents by number."""
    return pl.DataFrame({"number": list(rows), "currency": "EUR", "balance_cents": list(rows.values())}).select(
        pl.int_range(1, pl.len() + 1).cast(pl.UInt32).alias("line"), pl.all()
    )


def import_cards(target: GiftCards, rows: pl.DataFrame, policy: Any, attempt: int) -> list[str]:
    """Do what a run does: list, plan, write."""
    before = target.read(CARDS, None)
    reference = "file" if policy == "top_up" else ""
    added = target.operations(operation_ids(rows, "file")).filter(state="applied")["operation_id"]
    changes, _ = decide_changes(
        rows, before, CARDS, existing_cards=policy, reference=reference, added=added if reference else added.clear()
    )
    due = writable(changes)
    name = BatchName(plan_id=f"plan{attempt}", number=1, run_id="run")
    return target.write(CARDS, due, name).to_list() if due.height else []


def import_until_done(shop: Shop, rows: pl.DataFrame, policy: Any, fatal: list[int]) -> Iterator[str]:
    """Begin an import again after each end; yield what became of each attempt."""
    for attempt in count():
        moments = Moments(fatal[attempt] if attempt < len(fatal) else -1)
        try:
            outcomes = import_cards(moments.watch(shop.connect()), rows, policy, attempt)
        except Killed as killed:
            yield str(killed)
            continue
        yield ",".join(outcomes)
        return


def done_by(shop: Shop, attempts: int) -> list[str]:
    """Return what the journal says was ours, attempt by attempt."""
    target = shop.connect()
    names = (BatchName(plan_id=f"plan{attempt}", number=1, run_id="run") for attempt in range(attempts))
    return [
        outcome for name in names for outcome in (target.outcomes(name) if target.outcomes(name) is not None else [])
    ]
