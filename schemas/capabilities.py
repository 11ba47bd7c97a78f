"""What a system can promise of its records: how a write is guarded, what can be undone, how many calls it takes.

How long writing takes under a budget of calls is decided in ``tasks.core.planning.call_budgets``.
"""

from dataclasses import dataclass
from typing import Literal

Guard = Literal["compare_and_set", "look_then_write", "keyed", "blind"]
"""How a write is kept from overwriting what somebody else did meanwhile: in the system itself, by looking just before,
by a key that the system takes once, or not at all."""
Kind = Literal["create", "update", "remove"]
"""What can be done to a record."""
EVERY_KIND: frozenset[Kind] = frozenset({"create", "update", "remove"})


@dataclass(frozen=True, kw_only=True)
class CallCosts:
    """Calls that writing one record takes, with the look before and after it."""

    create: int
    update: int
    remove: int


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a target can promise; what it cannot, we do not pretend.

    ``guard`` is how a write is kept from overwriting what somebody else did meanwhile, ``unit`` what lands as a whole.
    ``batch_rows`` is the largest batch it takes at once, None where any size will do. One that does not
    *list all* its records is only ever asked for some, by key. ``costs`` are the calls that a record takes, where the
    system counts calls (``CountsCalls``). ``final`` says in words what no undo brings back. Where a removed record
    stays, with *removed_as* in its status, that is final: it counts as gone, and nothing brings it back. It can be told
    changes of the kinds it *takes*; the others are for a person's hands. Where records have *several keys*, a list of
    all shows each under one, and any finds it. A sale in a state in which its *buyer stays* is linked to nobody else.
    """

    operation_ids: bool
    read_back: bool
    undo: bool
    guard: Guard
    unit: Literal["batch", "record"]
    costs: CallCosts | None = None
    final: str = ""
    removed_as: str = ""
    batch_rows: int | None = None
    list_all: bool = True
    takes: frozenset[Kind] = EVERY_KIND
    several_keys: bool = False
    buyer_stays: frozenset[str] = frozenset()

    @property
    def finds_by_key_only(self) -> bool:
        """Whether records in question are asked for by their keys, however many they are."""
        return self.several_keys or not self.list_all


@dataclass(frozen=True, kw_only=True)
class CallWindow:
    """A system takes *calls* calls in any *seconds*; *left* of them are left now."""

    calls: int
    seconds: int
    left: int


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What writing a plan takes of a system that counts calls, and what undoing it would; times are upper bounds."""

    calls: int
    seconds: int
    undo_calls: int
    undo_seconds: int
