"""The customers of a Lightspeed eCom shop as a target, written by its interface one by one.

eCom keeps groups apart: they are looked at once a batch, and only where a change moves some. What is assumed: that
an address finds customers by the filter *email* (an answer with anybody else ends the run), and that a reference to
a group is its id or holds it. Nothing is assumed of whether addresses are unique: who was there before is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import polars as pl

from infra.connectors.lightspeed_ecom.api import EcomApi
from infra.connectors.lightspeed_ecom.groups import Groups, move, names_in, read_groups
from infra.connectors.lightspeed_ecom.lists import PER_PAGE
from infra.connectors.lightspeed_ecom.records import fields_of, record_of
from infra.connectors.web_customers.register import Change, Record
from infra.connectors.web_customers.target import written_one_by_one
from schemas.capabilities import CallCosts, CallWindow
from schemas.customer_systems import System
from schemas.problems import Problem, Refused, Unanswered

CAN = written_one_by_one(CallCosts(create=3, update=3, remove=2), final="a password")
"""Costs with one move between groups; each further one is one more."""
_CALLS_WITHOUT_GROUPS = 2
_CUSTOMERS = "customers"


class EcomRegister:
    """The customers of one shop."""

    def __init__(self, api: EcomApi, system: System) -> None:
        self._api = api
        self._system = system
        self._groups: Groups | None = None
        """Those of the batch at hand, where it moves some."""

    def everyone(self) -> Iterable[Record]:
        rows = self._api.everything(_CUSTOMERS, self.count)
        groups = self._all_groups()
        return [record_of(row, groups.of(str(row["id"])) if groups else "") for row in rows]

    def some(self, keys: Sequence[str]) -> Iterable[Record]:
        if len(keys) > self.count() // PER_PAGE + 1:
            wanted = set(keys)
            return [record for record in self.everyone() if record["customer_id"] in wanted]
        rows = [row for key in keys if (row := self._api.one(_CUSTOMERS, key))]
        groups = self._all_groups() if rows else None
        return [record_of(row, groups.of(str(row["id"])) if groups else "") for row in rows]

    def count(self) -> int:
        return self._api.count(_CUSTOMERS)

    def windows(self) -> tuple[CallWindow, ...]:
        return self._api.windows()

    def compared(self, changes: pl.DataFrame) -> tuple[str, ...]:
        moved = pl.col("groups_before").fill_null("") != pl.col("groups_after").fill_null("")
        moves = changes.filter(moved, pl.col("kind") != "remove").height > 0
        return tuple(column for column in self._system.holds if column != "groups" or moves)

    def prepare(self, columns: Sequence[str]) -> None:
        self._groups = read_groups(self._api) if "groups" in columns else None

    def expect_calls(self, change: Change) -> None:
        before, after = (set(names_in(change[f"groups_{side}"] or "")) for side in ("before", "after"))
        self._api.budget.expect(_CALLS_WITHOUT_GROUPS + (len(before ^ after) if change["kind"] != "remove" else 0))

    def one(self, key: str) -> Record | None:
        row = self._api.one(_CUSTOMERS, key)
        return record_of(row, self._group_names(key)) if row else None

    def having(self, email: str) -> Sequence[Record]:
        """Return whoever has this address.

        Raises:
            Refused: The filter finds others: nobody could be told from another then.
        """
        found = [
            record_of(row, self._group_names(str(row["id"]))) for row in self._api.some(_CUSTOMERS, {"email": email})
        ]
        if any(record["email"].lower() != email.lower() for record in found):
            raise Refused(
                "Lightspeed eCom does not find customers by their address: asked for one, it shows others. Nothing was "
                "written. Tell Lightspeed's support; until then use the target lightspeed_ecom_csv."
            )
        return found

    def objection(self, change: Change, now: Record | None) -> str:  # noqa: ARG002
        if change["kind"] == "remove":
            return ""
        blank = self._system.missing(change)
        if blank:
            return f"Lightspeed eCom takes no customer without {', '.join(blank)}: fill it in."
        unknown = self._groups.unknown(names_in(change["groups_after"] or "")) if self._groups else []
        if unknown:
            return f"There is no group {', '.join(map(repr, unknown))} in Lightspeed eCom: make it there first."
        return ""

    def create(self, wanted: Mapping[str, str]) -> Record:
        fields = fields_of({column: text for column, text in wanted.items() if text})
        return record_of(self._api.create(_CUSTOMERS, "customer", fields), "")

    def update(self, key: str, before: Mapping[str, str], after: Mapping[str, str]) -> Record | None:
        changed = {column: after[column] for column in after if after[column] != before[column]}
        if not changed.keys() - {"groups"}:
            return None
        row = self._api.update(_CUSTOMERS, "customer", key, fields_of(changed))
        return record_of(row, "") if row else None

    def complete(self, key: str, wanted: Mapping[str, str]) -> Record:
        """Move between groups; as the customer itself is written, a no to that is no no to all of it."""
        if self._groups is None:
            return {}
        try:
            move(self._api, self._groups, key, wanted["groups"])
        except Problem as problem:
            with suppress(Problem):
                self._groups = read_groups(self._api)
            raise Unanswered(f"{problem.says} The customer was written, its groups were not all.") from None
        return {"groups": self._groups.of(key)}

    def remove(self, key: str) -> None:
        self._api.delete(_CUSTOMERS, key)

    def _all_groups(self) -> Groups | None:
        return read_groups(self._api) if "groups" in self._system.holds else None

    def _group_names(self, key: str) -> str:
        return self._groups.of(key) if self._groups else ""
