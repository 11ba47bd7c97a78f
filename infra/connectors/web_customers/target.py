"""Customers in a system that is changed by its web interface: looked at, entered in the journal, written, one by one.

Such a system cannot compare before it writes, so we look just before: what is not as planned is a conflict. The intent
is in the journal before anything is sent. An answer that is lost is settled by looking; a new customer who is not
found then stays unknown, and is never sent a second time for the same batch. What an interface is like is for the
``Register`` of each system.
"""

import polars as pl

from infra.connectors import NONE_ISSUED, Journal, RemembersNothing
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.outcomes import expect_one_change_a_record
from infra.connectors.web_customers.intents import RECALLED, intent_of
from infra.connectors.web_customers.register import IssuedKeys, Register
from infra.connectors.web_customers.writing import BatchWriting
from schemas.capabilities import CallCosts, CallWindow, Capabilities
from schemas.domain import CREATED_AS, Resource
from schemas.records import BatchName, Total
from schemas.target_names import TargetName

BATCH_ROWS = 25
"""Some fifty calls: half a minute between two signs of progress."""


def written_one_by_one(costs: CallCosts, *, final: str) -> Capabilities:
    """Return what a register of customers can do that is written by its interface."""
    return Capabilities(
        operation_ids=False,
        read_back=True,
        undo=True,
        batch_rows=BATCH_ROWS,
        guard="look_then_write",
        unit="record",
        costs=costs,
        final=f"a customer who was removed comes back only as a new one, with another number and without {final}",
    )


class WebCustomers(RemembersNothing):
    """The target."""

    def __init__(
        self, name: TargetName, can: Capabilities, register: Register, *, journal: Journal, issued: IssuedKeys
    ) -> None:
        self.name: str = name
        self.can = can
        self._register = register
        self._journal = journal
        self._issued = issued
        self.reasons = BatchReasons()

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        found = self._register.everyone() if keys is None else self._register.some(_issued(keys))
        schema = dict.fromkeys((resource.key, *resource.columns), pl.String)
        return pl.DataFrame(list(found), schema=schema, orient="row")

    def totals(self, resource: Resource) -> tuple[Total, ...]:  # noqa: ARG002
        return (Total(currency="", count=self._register.count(), sum_cents=0),)

    def windows(self) -> tuple[CallWindow, ...]:
        return self._register.windows()

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:
        """Return the keys of those that are still there."""
        known = self._issued.find(names.to_list())
        if not known:
            return NONE_ISSUED
        there = set(self.read(resource, pl.Series(list(known.values())))[resource.key])
        found = [(name, key) for name, key in known.items() if key in there]
        return pl.DataFrame(found, schema=NONE_ISSUED.schema, orient="row")

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        """Return what a batch did; what was begun and not answered for is looked up now."""
        then = self._journal.recall(batch)
        return None if then is None else pl.Series("outcome", [self._settled(each) for each in then], pl.String)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one change after another, each between two entries in the journal.

        Raises:
            Unavailable: The system did not answer a question; what was written stays, and the same batch goes on.
            BudgetSpent: It takes no more calls for now; the same batch goes on.
        """
        expect_one_change_a_record(changes, resource)
        self.reasons.keep(batch, ())
        entries = list(self._journal.recall(batch) or [])
        columns = self._register.compared(changes)
        self._register.prepare(columns)
        work = BatchWriting(
            name=batch,
            columns=columns,
            entries=entries,
            reasons=self.reasons,
            register=self._register,
            journal=self._journal,
            issued=self._issued,
        )
        answers = [work.answer(number, change) for number, change in enumerate(changes.iter_rows(named=True))]
        return pl.Series("outcome", answers, pl.String)

    def _settled(self, entry: str) -> str:
        intent = intent_of(entry)
        if intent is None:
            return RECALLED.get(entry, entry)
        self._register.prepare(intent.columns)
        found = self._register.having(intent.at) if intent.creates else [self._register.one(intent.key)]
        landed = [record for record in found if intent.landed(record)]
        if intent.creates and landed and landed[0]:
            self._issued.keep(intent.key, landed[0]["customer_id"])
        return "done" if landed else "unknown"


def _issued(keys: pl.Series) -> list[str]:
    """Return the keys that a system can have issued: names of new records are none."""
    return sorted({key for key in keys.drop_nulls() if not key.startswith(CREATED_AS)}, key=lambda key: (len(key), key))
