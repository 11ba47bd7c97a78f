"""Gift cards of Lightspeed as a target: written one by one, each entered in the journal before it is sent.

Issuing a card is refused where its number is taken, so that compares and sets in one. A balance moves by an amount
under a key that Lightspeed takes once, so it is safe to send again; that the card still is as planned is looked at just
before, and what a till took in between stays taken. A lost answer is settled by looking, or stays unknown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import polars as pl

from infra.connectors import NONE_ISSUED, OPERATIONS_SCHEMA, WriteJournal
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.lightspeed_x.api import LightspeedX
from infra.connectors.lightspeed_x.card_records import (
    VOIDED,
    CardChange,
    Record,
    Terms,
    as_change,
    as_record,
    landed,
)
from infra.connectors.lightspeed_x.lists import Row, by_gift_card
from infra.connectors.lightspeed_x.pacing import Pacer
from infra.connectors.outcomes import STATES, expect_one_change_a_record
from infra.connectors.record_hashes import hash_of, key_hash
from schemas.capabilities import CallCosts, CallWindow, Capabilities
from schemas.domain import Resource
from schemas.gift_cards import EXPIRES_ON
from schemas.problems import BudgetSpent, Declined, Refused, Unanswered, Unavailable
from schemas.record_writes import OPEN, RecordWrite
from schemas.records import BatchName, Total

BATCH_ROWS = 25
"""Cards of one batch: at one register's pace about a minute between two signs of progress."""
_AGAINST_RULES = 422
_COLUMNS = {"currency": pl.String, "balance_cents": pl.Int64, "status": pl.String, EXPIRES_ON: pl.String}
MOVED = (
    "A card was used at a till between our look and our write: what was taken or added there stays, and its balance "
    "differs from the plan by as much."
)
FINAL = "A card that was voided in Lightspeed cannot be used again: give its owner a card with another number."
IMPOSSIBLE = "Nothing in Lightspeed leads to the status or the currency that is wanted of a card."


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What became of a request, by its line. *against_rules*: Lightspeed's own rules forbid it (422), as the card is.

    *first*: no other of ours that wanted the same may still be on its way.
    """

    line: RecordWrite
    first: bool
    outcome: str
    says: str = ""
    against_rules: bool = False


class GiftCards:
    """The target. Threads may read; one at a time writes."""

    name = "lightspeed_x"
    can = Capabilities(
        operation_ids=True,
        read_back=True,
        undo=True,
        batch_rows=BATCH_ROWS,
        guard="look_then_write",
        unit="record",
        costs=CallCosts(create=1, update=3, remove=2),
        final=FINAL,
        removed_as=VOIDED,
    )

    def __init__(
        self,
        api: LightspeedX,
        journal: WriteJournal,
        pacer: Pacer,
        terms: Terms,
    ) -> None:
        self._api = api
        self._journal = journal
        self._pacer = pacer
        self._terms = terms
        self.reasons = BatchReasons()

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Return the cards among *keys*, or all, from the list of all: no other way finds any letter case (assumed).

        What an earlier run left open in the journal is settled by what the list shows.
        """
        cards = self._list()
        wanted = None if keys is None else {key.lower() for key in keys.drop_nulls()}
        found = [
            (card["number"], *as_record(card, self._terms))
            for card in cards
            if wanted is None or str(card["number"]).lower() in wanted
        ]
        schema = {resource.key: pl.String} | _COLUMNS
        return pl.DataFrame(found, schema=schema, orient="row").select(resource.key, *resource.columns)

    def ask_for_one_page(self) -> int:
        """Return how many cards are on the newest page: asking shows address, login, scope and version.

        Raises:
            Declined: It does not let us in.
            Refused: It answers in the form of another version.
        """
        return len(self._api.gift_cards())

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        """Return count and sum of the cards that can be used."""
        records = (as_record(card, self._terms) for card in by_gift_card(self._api.gift_cards))
        live = [cents for _, cents, status, _ in records if status == resource.live]
        return (Total(currency=self._terms.money.currency, count=len(live), sum_cents=sum(live)),) if live else ()

    def issued(self, resource: Resource, names: pl.Series) -> pl.DataFrame:  # noqa: ARG002 - numbers are ours
        """Return no keys: a card has the number we gave it."""
        return NONE_ISSUED

    def operations(self, operation_ids: pl.Series) -> pl.DataFrame:
        """Return those of the journal that were done."""
        by_hash = {hash_of(each): each for each in operation_ids.unique()}
        done = self._journal.operations(list(by_hash))
        return pl.DataFrame(
            [(by_hash[name], STATES[operation]) for name, operation in done.items()],
            schema=OPERATIONS_SCHEMA,
            orient="row",
        )

    def outcomes(self, batch: BatchName) -> pl.Series | None:
        """Return what the journal says of a batch; what it does not know is looked for in Lightspeed first."""
        lines = self._journal.recall(batch)
        if any(line.outcome == OPEN for line in lines):
            self._list()
            lines = self._journal.recall(batch)
        then = [line.recalled for line in lines]
        return pl.Series("outcome", then, pl.String) if lines else None

    def windows(self) -> tuple[CallWindow, ...]:
        """Return the one window of Lightspeed, which all processes share."""
        return (self._pacer.window(),)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Carry out one change after the other; what an earlier attempt settled is not asked for again.

        Raises:
            Unavailable: Lightspeed did not answer a question; what was written before stays.
            Declined: It does not let us do such a thing at all.
        """
        expect_one_change_a_record(changes, resource)
        lines = {line.position: line for line in self._journal.recall(batch)}
        planned = [as_change(resource, row) for row in changes.iter_rows(named=True)]
        _expect_same(lines.values(), planned, batch)
        outcomes = [self._answer(change, n, lines.get(n), batch, len(planned)) for n, change in enumerate(planned)]
        return pl.Series("outcome", outcomes, pl.String)

    def _answer(self, change: CardChange, position: int, earlier: RecordWrite | None, batch: BatchName, of: int) -> str:
        if earlier and earlier.outcome != OPEN:
            return earlier.recalled
        line = earlier or change.line(batch, position, of, self._pacer.server_now())
        outcome = self._settled(change, line, repeated=earlier is not None)
        if outcome == "unknown" and not earlier:  # nothing of it was found, and it can be there only once
            outcome = self._settled(change, line, repeated=True)
        if outcome != "unknown":
            self._journal.enter(replace(line, outcome=outcome))
        return outcome

    def _settled(self, change: CardChange, line: RecordWrite, *, repeated: bool) -> str:
        """Carry out a change unless that is done already, or must not be."""
        if change.operation_id and self._is_recorded(change):
            return "unchanged"
        if change.act == "issue" and not repeated:
            return self._issue(change, line, repeated=False)
        card = self._api.gift_card(change.number)
        if repeated and card and landed(line, card, self._terms):
            return "written"
        return self._compared(change, line, change.seen(card, self._terms))

    def _compared(self, change: CardChange, line: RecordWrite, now: Record | None) -> str:
        """Carry out a change where the card is as it was planned against."""
        if change.as_wanted(now) and not change.operation_id:
            return "unchanged"
        if now != change.before:
            return self._conflict(line, now)
        match change.act:
            case "issue":
                return self._issue(change, line, repeated=True)
            case "void":
                return self._void(change, line)
            case "add":
                return self._add(change, line)
        return self._because(line, IMPOSSIBLE, "refused")

    def _issue(self, change: CardChange, line: RecordWrite, *, repeated: bool) -> str:
        """Issue a card; one of its number that is there already is ours only where we asked for it before."""
        assert change.after is not None  # noqa: S101 - an act of this kind has one
        amount = self._terms.money.text(change.after[1])
        days = {"expires_at": change.last_day, "time_zone": self._terms.zone.key} if change.last_day else {}
        sent = self._sent(change, line, lambda _: self._api.create_gift_card(change.number, amount, days))
        card = self._api.gift_card(change.number) if sent.against_rules else None
        if card is None:
            return self._because(line, sent.says, sent.outcome)
        if (repeated or not sent.first) and landed(sent.line, card, self._terms):
            return "written"
        now = change.seen(card, self._terms)
        if now == change.after and not change.operation_id:
            return "unchanged"
        return self._conflict(line, now)

    def _void(self, change: CardChange, line: RecordWrite) -> str:
        sent = self._sent(change, line, lambda _: self._api.void_gift_card(change.number))
        return self._because(line, sent.says, sent.outcome)

    def _add(self, change: CardChange, line: RecordWrite) -> str:
        """Add to a card, or take off it."""
        amount = self._terms.money.text(change.cents)
        sent = self._sent(
            change, line, lambda begun: self._api.add_transaction(change.number, amount, begun.request_key)
        )
        if sent.outcome == "written":
            self._look_after(change, line)
        outcome = "conflict" if sent.against_rules and self._is_moved(change) else sent.outcome
        return self._because(line, sent.says, outcome)

    def _sent(self, change: CardChange, planned: RecordWrite, send: Callable[[RecordWrite], object]) -> Sent:
        """Send a request between two entries in the journal."""
        line, first = self._journal.begin(planned)
        sent = Sent(line=line, first=first, outcome="written")
        try:
            send(line)
        except Unanswered:
            card = self._api.gift_card(change.number)
            return sent if card and landed(line, card, self._terms) else replace(sent, outcome="unknown")
        except (Unavailable, BudgetSpent):  # it was not sent
            if first:
                self._journal.withdraw(line)
            raise
        except Declined as no:
            self._journal.enter(replace(line, outcome="refused"))
            if no.is_about_access:
                raise
            return replace(sent, outcome="refused", says=no.says, against_rules=no.status == _AGAINST_RULES)
        return sent

    def _look_after(self, change: CardChange, line: RecordWrite) -> None:
        """Look whether a card is as planned after what we added; what it says is written, whether or not."""
        try:
            moved = self._is_moved(change, wanted=change.after)
        except (Unavailable, BudgetSpent):  # the read-back at the end of the run looks again
            return
        if moved:
            self._because(line, MOVED, "written")

    def _is_moved(self, change: CardChange, wanted: Record | None = None) -> bool:
        card = self._api.gift_card(change.number)
        return change.seen(card, self._terms) != (wanted or change.before)

    def _is_recorded(self, change: CardChange) -> bool:
        name = hash_of(change.operation_id)
        return self._journal.operations([name]).get(name) == change.operation

    def _conflict(self, line: RecordWrite, now: Record | None) -> str:
        return self._because(line, FINAL, "conflict") if now and now[2] == VOIDED else "conflict"

    def _because(self, line: RecordWrite, says: str, outcome: str) -> str:
        self.reasons.add(line.batch, says)
        return outcome

    def _list(self) -> list[Row]:
        """Return all cards, and settle by them what is open in the journal."""
        cards = list(by_gift_card(self._api.gift_cards))
        if still_open := self._journal.list_open():
            by_key = {key_hash(str(card["number"])): card for card in cards}
            for line in still_open:
                card = by_key.get(line.key_sha256)
                if card and landed(line, card, self._terms):
                    self._journal.enter(replace(line, outcome="written"))
        return cards


def _expect_same(lines: Iterable[RecordWrite], planned: list[CardChange], batch: BatchName) -> None:
    """Raise Refused where a batch of this name was begun with other changes."""
    known = all(
        line.rows == len(planned) and line.key_sha256 == key_hash(planned[line.position].number) for line in lines
    )
    if not known:
        raise Refused(f"Batch {batch.number} of plan {batch.plan_id} was written before, with other changes.")
