"""Failures by parts are what they are as a whole, however they are cut."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.loyalty.causes import add_causes, name_causes, tally_causes
from tasks.core.loyalty.diagnosis import NO_KEYS, as_enrolled, decide, enrolments
from tasks.core.loyalty.news import news_of, newsworthy
from tasks.core.loyalty.partitions import cut
from tasks.core.loyalty.slices import SLICES, with_slices
from tasks.core.loyalty.sweep import changes_on
from tasks.core.loyalty.sweep_tables import add_report_tables, rows_of_table, tally_report_tables
from tasks.core.loyalty.worklist import lay_out, most_pressing, to_do
from tests.core.loyalty.test_diagnosis import CASES
from tests.examples import costly
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state

NO_NAMES = pl.DataFrame(schema=dict.fromkeys(("failure_key", "customer_name", "customer_link"), pl.String))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 30))
def test_every_slice_is_in_one_part_and_only_a_large_slice_makes_a_large_part(sizes: list[int], most: int):
    parts = list(cut(sizes, most))

    assert [number for part in parts for number in part] == list(range(len(sizes)))
    assert all(
        sum(sizes[number] for number in part) <= max(most, *(sizes[number] for number in part)) for part in parts
    )


def test_all_of_a_customer_is_in_one_slice_and_nobodys_are_spread():
    rows = pl.DataFrame({"customer_id": ["77", "77", "", ""], "failure_key": ["0a", "ff", "00", "fe"]})

    first, second, *nobodys = with_slices(rows)["slice"]
    assert first == second
    assert nobodys == [0, 254]


@dataclass(frozen=True)
class Failure:
    """One of the labelled cases, as it befell somebody."""

    case: dict[str, str]
    customer: str
    worth: int | None
    sale: str
    days_ago: int
    status: str
    decision: str | None


FAILURES = st.builds(
    Failure,
    case=st.sampled_from(CASES),
    customer=st.sampled_from(["", "P-1", "P-2", "P-3", "P-4"]),
    worth=st.none() | st.integers(0, 99_999),
    sale=st.sampled_from(["S-1", "S-2", ""]),
    days_ago=st.integers(0, 40),
    status=st.sampled_from(["open", "open", "open", "hidden", "expired"]),
    decision=st.sampled_from([None, None, "enrolled", "wrong"]),
)


def rows_of(failures: list[Failure]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lay out states and evidence, in the order of slices."""
    states, known = [], []
    for number, each in enumerate(failures):
        name = f"{number * 7_919 % 251:02x}{number:062x}"
        about: dict[str, Any] = {"failure_key": name, "customer_id": each.customer, "status": each.status}
        about |= {"occurred_at": datetime(2026, 11, 26, 9, tzinfo=UTC) - timedelta(days=each.days_ago)}
        about |= {"first_seen_on": DAY - timedelta(days=each.days_ago // 2), "decision": each.decision}
        if "reward" not in each.case:
            about |= {"transaction_id": each.sale}
        settled = {} if each.status == "open" else {"settled_on": DAY - timedelta(days=each.days_ago // 3)}
        states.append(state(each.case, **about, **settled))
        known.append(evidence(each.case, failure_key=name, value_cents=each.worth))
    laid = with_slices(pl.DataFrame(states, schema=STATES)).sort("slice", "failure_key")
    return laid, pl.DataFrame(known, schema=EVIDENCE)


def swept(failures: list[Failure], most: int) -> dict[str, Any]:
    """Do what a sweep does after its evidence, in parts of so many failures, and return all that it tells."""
    laid, known = rows_of(failures)
    sizes = [laid.filter(slice=number).height for number in range(SLICES)]
    parts = [laid.filter(pl.col("slice").is_in(list(part))).drop("slice") for part in cut(sizes, most)]
    opened = [part.filter(status="open") for part in parts]
    beside = [part.select("failure_key").join(known, on="failure_key", maintain_order="left") for part in opened]
    programmes = pl.concat([enrolments(*pair) for pair in zip(opened, beside, strict=True)]).unique()
    found = [decide(rows, as_enrolled(proof, programmes), DAY) for rows, proof in zip(opened, beside, strict=True)]
    changes = [changes_on(part, DAY, DAY - timedelta(days=1)) for part in parts]
    diagnosed = [
        part.drop("failure_class", "at_risk_cents").join(
            each.select("failure_key", "failure_class", "at_risk_cents", "action"), on="failure_key", how="left"
        )
        for part, each in zip(parts, found, strict=True)
    ]
    tally = add_report_tables([tally_report_tables(*pair, DAY) for pair in zip(diagnosed, changes, strict=True)])
    told_news = pl.concat([newsworthy(*three) for three in zip(opened, found, changes, strict=True)])
    causes = add_causes([tally_causes(*pair, DAY) for pair in zip(opened, found, strict=True)])
    pressing = [to_do(rows, each, NO_NAMES) for rows, each in zip(opened, found, strict=True)]
    return {
        "diagnoses": pl.concat(found).sort("failure_key").rows(),
        "causes": name_causes(causes, currency="EUR").rows(),
        "worklist": lay_out(most_pressing(pressing, 5), currency="EUR").rows(),
        "news": news_of(told_news, NO_KEYS, day="today", currency="EUR"),
        **{name: rows.rows() for name, rows in rows_of_table(tally, DAY, "EUR").items()},
    }


@costly
@given(st.lists(FAILURES, max_size=14), st.integers(1, 6))
def test_what_a_sweep_tells_is_the_same_in_one_part_and_in_several(swept_failures: list[Failure], most: int):
    assert swept(swept_failures, most) == swept(swept_failures, 1_000_000)


def test_what_somebody_wrote_about_one_failure_is_heeded_in_every_part():
    not_enrolled = {"reason": "no_items_found", "programme": "Buy 12", "enrolled": "no"}
    strangers = [
        Failure(not_enrolled, f"P-{n}", 100, f"S-{n}", 1, "open", "enrolled" if n == 0 else None) for n in range(5)
    ]
    classes = {row[1] for row in swept(strangers, 1)["diagnoses"]}
    assert classes == {"rerun"}
