"""One batch of customers on its way: each is looked at, entered in the journal, sent, and entered again."""

from dataclasses import dataclass

from infra.connectors import Journal
from infra.connectors.batch_reasons import BatchReasons
from infra.connectors.web_customers.intents import RECALLED, Intent, fingerprint, intent_of
from infra.connectors.web_customers.register import Change, IssuedKeys, Record, Register
from schemas.domain import CREATED_AS
from schemas.problems import BudgetSpent, Declined, Unanswered, Unavailable
from schemas.records import BatchName

_SENT_AGAIN = 2
_NOT_FOUND = (
    "A new customer was sent, not answered for, and is not found: it may still be on its way. Run the same again "
    "later: who is there then is known."
)
_IN_PART = (
    "Of a customer who was sent and not answered for, the system shows a part, or what somebody else wrote since. Look "
    "at it there, and run the same again."
)


@dataclass(frozen=True, kw_only=True)
class BatchWriting:
    """One batch on its way: *entries* of the journal are those of its changes so far, in order."""

    name: BatchName
    columns: tuple[str, ...]
    entries: list[str]
    reasons: BatchReasons
    register: Register
    journal: Journal
    issued: IssuedKeys

    def answer(self, number: int, change: Change) -> str:
        """Carry out the change of that *number*; one that an earlier attempt settled is not asked for again."""
        earlier = self.entries[number] if number < len(self.entries) else ""
        begun = intent_of(earlier)
        if earlier and begun is None:
            return RECALLED.get(earlier, earlier)
        self.register.expect_calls(change)
        outcome = self._act(number, change, begun)
        if outcome != "unknown":
            self._enter(number, outcome)
        return outcome

    def _act(self, number: int, change: Change, begun: Intent | None) -> str:
        """Look, and write where the record is as planned. What an earlier attempt had begun counts as its own."""
        before, after = self._side(change, "before"), self._side(change, "after")
        now = self._now(change)
        if self._same(now, after):
            self._keep_key(change, now if begun else None)
            return "written" if begun else "unchanged"
        if not self._same(now, before):
            return self._unknown(_IN_PART) if begun else "conflict"
        if begun and begun.creates:
            return self._unknown(_NOT_FOUND)
        if why := self._objection(change, now):
            return self._refused(why)
        self._enter(number, self._intent(change, after).entry())
        try:
            lost = self._send(change, before, after)
        except Declined as no:
            if no.is_about_access:
                self._withdraw(number)
                raise
            return self._refused(str(no))
        except (Unavailable, BudgetSpent):  # nothing was sent
            self._withdraw(number)
            raise
        return self._look_for(change, before, after, lost) if lost else "written"

    def _look_for(self, change: Change, before: Record | None, after: Record | None, lost: str) -> str:
        """Settle a write whose answer was *lost*; one that did not land and can be repeated is, a few times."""
        for _ in range(_SENT_AGAIN):
            now = self._now(change)
            if self._same(now, after):
                self._keep_key(change, now)
                return "written"
            if before is None or not self._same(now, before):
                break
            try:
                if not self._send(change, before, after):
                    return "written"
            except Declined as no:  # it is the second that was turned down; the first may still land
                return self._unknown(str(no))
        return self._unknown(lost)

    def _send(self, change: Change, before: Record | None, after: Record | None) -> str:
        """Write, and return why it is not known whether that landed, nothing where it is."""
        try:
            self._check(self._written(change, before, after), after)
        except Unanswered as lost:
            return lost.says
        return ""

    def _written(self, change: Change, before: Record | None, after: Record | None) -> Record | None:
        key = change["customer_id"]
        if after is None:
            self.register.remove(key)
            return None
        if before is not None:
            shown = self.register.update(key, before, after)
            return self._completed(key, shown, after)
        created = self.register.create(after)
        self._keep_key(change, created)
        return self._completed(created["customer_id"], created, after)

    def _completed(self, key: str, shown: Record | None, after: Record) -> Record | None:
        apart = self.register.complete(key, after)
        return shown and shown | apart

    def _check(self, shown: Record | None, after: Record | None) -> None:
        """Say which columns the system answered otherwise than they were sent; the read-back finds the records."""
        if shown and after:
            others = [column for column in self.columns if shown[column] != after[column]]
            if others:
                says = f"The system took a customer and holds something else in: {', '.join(others)}."
                self.reasons.add(self.name, says)

    def _now(self, change: Change) -> Record | None:
        """Return the record that a change is about; of a new customer whoever was created so, or has the address."""
        if not change["customer_id"].startswith(CREATED_AS):
            return self.register.one(change["customer_id"])
        if not change["email_after"]:
            return None
        known = self.issued.find([change["customer_id"]]).values()
        created = next((record for key in known if (record := self.register.one(key))), None)
        found = [created] if created else self.register.having(change["email_after"])
        after = self._side(change, "after")
        return next((record for record in found if self._same(record, after)), next(iter(found), None))

    def _objection(self, change: Change, now: Record | None) -> str:
        if change["kind"] == "create" and not change["customer_id"].startswith(CREATED_AS):
            return "A customer who was removed does not come back under the same number: import the file again."
        if change["kind"] == "remove" and not self.issued.created(change["customer_id"]):
            return "Only customers who were created from here are removed."
        return self.register.objection(change, now)

    def _side(self, change: Change, side: str) -> Record | None:
        values = {column: change[f"{column}_{side}"] for column in self.columns}
        return None if all(value is None for value in values.values()) else values

    def _same(self, one: Record | None, other: Record | None) -> bool:
        return fingerprint(one, self.columns) == fingerprint(other, self.columns)

    def _intent(self, change: Change, after: Record | None) -> Intent:
        return Intent(
            key=change["customer_id"],
            at=change["email_after"] or "",
            columns=self.columns,
            wanted=fingerprint(after, self.columns),
        )

    def _keep_key(self, change: Change, record: Record | None) -> None:
        if record and change["customer_id"].startswith(CREATED_AS):
            self.issued.keep(change["customer_id"], record["customer_id"])

    def _enter(self, number: int, entry: str) -> None:
        self.entries[number : number + 1] = [entry]
        self.journal.remember(self.name, self.entries)

    def _withdraw(self, number: int) -> None:
        """Take back an intent; of an earlier attempt, behind which others stand, it says nothing wrong."""
        if number == len(self.entries) - 1:
            self.entries.pop()
            self.journal.remember(self.name, self.entries)

    def _refused(self, why: str) -> str:
        self.reasons.add(self.name, why)
        return "refused"

    def _unknown(self, why: str) -> str:
        self.reasons.add(self.name, why)
        return "unknown"
