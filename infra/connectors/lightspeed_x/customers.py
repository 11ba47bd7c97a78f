"""The customers of Lightspeed X-Series as a target, written by its interface one by one.

A customer is known by the number in its code where it has one of its own, as cards and files do, else by Lightspeed's
id. Addresses may be those of many. A search finds whom to look at and may be a moment behind; what counts is the
customer itself, asked for by its id. What Lightspeed takes out of texts without a word, its answer to a write shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from infra.connectors.json_values import as_text
from infra.connectors.lightspeed_x.customer_calls import FOUND_ROWS, CustomerCalls
from infra.connectors.lightspeed_x.customer_records import changed_customer, code_of, new_customer, record_of
from infra.connectors.lightspeed_x.lists import Row, by_version
from infra.connectors.lightspeed_x.pacing import Pacer
from infra.connectors.web_customers.register import Change, Record
from infra.connectors.web_customers.target import written_one_by_one
from schemas.capabilities import CallCosts, CallWindow
from schemas.customer_systems import LIGHTSPEED_X_SYSTEM
from schemas.problems import Refused

CAN = replace(written_one_by_one(CallCosts(create=2, update=2, remove=2), final="history"), several_keys=True)
_FEW = 20
"""So many customers are asked for one by one; of more the whole list is cheaper, at a thousand a call."""
_MASK = "*"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """How a shop wants its customers written. *whole*: a change sends all of a customer, not what differs alone."""

    whole: bool = True
    may_email: bool = False


@dataclass
class XSeriesRegister:
    """The customers of one shop."""

    _calls: CustomerCalls
    _pacer: Pacer
    _writing: Writing
    _ids: dict[str, str] = field(default_factory=dict, repr=False)
    """Where customers with a number were last seen; each is verified when it is looked at."""
    _looked: dict[str, Row] = field(default_factory=dict, repr=False)
    """The customer that was looked at last, which the write that follows is laid over."""

    def everyone(self) -> Iterable[Record]:
        return [record_of(row, key) for key, row in self._keyed().items()]

    def some(self, keys: Sequence[str]) -> Iterable[Record]:
        if len(keys) <= _FEW:
            return [record for key in keys if (record := self.one(key))]
        there = self._keyed()
        there |= {str(row["id"]): row for row in there.values()}
        return [record_of(there[key], key) for key in keys if key in there]

    def count(self) -> int:
        return len(self._rows())

    def windows(self) -> tuple[CallWindow, ...]:
        return (self._pacer.window(),)

    def compared(self, changes: pl.DataFrame) -> tuple[str, ...]:  # noqa: ARG002
        return LIGHTSPEED_X_SYSTEM.holds

    def prepare(self, columns: Sequence[str]) -> None:
        """Prepare nothing: all that is known of a customer is in one place."""

    def expect_calls(self, change: Change) -> None:
        """Expect nothing: each call waits for its turn."""

    def one(self, key: str) -> Record | None:
        customer_id = self._id_of(key)
        row = self._calls.one(customer_id) if customer_id else None
        if row is None or (key.isdigit() and code_of(row) != key):
            return None
        _expect_unmasked([row])  # a change sends all of a customer, and would write the mask over the address
        self._looked = {key: row}
        return record_of(row, key)

    def having(self, email: str) -> Sequence[Record]:
        """Return whoever has this address; nobody has an empty one.

        Raises:
            Refused: The search finds others, and so many that whoever has it may not be among them.
        """
        rows = self._calls.some(email=email) if email else ()
        same = [row for row in rows if _has(row, email)]
        if len(rows) >= FOUND_ROWS and len(same) < len(rows):
            raise Refused(
                "Lightspeed does not find customers by their address: asked for one, it shows many others. Nothing was "
                "written. Tell Lightspeed's support."
            )
        now = [row for each in same if (row := self._calls.one(str(each["id"])))]
        return [record_of(row, _key(row)) for row in now if _has(row, email)]

    def objection(self, change: Change, now: Record | None) -> str:  # noqa: ARG002
        """Object to nothing: Lightspeed takes customers without an address, and even without a name."""
        return ""

    def create(self, wanted: Mapping[str, str]) -> Record:
        row = self._calls.create(new_customer(wanted, do_not_email=not self._writing.may_email))
        return record_of(row, _key(row))

    def update(self, key: str, before: Mapping[str, str], after: Mapping[str, str]) -> Record | None:
        row = self._looked[key]
        changed = {column: after[column] for column in after if after[column] != before[column]}
        body = changed_customer(row, changed, whole=self._writing.whole)
        return record_of(self._calls.update(str(row["id"]), body), key)

    def complete(self, key: str, wanted: Mapping[str, str]) -> Record:  # noqa: ARG002
        """Return nothing: all that is known of a customer is in one place."""
        return {}

    def remove(self, key: str) -> None:
        self._calls.delete(str(self._looked[key]["id"]))

    def _id_of(self, key: str) -> str:
        """Return Lightspeed's id of a customer, nothing where not just one is found by a number."""
        if not key.isdigit():
            return key
        if key not in self._ids:
            found = [str(row["id"]) for row in self._calls.some(customer_code=key) if code_of(row) == key]
            if len(found) != 1:
                return ""
            self._ids[key] = found[0]
        return self._ids[key]

    def _keyed(self) -> dict[str, Row]:
        """Return all customers by key: a number that several have is nobody's."""
        rows = self._rows()
        many = Counter(code_of(row) for row in rows)
        keyed = {code if many[code := code_of(row)] == 1 and code else str(row["id"]): row for row in rows}
        self._ids = {key: str(row["id"]) for key, row in keyed.items()}
        return keyed

    def _rows(self) -> list[Row]:
        return list_customers(self._calls)


def list_customers(calls: CustomerCalls) -> list[Row]:
    """Return all customers as they are now; who changed while the list was read is on it twice, the last counts.

    Raises:
        Refused: All addresses are masked.
    """
    rows = {str(row["id"]): row for row in by_version(calls.page)}
    there = [row for row in rows.values() if not row.get("deleted_at")]
    _expect_unmasked(there)
    return there


def _key(row: Row) -> str:
    return code_of(row) or str(row["id"])


def _has(row: Row, email: str) -> bool:
    return as_text(row.get("email")).lower() == email.lower()


def _expect_unmasked(rows: Sequence[Row]) -> None:
    """Expect addresses to be shown.

    Raises:
        Refused: All are masked: nobody would be known again, and everybody created a second time.
    """
    addresses = [text for row in rows if (text := as_text(row.get("email")))]
    if addresses and all(_MASK in text for text in addresses):
        raise Refused(
            "Lightspeed shows customers with their addresses masked, so nobody can be known again. Nothing was "
            "changed. Give the user of this login the right to see customers' details, then run again."
        )
