"""Failures and what is known of them, drawn as one line each: blank is unknown, ``none`` is an empty answer."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from schemas.loyalty.records import Evidence, FailureStates
from tasks.core.loyalty.diagnosis import decide
from tests.timelines import key

DAY = date(2026, 11, 26)
STATES = {name: dtype.type for name, dtype in FailureStates.to_schema().dtypes.items()}
EVIDENCE = {name: dtype.type for name, dtype in Evidence.to_schema().dtypes.items()}
COLUMNS = {
    "known": "customer_known",
    "reward": "reward_state",
    "missing": "missing_contact",
    "at hand": "contact_at_hand",
    "free ok": "free_item_eligible",
    "item": "free_item_id",
    "cheapest": "cheapest_item_id",
    "bought": "bought_milli",
    "free": "free_milli",
    "on card": "recorded_milli",
    "same id": "recorded_with_id",
    "later": "recorded_later_milli",
    "programme": "programme",
    "maker": "brand_programme",
    "enrolled": "enrolled",
    "has card": "has_card",
    "similar": "similar_item",
}
"""The headings of drawn cases, and the column of Evidence that each stands for."""


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("||", "|").split("|")]


def cases(drawn: str) -> list[dict[str, str]]:
    heading, *lines = [line for line in drawn.strip().splitlines() if line.strip() and set(line.strip()) - set("-+|")]
    return [dict(zip(cells(heading), cells(line), strict=True)) for line in lines]


def state(case: Mapping[str, str], **values: Any) -> dict[str, Any]:
    section = "redemption" if "reward" in case else "transaction"
    at = datetime(2026, 11, 26 if case.get("day") == "today" else 20, 17, 45, tzinfo=UTC)
    about = (
        {"reward_id": "1990367"} if section == "redemption" else {"transaction_id": "S-9001-1", "upc": "012345678905"}
    )
    texts = dict.fromkeys(("customer_id", "reward_id", "transaction_id", "upc", "program", "reason"), "")
    state = {
        **dict.fromkeys(STATES),
        **texts,
        **about,
        "failure_key": key("A"),
        "source": "report",
        "section": section,
        "customer_id": "P-77",
        "occurred_at": at,
        "reason_code": case["reason"],
        "first_seen_on": DAY,
        "last_seen_on": DAY,
        "status": "open",
        **values,
    }
    occurred = state["occurred_at"]
    state |= {"occurred_on": occurred.date(), "expires_at": occurred + timedelta(days=30)}
    return state | {"expires_on": (occurred + timedelta(days=30)).date()}


def evidence(case: Mapping[str, str], **values: Any) -> dict[str, Any]:
    answers = {COLUMNS[name]: _answer(COLUMNS[name], text) for name, text in case.items() if name in COLUMNS}
    return {**dict.fromkeys(EVIDENCE), "failure_key": key("A"), **answers, **values}


def _answer(column: str, text: str) -> Any:
    if text == "":
        return None
    if EVIDENCE[column] == pl.Boolean:
        return {"yes": True, "no": False}[text]
    if column.endswith("_milli"):
        return int(float(text) * 1000)
    return "" if text == "none" else text


def diagnose(*rows: tuple[dict[str, Any], dict[str, Any]], day: date = DAY) -> pl.DataFrame:
    states = pl.DataFrame([state for state, _ in rows], schema=STATES)
    return decide(states, pl.DataFrame([known for _, known in rows], schema=EVIDENCE), day)


def diagnosed(case: Mapping[str, str], state_told: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """Diagnose one drawn case."""
    return diagnose((state(case, **(state_told or {})), evidence(case, **values))).row(0, named=True)
