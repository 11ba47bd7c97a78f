"""The words of ours that report tables have: what their columns are called, and what stands in cells.

By the name of a report table, so that runs of last year are said too. What no column here holds is somebody's own
word, the name of a product for one, and stays.
"""

from collections.abc import Mapping
from typing import get_args

from schemas.catalogue import CATALOGUE
from schemas.loyalty.cures import CAUSE_SENTENCES
from schemas.loyalty.decision_words import DECISION_WORDS
from schemas.loyalty.records import Action, FailureClass, FailureStatus, ReasonCode, Section, Who
from schemas.orders.records import SaleState
from schemas.sentences import Sentences
from tasks.core.wording.words import heading

_CHANGES = ("new", "reopened", "still open", "expired", "gone", "settled")
_KINDS = ("create", "update", "remove", "unchanged", "held", "conflict")
_OUTCOMES = ("written", "done", "unchanged", "held", "conflict", "refused", "unknown")
_LEVELS = ("before_milli", "sold_milli", "after_milli", "elsewhere_milli", "now_milli", "returned_milli", "agrees")
_SUMS = ("day", "month", "orders", "value_cents", "refunded_cents", "total_cents", "currency")
_ORDERS = ("number", "status", "state", "sold_at", "what", "changed_in", "fate", "line", "name", "detail", "what_to_do")
_PRODUCTS = ("description", "price_cents", "active", "tracks_stock", "source", "field", "in_shop", "quantity_milli")
_FAILURES = ("change", "section", "failures", "at_risk_cents", "customers", "status", "days_left", "who", "actions")
_DAYS = ("open", "new", "settled", *get_args(ReasonCode))
_BESIDE = ("kind", "code", "outcome", "active_before", "active_after", "decision")

COLUMNS = tuple(
    heading(name) for name in (*_LEVELS, *_SUMS, *_ORDERS, *_PRODUCTS, *_FAILURES, *_DAYS, *_BESIDE, "doubt")
)
"""What columns are called whose report table gives them no heading."""

TITLES = (
    *("Shop and till", "How many orders agree, and how many do not."),
    *("Missing at the till", "Import them by their ids."),
    *("Different", "What changed without moving its date, or at the till."),
    *("No longer in the shop", "Void them at the till, if they were no sales."),
    *("Total at the till", "State at the till", "Quantity at the till", "Net at the till", "Tax at the till"),
    *("in the shop", "Orders by day", "Orders by month", "Products that go with it", "Worth unknown"),
    *("SKU", "Product", "Outlet", "Below zero", "Put back at once"),
    "Sales that this plan writes, by the day they were ordered in; refunds are not taken off the value.",
    "Sales that this plan writes, by the month they were ordered in; refunds are not taken off the value.",
)
"""What report tables are called and say that are made several of a kind."""


def _spaced(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.replace("_", " ") for code in codes)


_SECTION: Mapping[str, Sentences] = {"section": get_args(Section)}
_CLASS: Mapping[str, Sentences] = {"failure_class": (*_spaced(get_args(FailureClass)), "not diagnosed")}
_STATES: Mapping[str, Sentences] = {name: get_args(SaleState) for name in ("state", "state_till")}
_HELD = [entry for entry in CATALOGUE.values() if entry.level == "held" and entry.code.startswith("ORDER_")]
_DECISIONS = tuple(DECISION_WORDS["en"].values())
_CODES = tuple(text for entry in _HELD for text in (entry.says, entry.remedy))

CELLS: Mapping[str, Mapping[str, Sentences]] = {
    "today": {**_SECTION, "change": _CHANGES},
    "expiring": _SECTION,
    "open-by-class": {**_SECTION, **_CLASS, "action": _spaced(get_args(Action))},
    "recovered": {**_SECTION, "status": get_args(FailureStatus)},
    "causes": {"says": CAUSE_SENTENCES, "who": get_args(Who)},
    "actions": {
        **_CLASS,
        "what": ("add purchase", "redeem", "undo and redeem again", "enter contact data"),
        "becomes": (
            "planned",
            "done",
            "conflict",
            "refused",
            "unknown",
            "not allowed yet",
            "for people: Astro has it with something else",
            "not done",
        ),
    },
    "decisions": {"decision": _DECISIONS, "outcome": ("entered", "doubted", "unchanged")},
    "doubts": {
        "decision": _DECISIONS,
        "doubt": (
            "the reward is not redeemed yet",
            "the till sold more than the card shows",
            "the programme is not joined yet",
            "Astro does not know the customer yet",
            "a redemption is not added by hand: write done",
            "the failure is about no programme",
            "the failure is about no new item",
        ),
    },
    "products-beside": {"kind": _KINDS, "outcome": _OUTCOMES},
    "new-products": {"what": ("new", "sold again")},
    "payments": {"mapped": ("yes", "no")},
    "held-lines": {"why": _CODES, "what_to_do": _CODES},
    "comparison": {
        "what": (
            "the same on both sides",
            "in the shop, not at the till",
            "not the same on both sides",
            "at the till, no longer in the shop",
        )
    },
    "missing": _STATES,
    "different": {**_STATES, "what": ("state", "worth", "content"), "changed_in": ("both", "shop", "till")},
    "gone": {**_STATES, "fate": ("trashed", "deleted")},
    "details-added": {"added": ("its number", "its buyer", "its time", "its lines")},
    "overwritten-in-shop": {"field": ("SKU", "name", "description", "price", "stock")},
    "places": {"what": ("outlet", "register"), "becomes": ("is there", "is made first")},
}
"""By report table and column, what may stand in its cells that is a word or a sentence of ours."""

TABLE_WORDS: Sentences = (
    *COLUMNS,
    *TITLES,
    *(text for columns in CELLS.values() for texts in columns.values() for text in texts),
)
