"""Orders of a WooCommerce shop as a target: a mark on an order, and a note beside it, make it sync again.

The note is for the shop's people and never for the buyer. It alone moves nothing; the mark moves the date by which
others see that an order changed. Both are looked for before they are written, so a second attempt writes neither
twice; where an answer is lost, looking decides.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from infra.connectors import RemembersNothing
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.outcomes import expect_one_change_a_record
from infra.connectors.web_lists import PER_PAGE
from infra.connectors.woocommerce.api import MARK, WooCommerce
from schemas.capabilities import Capabilities
from schemas.domain import Resource
from schemas.orders.pages import Answered
from schemas.problems import Declined, Refused, Unanswered
from schemas.records import BatchName

BATCH_ROWS = 20
"""Three or four requests an order: about half a minute between two signs of progress."""
_FIELDS = "id,number,status,meta_data"

Record = dict[str, str]


class WebOrdersTarget(RemembersNothing):
    """The orders of one shop."""

    name = "woocommerce_orders"
    can = Capabilities(
        operation_ids=False,
        read_back=True,
        undo=False,
        batch_rows=BATCH_ROWS,
        list_all=False,
        guard="look_then_write",
        unit="record",
    )

    def __init__(self, shop: WooCommerce) -> None:
        self._shop = shop
        self._marked: set[tuple[str, str]] = set()
        """Run and order of the marks that this process wrote: a batch that is asked again is still ours."""
        self.reasons = BatchReasons()

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Return the orders among *keys*, looked at now.

        Raises:
            Refused: All of them are asked for.
        """
        if keys is None:
            raise Refused("Orders are nudged by id. Name some.")
        wanted = sorted(keys.drop_nulls().unique().to_list(), key=int)
        schema = dict.fromkeys((resource.key, *resource.columns), pl.String)
        return pl.DataFrame(list(self._named(wanted)), schema=schema, orient="row")

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Nudge one order after another.

        Raises:
            Unavailable: The shop did not answer a question; what was nudged before stays, and is seen next time.
        """
        expect_one_change_a_record(changes, resource)
        nudged = [self._nudge_for(batch.run_id, resource, each) for each in changes.iter_rows(named=True)]
        self.reasons.keep(batch, (why for _, why in nudged))
        return pl.Series("outcome", [outcome for outcome, _ in nudged], pl.String)

    def _nudge_for(self, run_id: str, resource: Resource, change: Mapping[str, Any]) -> tuple[str, str]:
        """Nudge an order unless it bears the mark; say whether that is this run's own."""
        mine = (run_id, change[resource.key])
        outcome, why = self._nudge(resource, change)
        if outcome == "written":
            self._marked.add(mine)
        return "done" if outcome == "unchanged" and mine in self._marked else outcome, why

    def _nudge(self, resource: Resource, change: Mapping[str, Any]) -> tuple[str, str]:
        """Return the outcome, and why where the shop did not answer as it should."""
        order_id = change[resource.key]
        before, after = ({c: change[f"{c}_{side}"] for c in resource.columns} for side in ("before", "after"))
        now = self._now(order_id)
        if now == after:
            return "unchanged", ""
        if now != before:
            return "conflict", ""
        try:
            if why := self._not_noted(order_id, after["mark"]):
                return "unknown", why
            self._shop.mark(order_id, after["mark"])
        except Declined as no:
            return "refused", no.says
        except Unanswered as problem:
            return ("written", "") if self._now(order_id) == after else ("unknown", problem.says)
        return "written", ""

    def _not_noted(self, order_id: str, mark: str) -> str:
        """Write the note unless it is there; return why it is not there now, nothing where it is."""
        text = note_of(mark)
        if not self._has_note(order_id, text):
            try:
                self._shop.add_note(order_id, text)
            except Unanswered as problem:
                return "" if self._has_note(order_id, text) else problem.says
        return ""

    def _has_note(self, order_id: str, text: str) -> bool:
        return any(str(note.get("note")) == text for note in self._shop.notes(order_id))

    def _now(self, order_id: str) -> Record | None:
        answer = self._shop.order(order_id)
        if answer is None or not isinstance(answer.data, dict):
            return None
        return {name: value for name, value in _row(answer.data).items() if name != "order_id"}

    def _named(self, ids: list[str]) -> Iterator[Record]:
        for start in range(0, len(ids), PER_PAGE):
            query = {"status": "any", "include": ",".join(ids[start : start + PER_PAGE]), "_fields": _FIELDS}
            yield from (_row(each) for each in self._shop.orders(query, 1).items)


def note_of(mark: str) -> str:
    """Return the note, by which people see who did it, and we that it was done."""
    return f"Counterfoil: please sync this order again ({mark})."


def _row(answer: Answered) -> Record:
    return {
        "order_id": str(answer["id"]),
        "number": str(answer.get("number") or answer["id"]),
        "status": str(answer.get("status") or ""),
        "mark": _mark(answer.get("meta_data")),
    }


def _mark(fields: object) -> str:
    named = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    return next((str(each.get("value") or "") for each in named if each.get("key") == MARK), "")
