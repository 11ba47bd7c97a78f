"""What people decided about failures, held against what Astro and the till say today, and what is remembered of it.

A decision that the evidence is against is not entered: it is held, and told with the reason. Without evidence a
person is believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.columns import shape_of
from schemas.loyalty.records import FailureStates

_KEY = "failure_key"
_COLUMNS = tuple(shape_of(FailureStates))

_TABLE = """
decision        | section     | reason         | missing | class                                                              || status    | doubt
wrong           |             |                |         |                                                                    || open      |
hide            | redemption  |                |         | reward_waiting/reward_in_history/contact_missing/item_not_eligible ||           | the reward is not redeemed yet
hide            | transaction |                | yes     |                                                                    ||           | the till sold more than the card shows
hide            |             |                |         | duplicate                                                          || duplicate |
hide            |             |                |         |                                                                    || hidden    |
done            | redemption  |                |         | reward_waiting/reward_in_history/contact_missing/item_not_eligible ||           | the reward is not redeemed yet
done            | transaction |                | yes     |                                                                    ||           | the till sold more than the card shows
done            | transaction |                |         | not_enrolled                                                       ||           | the programme is not joined yet
done            |             |                |         | customer_unknown                                                   ||           | Astro does not know the customer yet
done            |             |                |         |                                                                    || resolved  |
added_by_hand   | redemption  |                |         |                                                                    ||           | a redemption is not added by hand: write done
added_by_hand   | transaction |                | yes     |                                                                    ||           | the till sold more than the card shows
added_by_hand   |             |                |         |                                                                    || resolved  |
enrolled        | transaction | no_items_found |         |                                                                    || open      |
enrolled        |             |                |         |                                                                    ||           | the failure is about no programme
exception_added | transaction | no_items_found |         |                                                                    || resolved  |
exception_added |             |                |         |                                                                    ||           | the failure is about no new item
"""  # noqa: E501 - a table is read across


@dataclass(frozen=True, kw_only=True)
class _Line:
    when: Mapping[str, frozenset[str]]
    status: str
    doubt: str


def _lines(drawn: str) -> tuple[_Line, ...]:
    heading, *rows = [
        [[cell.strip() for cell in side.split("|")] for side in line.split("||")] for line in drawn.strip().splitlines()
    ]
    return tuple(
        _Line(
            when={name: frozenset(cell.split("/")) for name, cell in zip(heading[0], when, strict=True) if cell},
            status=status,
            doubt=doubt,
        )
        for when, (status, doubt) in rows
    )


_LINES = _lines(_TABLE)
DOUBTS = tuple(dict.fromkeys(line.doubt for line in _LINES if line.doubt))
_FACTS = ("decision", "section", "reason", "missing", "class")


def judge_decisions(decided: pl.DataFrame, states: pl.DataFrame, diagnoses: pl.DataFrame) -> pl.DataFrame:
    """Say what becomes of each decision (``schemas.loyalty.reports.Decided``).

    *diagnoses* are today's, of those of *states* that are open or were asked about. Returns ``line, failure_key,
    decision, note, outcome, status, doubt``; outcome is ``entered``, ``doubted``, or ``unchanged`` where the failure
    is settled already.
    """
    diagnosed = diagnoses.select(_KEY, "missing_milli", now="failure_class")
    known = states.select(_KEY, "section", reason="reason_code", was="status", was_decided="decision")
    rows = decided.join(known, on=_KEY, how="left", maintain_order="left").join(
        diagnosed, on=_KEY, how="left", maintain_order="left"
    )
    missing = pl.when(pl.col("missing_milli") > 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    facts = rows.select(
        "decision", "section", "reason", missing=missing, **{"class": pl.col("now").fill_null("to_look_up")}
    )
    met = facts.unique(maintain_order=True)
    judged = pl.DataFrame(
        [_judged(each) for each in met.iter_rows(named=True)], schema={"status": pl.String, "doubt": pl.String}
    )
    verdicts = facts.join(met.hstack(judged), on=list(_FACTS), how="left", maintain_order="left")
    return (
        rows.hstack(verdicts.select("status", "doubt"))
        .with_columns(outcome=_outcome())
        .select(*decided.columns, "outcome", "status", "doubt")
    )


def _judged(facts: Mapping[str, str]) -> dict[str, str]:
    line = next(line for line in _LINES if all(facts[name] in words for name, words in line.when.items()))
    return {"status": line.status, "doubt": line.doubt}


def _outcome() -> pl.Expr:
    """What is settled stays so, unless a person says that it was wrong; the same decision again changes nothing."""
    settled = (pl.col("was") != "open") & (pl.col("decision") != "wrong")
    again = (pl.col("was_decided") == pl.col("decision")).fill_null(value=False)
    return (
        pl.when(settled | again)
        .then(pl.lit("unchanged"))
        .when(pl.col("doubt") != "")
        .then(pl.lit("doubted"))
        .otherwise(pl.lit("entered"))
    )


def enter_decisions(states: pl.DataFrame, judged: pl.DataFrame, *, by: str, day: date) -> pl.DataFrame:
    """Return those of *states* about which a decision was entered, as they are then."""
    entered = judged.filter(outcome="entered").select(_KEY, chosen="decision", then="status")
    rows = states.join(entered, on=_KEY, how="inner", maintain_order="left")
    return rows.with_columns(
        status="then",
        settled_on=pl.when(pl.col("then") != "open").then(pl.lit(day)),
        decision="chosen",
        decided_by=pl.lit(by),
        decided_on=pl.lit(day),
    ).select(_COLUMNS)
