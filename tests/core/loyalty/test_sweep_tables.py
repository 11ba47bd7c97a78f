"""What the report of a sweep counts: by day, by what is left of the time, by how long it took."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import polars as pl

from schemas.loyalty.records import FailureStates, ReasonCode
from tasks.core.loyalty.action_counts import action_rows
from tasks.core.loyalty.news import news_of, newsworthy
from tasks.core.loyalty.sweep_outcome import in_words
from tasks.core.loyalty.sweep_tables import rows_of_table, tally_report_tables

DAY = date(2026, 11, 20)
CHANGES = pl.DataFrame(schema={"failure_key": pl.String, "change": pl.String, "warned_days": pl.Int64})


def states(*failures: dict[str, Any]) -> pl.DataFrame:
    """Failures that differ from a plain one as said."""
    schema = {name: column.dtype.type for name, column in FailureStates.to_schema().columns.items()}
    rows = []
    for number, given in enumerate(failures):
        on = given.get("occurred_on", DAY)
        at = datetime(on.year, on.month, on.day, 17, 45, tzinfo=UTC)
        plain = {"failure_key": f"{number:064x}", "source": "report", "section": "transaction", "status": "open"}
        plain |= dict.fromkeys(("customer_id", "reward_id", "transaction_id", "upc", "program"), "")
        plain |= {"occurred_at": at, "occurred_on": on, "reason": "No Items Found", "reason_code": "no_items_found"}
        plain |= {"expires_at": at + timedelta(days=30), "expires_on": on + timedelta(days=30)}
        rows.append(plain | {"first_seen_on": on, "last_seen_on": on, "at_risk_cents": 1000} | given)
    return pl.DataFrame(rows, schema=schema).with_columns(action=pl.lit("worklist"))


def shown(name: str, *failures: dict[str, Any], changes: pl.DataFrame = CHANGES) -> list[tuple[Any, ...]]:
    return table_of(name, *failures, changes=changes).rows()


def table_of(name: str, *failures: dict[str, Any], changes: pl.DataFrame = CHANGES, day: date = DAY) -> pl.DataFrame:
    return rows_of_table(tally_report_tables(states(*failures), changes, day), day, "EUR")[name]


def test_what_expires_soon_counts_under_every_warning_that_it_is_within():
    found = shown("expiring", {"expires_on": DAY + timedelta(days=2)}, {"expires_on": DAY + timedelta(days=9)})

    assert found == [(3, "transaction", 1, 1000, 0, "EUR"), (7, "transaction", 1, 1000, 0, "EUR")]


def test_each_day_shows_what_was_open_at_its_end():
    old = DAY - timedelta(days=40)
    found = shown(
        "thirty-days",
        {"occurred_on": old},
        {"occurred_on": old, "status": "resolved", "settled_on": DAY},
        {"occurred_on": DAY - timedelta(days=1)},
    )

    assert found[-3:] == [
        (DAY - timedelta(days=2), 2, 0, 0),
        (DAY - timedelta(days=1), 3, 1, 0),
        (DAY, 2, 0, 1),
    ]


def test_what_was_open_before_the_first_day_shown_is_open_until_it_is_settled():
    found = shown("thirty-days", {"occurred_on": DAY - timedelta(days=40), "status": "hidden", "settled_on": DAY})

    assert [row[1] for row in found] == [1] * 29 + [0]


def test_each_of_thirty_days_counts_its_failures_by_reason_and_days_without_any_are_shown_too():
    found = shown(
        "failures-by-day",
        {"occurred_on": DAY},
        {"occurred_on": DAY, "reason_code": "other"},
        {"occurred_on": DAY},
        {"occurred_on": DAY - timedelta(days=30)},
    )

    reasons = get_args(ReasonCode)
    counts = {"no_items_found": 2, "other": 1}
    assert [row[0] for row in found] == [DAY - timedelta(days=back) for back in range(29, -1, -1)]
    assert [sum(row[1:]) for row in found] == [0] * 29 + [3]
    assert dict(zip(reasons, found[-1][1:], strict=True)) == {reason: counts.get(reason, 0) for reason in reasons}


def test_a_shop_without_any_failure_has_thirty_days_of_none():
    nothing = states({}).clear()
    drawn = rows_of_table(tally_report_tables(nothing, CHANGES, DAY), DAY, "EUR")

    assert {name: drawn[name].drop("day").sum().row(0) for name in ("thirty-days", "failures-by-day")} == {
        "thirty-days": (0, 0, 0),
        "failures-by-day": (0,) * len(get_args(ReasonCode)),
    }


def weeks(*days: date, day: date = DAY) -> list[tuple[Any, ...]]:
    """Weeks with their failures in all and the change, of a failure on each of *days*."""
    found = table_of("failures-by-week", *({"occurred_on": each} for each in days), day=day)
    return found.select("week_of", "failures", "change_share").rows()


MONDAY = date(2026, 11, 16)
"""Of the week of DAY, which is a Friday."""


def test_a_week_begins_on_monday_and_those_without_failures_are_shown_from_the_first_that_has_any():
    found = weeks(MONDAY - timedelta(days=15), MONDAY - timedelta(days=1), MONDAY, DAY)

    assert [row[:2] for row in found] == [
        (MONDAY - timedelta(days=21), 1),
        (MONDAY - timedelta(days=14), 0),
        (MONDAY - timedelta(days=7), 1),
        (MONDAY, 2),
    ]


def test_a_week_counts_its_failures_by_reason():
    found = table_of("failures-by-week", {}, {"reason_code": "other"}, {}).to_dicts()

    assert {name: count for name, count in found[0].items() if count} == {
        "week_of": MONDAY,
        "failures": 3,
        "no_items_found": 2,
        "other": 1,
    }


def test_a_week_that_is_over_is_compared_with_the_four_weeks_before_it():
    before = [MONDAY - timedelta(days=7 * week) for week in (2, 3, 4, 5, 5)]
    week = [MONDAY - timedelta(days=5)] * 3
    found = weeks(*before, *week, MONDAY)

    assert [change for _, _, change in found] == [None] * 4 + [3 / 1.25 - 1, None]
    assert weeks(*before, *week, MONDAY, day=MONDAY + timedelta(days=6))[-1] == (MONDAY, 1, 1 / 1.5 - 1)


def test_twelve_weeks_are_shown_of_many_and_those_before_them_still_say_what_is_usual():
    found = weeks(*(MONDAY - timedelta(days=7 * week) for week in range(20)))

    assert [row[0] for row in found] == [MONDAY - timedelta(days=7 * week) for week in range(11, -1, -1)]
    assert [row[2] for row in found] == [0.0] * 11 + [None]


def test_failures_after_the_day_of_the_sweep_count_for_no_week_of_it():
    assert weeks(MONDAY, DAY, day=MONDAY) == [(MONDAY, 1, None)]


def test_a_shop_without_any_failure_has_one_week_of_none():
    drawn = rows_of_table(tally_report_tables(states({}).clear(), CHANGES, DAY), DAY, "EUR")["failures-by-week"]

    assert drawn.row(0) == (MONDAY, 0, None, *[0] * len(get_args(ReasonCode)))


def test_what_was_settled_this_month_is_counted_by_how():
    settled = {"status": "resolved", "settled_on": DAY}
    before = {"status": "resolved", "settled_on": DAY.replace(day=1) - timedelta(days=1)}

    assert shown("recovered", settled, settled, before) == [("resolved", "transaction", 2, 2000, 0, "EUR")]


def test_a_settlement_counts_by_its_week_and_how_long_it_took():
    week = DAY - timedelta(days=DAY.weekday())
    took = [{"occurred_on": DAY - timedelta(days=n), "status": "hidden", "settled_on": DAY} for n in (1, 3, 8)]

    assert shown("time-to-resolution", *took) == [(week, 3, 3)]


def test_a_week_in_which_nothing_was_settled_is_shown_between_those_in_which_something_was():
    took = [{"occurred_on": on, "status": "hidden", "settled_on": on} for on in (DAY, DAY - timedelta(days=14))]

    assert [row[1:] for row in shown("time-to-resolution", *took)] == [(1, 0), (0, None), (1, 0)]


def news(*given: tuple[str, str, int | None], done: Sequence[int] = ()) -> Any:
    """News of failures by action, change and warning, of which the run put some right."""
    rows = states(*({} for _ in given)).with_columns(action=pl.Series([action for action, _, _ in given]))
    changes = [(f"{n:064x}", change, warned) for n, (_, change, warned) in enumerate(given)]
    found = pl.DataFrame(changes, schema=CHANGES.schema, orient="row")
    right = pl.Series([f"{n:064x}" for n in done], dtype=pl.String)
    return news_of(newsworthy(rows, rows, found), right, day=DAY.isoformat(), currency="EUR")


def test_news_are_what_is_new_and_what_expires_within_three_days_and_nothing_else():
    found = news(("worklist", "new", None), ("worklist", "still_open", 3), ("worklist", "still_open", 7))

    assert found.subject == "Loyalty failures: 1 new, 1 about to expire"
    assert found.lines == (
        "1 purchase new at risk: 10.00 EUR",
        "1 purchase about to expire, within 3 days: 10.00 EUR",
    )
    assert news(("hide", "new", None), ("worklist", "still_open", None)) is None


def test_the_same_news_have_the_same_name_and_others_another():
    first, again = news(("worklist", "new", None)), news(("worklist", "new", None))

    assert first.name == again.name != news(("worklist", "new", None), ("worklist", "new", None)).name


def test_what_the_run_put_right_itself_is_no_news():
    found = news(("worklist", "new", None), ("add_purchase", "new", None), done=[1])

    assert found.lines == ("1 purchase new at risk: 10.00 EUR",)
    assert news(("add_purchase", "new", None), done=[0]) is None


def test_who_was_asked_and_told_before_the_run_acted_is_not_told_the_rest_again():
    failures = [("worklist", "new", None), ("add_purchase", "new", None)]

    assert news(*failures).name == news(*failures, done=[1]).name


def test_what_astro_is_asked_is_counted_by_what_becomes_of_it():
    changes = pl.DataFrame(
        [
            ("purchase/77/S-1", "create", None, "", "purchase_missing", "written"),
            ("purchase/78/S-2", "create", None, "", "purchase_missing", "written"),
            ("reward/77/R-1", "update", "incomplete", "", "contact_missing", "refused"),
            ("owner/77", "update", "known", "", "contact_missing", "written"),
            ("reward/79/R-2", "held", None, "LOYALTY_WAITS", "reward_waiting", None),
        ],
        schema=["action_key", "kind", "standing_before", "code", "detail", "outcome"],
        orient="row",
    )
    wanted = changes.select("action_key", failure_key=pl.Series(["a", "b", "c", "c", "d"]))
    at_risk = pl.DataFrame({"failure_key": ["a", "b", "c", "d"], "at_risk_cents": [1000, 500, 2000, None]})

    shown = action_rows(changes, wanted, at_risk, "EUR").drop("currency").rows()

    assert shown == [
        ("enter contact data", "contact missing", "done", 1, None),
        ("add purchase", "purchase missing", "done", 2, 1500),
        ("redeem", "reward waiting", "not allowed yet", 1, None),
        ("undo and redeem again", "contact missing", "refused", 1, 2000),
    ]
    planned = action_rows(changes.drop("outcome"), wanted, at_risk, "EUR")
    assert set(planned["becomes"]) == {"planned", "not allowed yet"}


def test_money_that_nobody_knows_is_not_nothing():
    unknown, known = {"at_risk_cents": None, "failure_class": "not_enrolled"}, {"failure_class": "duplicate"}

    found = shown("open-by-class", unknown, unknown, known, {"at_risk_cents": None, "failure_class": "duplicate"})

    assert [row[1:2] + row[3:6] for row in found] == [("duplicate", 2, 1000, 1), ("not enrolled", 2, None, 2)]
    tally = pl.DataFrame({"failures": [2, 2], "at_risk_cents": [1000, 0], "unknown": [1, 2]})
    assert in_words(tally, "EUR") == "10.00 EUR, and nobody knows of 3"
    assert in_words(tally.tail(1), "EUR") == "nobody knows"
    assert in_words(tally.clear(), "EUR") == "0.00 EUR"
