"""The ledger: what was asked, decided and done, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from infra.clock import now as now_of_record
from infra.databases.database import reading, writing
from infra.ledger import Ledger
from infra.ledger.approvals import Use
from infra.ledger.tables import BATCHES, PLANS, RUNS
from infra.processes import this_process
from schemas.approval_policy import Demands
from schemas.leases import Lease
from schemas.mail import Delivery, Invitation
from schemas.orders.cursor import Cursor
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import (
    GOES_WITH,
    Approval,
    Artifact,
    BatchName,
    ChangeCounts,
    Plan,
    RowCounts,
    Run,
    RunReport,
    Total,
    Totals,
)
from schemas.rejects import DroppedRejects
from schemas.tables import Concern
from schemas.target_names import GiftCardTarget

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANGES = Artifact(name="changes.parquet", key="runs/a/changes-1.parquet", sha256="1" * 64, size_bytes=10)
PLAN = Plan(
    plan_id="7c1e90ab",
    domain="gift-cards",
    target="sql",
    options={"existing_cards": "hold"},
    counts=ChangeCounts(created=2),
    totals=Totals(file=(Total(currency="EUR", count=2, sum_cents=9_007_199_254_740_993),)),
    concerns=(Concern(code="MANY", says="much", override="max=2"),),
    changes=CHANGES,
)
YES = Approval(plan_id="7c1e90ab", decision="approve", approver="Ada", reason="looked at it", decided_at=NOON)
NO = replace(YES, decision="reject")
SOMEONE_ELSE: dict[str, Any] = {
    "domain": "gift-cards",
    "flow": "gift-cards",
    "mode": "apply",
    "target": "sql",
    "source": "inbox/gift-cards/a.csv",
    "options": {},
    "now": NOON,
}


def start(ledger: Ledger, run_id: str = "aaaa00000001", now: datetime = NOON, target: GiftCardTarget = "sql") -> Run:
    return ledger.start_run(
        run_id=run_id,
        domain="gift-cards",
        flow="gift-cards",
        mode="review",
        target=target,
        source="inbox/gift-cards/a.csv",
        options={"existing_cards": "hold"},
        submitted_by="Bob",
        now=now,
    )


def save(ledger: Ledger, plan: Plan = PLAN, run_id: str = "aaaa00000001", now: datetime = NOON) -> None:
    ledger.save_plan(plan, run_id=run_id, now=now, hours=72)


def report(run_id: str = "aaaa00000001") -> RunReport:
    return RunReport(
        run_id=run_id,
        domain="gift-cards",
        title="Gift cards",
        mode="review",
        target="sql",
        source="inbox/gift-cards/a.csv",
        outcome="applied",
        says="2 created",
        plan_id="7c1e90ab",
        rows=RowCounts(rows_in=2, accepted=2, rejected=0),
        changes=ChangeCounts(created=2),
        totals=PLAN.totals,
        concerns=PLAN.concerns,
        artifacts={"changes.parquet": CHANGES},
        started_at=NOON,
        finished_at=NOON + HOUR,
    )


def test_a_run_is_entered_and_found_by_the_start_of_its_id(ledger: Ledger) -> None:
    run = start(ledger)

    entry = ledger.get_run("aaaa")

    assert run == entry.run
    assert (run.attempt, run.started_at, run.options) == (1, NOON, {"existing_cards": "hold"})
    assert (entry.outcome, entry.report, entry.finished_at) == ("running", None, None)


def test_the_next_attempt_of_a_run_runs_again_from_its_first_start(ledger: Ledger) -> None:
    start(ledger)
    ledger.end_run("aaaa00000001", "unavailable", "no answer", NOON)

    again = start(ledger, now=NOON + HOUR)

    assert (again.attempt, again.started_at) == (2, NOON)
    entry = ledger.get_run("aaaa00000001")
    assert (entry.outcome, entry.says, entry.finished_at) == ("running", "", None)


def test_a_run_that_says_nothing_for_long_is_interrupted_unless_it_has_ended(ledger: Ledger) -> None:
    moment = now_of_record()
    for run_id in ("works", "silent", "ended"):
        start(ledger, run_id, moment - HOUR)
    ledger.end_run("ended", "applied", "2 new", moment)
    ledger.heartbeats.renew("works", moment - timedelta(minutes=1))

    assert [entry.run.run_id for entry in ledger.heartbeats.list_interrupted(moment)] == ["silent"]


def test_a_run_whose_process_has_ended_is_interrupted_at_once(ledger: Ledger) -> None:
    start(ledger, now=now_of_record())
    assert ledger.heartbeats.list_interrupted(now_of_record()) == ()

    gone = this_process().rpartition("/")[0] + "/4194305"  # beyond the highest number a process can have
    with writing(ledger.engine) as connection:
        connection.execute(sa.update(RUNS).values(process=gone))

    assert [entry.run.run_id for entry in ledger.heartbeats.list_interrupted(now_of_record())] == ["aaaa00000001"]


def test_a_run_that_waits_for_calls_is_interrupted_only_long_after_its_time(ledger: Ledger) -> None:
    run = start(ledger, now=NOON)
    ledger.heartbeats.wait(run.run_id, "Waiting until 14:00", until=NOON + 2 * HOUR, now=NOON)

    assert ledger.get_run(run.run_id).outcome == "waiting"
    assert ledger.heartbeats.list_interrupted(NOON + 3 * HOUR) == ()
    (never_resumed,) = ledger.heartbeats.list_interrupted(NOON + 4 * HOUR)
    ledger.heartbeats.close(report(), attempt=never_resumed.run.attempt, now=NOON + 4 * HOUR)
    assert ledger.get_run(run.run_id).outcome == "applied"


def test_the_end_of_an_interrupted_run_does_not_overwrite_its_next_attempt(ledger: Ledger) -> None:
    first = start(ledger)
    start(ledger)

    ledger.heartbeats.close(report(), attempt=first.attempt, now=NOON)

    assert ledger.get_run("aaaa00000001").outcome == "running"


def test_what_an_interrupted_run_began_is_no_longer_under_way_and_may_be_begun_again(ledger: Ledger) -> None:
    run = start(ledger)
    save(ledger)
    landed, lost = (BatchName(plan_id=PLAN.plan_id, number=n, run_id=run.run_id) for n in (1, 2))
    for batch in (landed, lost):
        ledger.start_batch(batch, 0, NOON)
    ledger.finish_batch(landed, {"done": 2}, NOON)

    ledger.heartbeats.close(report(), attempt=1, now=NOON)

    assert states(ledger) == (["interrupted"], ["finished", "interrupted"])
    start(ledger)
    ledger.start_batch(lost, 0, NOON)
    ledger.finish_batch(lost, {"written": 1}, NOON)
    assert states(ledger) == (["started"], ["finished", "finished"])


def states(ledger: Ledger) -> tuple[list[str], list[str]]:
    """Return the states of all plans, and of all batches by their number."""
    with reading(ledger.engine) as connection:
        plans = list(connection.scalars(sa.select(PLANS.c.state)))
        return plans, list(connection.scalars(sa.select(BATCHES.c.state).order_by(BATCHES.c.number)))


def test_a_finished_run_gives_its_report_back_whole(ledger: Ledger) -> None:
    start(ledger)
    ledger.finish_run(report())

    entry = ledger.get_run("aaaa")

    assert entry.report == report()
    assert (entry.outcome, entry.says, entry.plan_id) == ("applied", "2 created", "7c1e90ab")
    assert entry.finished_at == NOON + HOUR


def test_runs_are_listed_newest_first(ledger: Ledger) -> None:
    for hours, run_id in enumerate(["cc", "aa", "bb"]):
        start(ledger, run_id, NOON + hours * HOUR)

    assert [entry.run.run_id for entry in ledger.list_runs(2)] == ["bb", "aa"]


@pytest.mark.parametrize("prefix", ["zz", "%", "_", ""])
def test_an_unknown_run_is_said_to_be_so(ledger: Ledger, prefix: str) -> None:
    with pytest.raises(FileNeedsFixing, match="There is no run"):
        ledger.get_run(prefix)


def test_an_id_too_short_asks_for_more_of_it(ledger: Ledger) -> None:
    start(ledger, "aa1")
    start(ledger, "aa2")
    start(ledger, "aa")

    with pytest.raises(FileNeedsFixing, match="More than one run begins with a"):
        ledger.get_run("a")
    assert ledger.get_run("aa").run.run_id == "aa"


def test_the_last_run_of_a_flow_that_stored_a_file_is_found_however_many_runs_of_others_came_since(ledger):
    for hours, flow in enumerate(["sweep", "sweep", "other", "sweep"]):
        about = SOMEONE_ELSE | {"flow": flow, "run_id": f"run{hours}", "now": NOON + hours * HOUR}
        ledger.start_run(**about, submitted_by="Ada")
    for run_id in ("run0", "run1", "run2"):
        ledger.record_artifact(run_id, replace(CHANGES, name="evidence.parquet", key=f"runs/{run_id}/evidence"))
    found = ledger.find_last_run("sweep", with_artifact="evidence.parquet")
    assert found is not None and found.run.run_id == "run1"
    assert ledger.find_last_run("sweep", with_artifact="worklist.xlsx") is None


@pytest.mark.parametrize(
    "written",
    [
        "0197f3a2-5b1c-7d44-9e1f-2a6b8c0d1e2f",
        "0197F3A25B1C7D449E1F2A6B8C0D1E2F",
        "http://127.0.0.1:4200/runs/flow-run/0197f3a2-5b1c-7d44-9e1f-2a6b8c0d1e2f",
        " 0197f3 ",
    ],
)
def test_a_run_is_found_by_whatever_people_copy_of_it(ledger, written):
    start(ledger, "0197f3a25b1c")
    start(ledger, "0198f3a25b1c")
    assert ledger.get_run(written).run.run_id == "0197f3a25b1c"


def test_a_plan_comes_back_as_it_was_saved(ledger: Ledger) -> None:
    start(ledger)
    save(ledger)

    assert ledger.get_plan("7c1e") == PLAN
    assert ledger.get_plan_of("aaaa00000001") == PLAN


def test_a_run_that_ended_early_has_no_plan(ledger: Ledger) -> None:
    start(ledger)

    with pytest.raises(FileNeedsFixing, match="Run aaaa00000001 has no plan"):
        ledger.get_plan_of("aaaa00000001")


def test_finished_plans_are_listed_newest_first_by_domain_and_target(ledger: Ledger) -> None:
    for hours, (plan_id, domain) in enumerate([("p1", "gift-cards"), ("p2", "gift-cards"), ("p3", "customers")]):
        save(ledger, replace(PLAN, plan_id=plan_id, domain=domain))
        ledger.finish_plan(plan_id, "aaaa00000001", NOON + hours * HOUR)
    save(ledger, replace(PLAN, plan_id="open"))
    save(ledger, replace(PLAN, plan_id="p1"))

    found = ledger.list_finished_plans(domain="gift-cards", target="sql", limit=5)

    assert [plan.plan_id for plan in found] == ["p2", "p1"]


def test_an_approval_is_claimed_by_a_run_until_the_plan_is_carried_out(ledger: Ledger) -> None:
    save(ledger)
    assert ledger.claim_approval("7c1e90ab", "run1", NOON) is None
    ledger.record_approval(YES)

    assert ledger.claim_approval("7c1e90ab", "run1", NOON) == YES
    assert ledger.claim_approval("7c1e90ab", "run2", NOON) == YES, "run1 died and never finished"
    ledger.finish_plan("7c1e90ab", "run2", NOON)
    assert ledger.claim_approval("7c1e90ab", "run3", NOON) is None


def test_an_approval_of_a_plan_is_closed_with_what_was_left_of_it(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(YES)
    ledger.claim_approval("7c1e90ab", "run1", NOON)
    save(ledger, replace(PLAN, plan_id="remainder"))

    ledger.finish_plan("remainder", "run1", NOON)

    assert ledger.claim_approval("7c1e90ab", "run2", NOON) is None


def test_a_plan_that_goes_with_another_leaves_the_approval_of_both_open(ledger: Ledger) -> None:
    start(ledger)
    save(ledger, replace(PLAN, plan_id="be51de00", domain="products"))
    save(ledger, replace(PLAN, options={GOES_WITH: "be51de00"}))
    ledger.record_approval(YES)
    ledger.claim_approval(PLAN.plan_id, "aaaa00000001", NOON)

    ledger.finish_plan("be51de00", "aaaa00000001", NOON)

    assert ledger.get_plan_of("aaaa00000001").plan_id == PLAN.plan_id
    assert [plan.plan_id for plan in ledger.list_begun_plans("aaaa00000001")] == [PLAN.plan_id]
    assert ledger.claim_approval(PLAN.plan_id, "aaaa00000001", NOON) == YES
    ledger.finish_plan(PLAN.plan_id, "aaaa00000001", NOON)
    assert ledger.list_begun_plans("aaaa00000001") == ()


def test_a_plan_shown_again_after_it_was_done_needs_a_new_approval(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(YES)
    ledger.claim_approval("7c1e90ab", "run1", NOON)
    ledger.finish_plan("7c1e90ab", "run1", NOON)
    with pytest.raises(Refused, match="carried out already"):
        ledger.record_approval(YES)

    save(ledger, run_id="run2", now=NOON + HOUR)
    ledger.show_plan("7c1e90ab", now=NOON + HOUR, hours=72)

    assert ledger.claim_approval("7c1e90ab", "run2", NOON + HOUR) is None
    later = replace(YES, decided_at=NOON + HOUR)
    ledger.record_approval(later)
    assert ledger.claim_approval("7c1e90ab", "run2", NOON + HOUR) == later


def test_an_approval_given_before_the_plan_expired_does_not_come_back_with_it(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(YES)
    late = NOON + 100 * HOUR

    save(ledger, run_id="run2", now=late)
    assert ledger.claim_approval("7c1e90ab", "run2", late) is None
    ledger.show_plan("7c1e90ab", now=late, hours=72)

    assert ledger.claim_approval("7c1e90ab", "run2", late) is None
    ledger.record_approval(replace(YES, decided_at=late))


def test_looking_at_a_plan_again_gives_more_time_and_keeps_its_approval(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(YES)

    ledger.show_plan("7c1e90ab", now=NOON + 70 * HOUR, hours=72)

    assert ledger.claim_approval("7c1e90ab", "run1", NOON + 100 * HOUR) == YES


def test_a_rejection_is_heard_by_one_run_and_then_the_plan_may_be_decided_anew(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(NO)

    assert ledger.claim_approval("7c1e90ab", "run1", NOON) == NO
    assert ledger.claim_approval("7c1e90ab", "run1", NOON) == NO, "a retry hears it too"
    assert ledger.claim_approval("7c1e90ab", "run2", NOON) is None
    ledger.record_approval(YES)
    assert ledger.claim_approval("7c1e90ab", "run2", NOON) == YES


@pytest.mark.parametrize(("first", "said"), [(YES, "approved"), (NO, "rejected")])
def test_a_plan_is_decided_once(ledger: Ledger, first: Approval, said: str) -> None:
    save(ledger)
    ledger.record_approval(first)

    with pytest.raises(Refused, match=f"Plan 7c1e90ab was {said} already, by Ada"):
        ledger.record_approval(YES)


def test_an_expired_plan_cannot_be_approved_or_carried_out(ledger: Ledger) -> None:
    save(ledger)
    ledger.record_approval(YES)
    late = NOON + 72 * HOUR

    assert ledger.claim_approval("7c1e90ab", "run1", late) is None
    with pytest.raises(Refused, match="has expired"):
        ledger.record_approval(replace(YES, decided_at=late))


def test_an_unknown_plan_cannot_be_approved(ledger: Ledger) -> None:
    with pytest.raises(FileNeedsFixing, match=r"There is no plan 7c1e90ab.* with: counterfoil show RUN"):
        ledger.record_approval(YES)


def test_who_submitted_may_not_approve_where_that_is_the_rule(ledger: Ledger) -> None:
    start(ledger)
    save(ledger)

    with pytest.raises(Refused, match="may not approve its plan"):
        ledger.record_approval(replace(YES, approver=" BOB "), demands=FOUR_EYES)
    ledger.record_approval(YES, demands=FOUR_EYES)


FOUR_EYES = Demands(four_eyes=True)
EUROS = Concern(code="LIMIT_ADDED", says="900 EUR would be added in all", about=("EUR",))
DOLLARS = replace(EUROS, says="900 USD would be added in all", about=("USD",))
SHOWN = (*PLAN.concerns, EUROS)


@pytest.mark.parametrize(
    ("now", "covered"),
    [
        (SHOWN, True),
        (PLAN.concerns, True),
        ((), True),
        ((replace(EUROS, says="7 EUR would be added in all"),), True),
        ((*SHOWN, DOLLARS), False),
        ((*SHOWN, Concern(code="OTHER", says="much else")), False),
        ((replace(EUROS, about=("EUR", "USD")),), False),
    ],
)
def test_an_approval_covers_the_concerns_that_were_shown_and_no_others(ledger, now, covered):
    start(ledger)
    save(ledger, replace(PLAN, concerns=SHOWN))
    ledger.record_approval(YES)
    save(ledger, replace(PLAN, concerns=now))
    assert ledger.claim_approval("7c1e90ab", "run1", NOON, concerns=now) == (YES if covered else None)
    why = ledger.decisions.explain("7c1e90ab", Use(run_id="run1", concerns=now), NOON)
    assert ("Ada approved plan 7c1e90ab, but this is new since: " in why) is not covered


def test_what_was_last_shown_is_what_is_approved_and_not_what_was_planned_since(ledger):
    start(ledger)
    save(ledger)
    ledger.show_plan("7c1e90ab", now=NOON, hours=72)
    save(ledger, replace(PLAN, concerns=SHOWN))
    ledger.record_approval(YES)
    assert ledger.claim_approval("7c1e90ab", "run1", NOON, concerns=SHOWN) is None

    ledger.show_plan("7c1e90ab", now=NOON, hours=72)
    ledger.record_approval(replace(YES, approver="Eve"))
    assert ledger.claim_approval("7c1e90ab", "run1", NOON, concerns=SHOWN) == replace(YES, approver="Eve")


def test_a_rejection_stands_whatever_is_of_concern_since(ledger):
    save(ledger)
    ledger.record_approval(NO)
    assert ledger.claim_approval("7c1e90ab", "run1", NOON, concerns=SHOWN) == NO


def test_two_approvals_of_a_plan_are_used_up_together(ledger):
    start(ledger)
    start(ledger, "bbbb00000002")
    save(ledger)
    ledger.record_approval(YES, demands=FOUR_EYES)
    ledger.record_approval(replace(YES, approver="Eve"), demands=FOUR_EYES)
    assert ledger.claim_approval("7c1e90ab", "bbbb00000002", NOON, demands=FOUR_EYES) == replace(YES, approver="Eve")
    ledger.finish_plan("7c1e90ab", "bbbb00000002", NOON)
    assert ledger.claim_approval("7c1e90ab", "bbbb00000002", NOON) is None


@pytest.mark.parametrize("approver", ["Bob", " bob", "BOB", "B\uff4fb", "Bo\u200bb"])
def test_four_eyes_look_at_every_run_that_planned_or_uses_it(ledger, approver):
    start(ledger)
    save(ledger)
    ledger.start_run(**SOMEONE_ELSE, run_id="cccc00000003", submitted_by="Cleo")
    save(ledger, run_id="cccc00000003")
    with pytest.raises(Refused, match="may not approve its plan"):
        ledger.record_approval(replace(YES, approver=approver), demands=FOUR_EYES)

    ledger.record_approval(YES, demands=FOUR_EYES)
    ledger.start_run(**SOMEONE_ELSE, run_id="dddd00000004", submitted_by="ADA ")
    save(ledger, run_id="dddd00000004")
    assert ledger.claim_approval("7c1e90ab", "dddd00000004", NOON, demands=FOUR_EYES) is None
    assert ledger.claim_approval("7c1e90ab", "dddd00000004", NOON) == YES


def test_decisions_that_no_run_used_are_listed_newest_first(ledger):
    for name in ("p1", "p2", "p3"):
        save(ledger, replace(PLAN, plan_id=name))
        ledger.record_approval(replace(YES, plan_id=name))
    ledger.claim_approval("p2", "run1", NOON)
    unused = ledger.decisions.list_unused(domain="gift-cards", target="sql", now=NOON)
    assert [each.plan.plan_id for each in unused] == ["p3", "p1"]
    assert ledger.decisions.list_unused(domain="gift-cards", target="sql", now=NOON + 100 * HOUR) == ()


def test_nobody_can_be_told_apart_from_nobody(ledger: Ledger) -> None:
    save(ledger, run_id="a run nobody started")

    with pytest.raises(Refused, match="Nobody is named as having started the run"):
        ledger.record_approval(YES, demands=FOUR_EYES)


def test_the_plans_a_run_began_to_carry_out_are_listed_in_their_order(ledger: Ledger) -> None:
    for hours, plan_id in enumerate(["p2", "p1", "p3"]):
        save(ledger, replace(PLAN, plan_id=plan_id))
        ledger.start_batch(BatchName(plan_id=plan_id, number=1, run_id="run1"), 0, NOON + hours * HOUR)
        ledger.start_batch(BatchName(plan_id=plan_id, number=2, run_id="run1"), 0, NOON + 9 * HOUR)
    ledger.start_batch(BatchName(plan_id="p2", number=1, run_id="run2"), 0, NOON + 9 * HOUR)

    assert [plan.plan_id for plan in ledger.list_applied_plans("run1")] == ["p2", "p1", "p3"]
    assert [plan.plan_id for plan in ledger.list_applied_plans("run2")] == ["p2"]


def test_a_batch_is_entered_before_and_after_and_its_first_outcome_stands(ledger: Ledger) -> None:
    save(ledger)
    batch = BatchName(plan_id="7c1e90ab", number=1, run_id="run1")
    ledger.start_batch(batch, 0, NOON)
    ledger.finish_batch(batch, {"written": 2}, NOON + HOUR)
    ledger.start_batch(batch, 0, NOON + 2 * HOUR)
    ledger.finish_batch(batch, {"done": 2}, NOON + 3 * HOUR)

    with reading(ledger.engine) as connection:
        entered = connection.execute(sa.select(BATCHES)).one()
        state = connection.scalar(sa.select(PLANS.c.state))
    assert tuple(entered) == ("7c1e90ab", 1, "run1", "finished", {"written": 2}, NOON, NOON + HOUR, 0)
    assert state == "started"


def rejects(*lines: int, keys: str = "") -> pl.DataFrame:
    hashes = keys.split() or ["k"] * len(lines)
    return pl.DataFrame(
        {"line": pl.Series(lines, dtype=pl.UInt32), "codes": ["AMOUNT"] * len(lines), "key_sha256": hashes}
    )


def test_rejects_are_open_until_their_lines_are_corrected(ledger: Ledger) -> None:
    ledger.record_rejects("run1", rejects(3, 4, 9))
    ledger.record_rejects("other", rejects(3))

    assert ledger.close_rejects("run1", [3, 9, 77], by_run="run2") == 2
    assert ledger.close_rejects("run1", [3], by_run="run3") == 0
    assert (ledger.still_open("run1"), ledger.still_open("other")) == (1, 1)


def test_a_retry_replaces_the_rejects_of_the_attempt_before(ledger: Ledger) -> None:
    ledger.record_rejects("run1", rejects(3, 4, 9))
    ledger.record_rejects("run1", rejects(4))

    assert ledger.still_open("run1") == 1


def test_rejects_are_closed_by_key_in_every_run_but_the_correcting_one(ledger: Ledger) -> None:
    ledger.record_rejects("run1", rejects(3, 4, keys="x y"))
    ledger.record_rejects("run2", rejects(5, keys="y"))
    ledger.record_rejects("run3", rejects(6, keys="y"))
    ledger.record_rejects("run4", rejects(7).with_columns(key_sha256=pl.lit("")))

    touched = ledger.close_rejects_by_key(pl.Series(["y", ""]), by_run="run3")

    assert touched == ("run1", "run2")
    assert [ledger.still_open(f"run{n}") for n in (1, 2, 3, 4)] == [1, 0, 1, 1]


def test_rejects_are_closed_only_by_a_run_that_writes_to_the_same_target(ledger: Ledger) -> None:
    start(ledger, "run1")
    start(ledger, "practice", target="memory")
    start(ledger, "run2")
    ledger.record_rejects("run1", rejects(3, 4, keys="x y"))

    assert ledger.close_rejects("run1", [3], by_run="practice") == 0
    assert ledger.close_rejects_by_key(pl.Series(["y"]), by_run="practice") == ()
    assert ledger.close_rejects("run1", [3], by_run="run2") == 1
    assert ledger.close_rejects_by_key(pl.Series(["y"]), by_run="run2") == ("run1",)


def test_a_dropped_reject_is_open_no_more_and_says_who_dropped_it_and_why(ledger: Ledger) -> None:
    ledger.record_rejects("run1", rejects(3, 4, 9))
    dropped = DroppedRejects(who="Ann", why="never sold", at=NOON, lines=(3, 9))

    assert ledger.drops.drop("run1", [3, 9], dropped) == 2
    assert ledger.drops.drop("run1", [3], dropped) == 0
    assert ledger.drops.open_lines("run1") == (4,)
    assert ledger.drops.of_run("run1") == (dropped,)
    assert ledger.still_open("run1") == 1


def test_open_keys_are_those_of_the_domain(ledger: Ledger) -> None:
    start(ledger, "run1")
    ledger.record_rejects(
        "run1", rejects(3, 4, 5, 6, keys="x y y z").with_columns(key_sha256=pl.col("key_sha256").replace("z", ""))
    )
    ledger.close_rejects("run1", [3], by_run="run2")

    assert ledger.open_reject_keys("gift-cards", but_of="").to_list() == ["y"]
    assert ledger.open_reject_keys("customers", but_of="").to_list() == []


@pytest.mark.thorough
def test_tens_of_thousands_of_rejects_are_entered_and_closed_in_a_few_statements(ledger: Ledger) -> None:
    statements: list[str] = []
    sa.event.listen(ledger.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    number = pl.int_range(30_000)
    many = pl.select(line=number.cast(pl.UInt32), codes=pl.lit("A"), key_sha256=number.cast(pl.String))

    ledger.record_rejects("run1", many)

    assert ledger.close_rejects("run1", list(range(10_000)), by_run="run2") == 10_000
    assert ledger.close_rejects_by_key(many["key_sha256"], by_run="run2") == ("run1",)
    assert ledger.still_open("run1") == 0
    assert len(statements) < 30


def test_an_inbox_file_is_seen_once_by_name_and_content(ledger: Ledger) -> None:
    ledger.mark_seen("inbox/a.csv", "one", NOON)
    ledger.mark_seen("inbox/a.csv", "one", NOON + HOUR)

    seen = [ledger.was_seen(*file) for file in (("inbox/a.csv", "one"), ("inbox/a.csv", "two"), ("inbox/b.csv", "one"))]
    assert seen == [True, False, False]


def test_a_file_stored_anew_under_its_key_is_listed_once(ledger: Ledger) -> None:
    view = Artifact(name="report.html", key="runs/a/report.html", sha256="a" * 64, size_bytes=1)
    later = replace(CHANGES, key="runs/a/changes-2.parquet", sha256="2" * 64)
    for artifact in (CHANGES, view, later, replace(view, sha256="b" * 64, size_bytes=2)):
        ledger.record_artifact("run1", artifact)

    new = replace(view, sha256="b" * 64, size_bytes=2)
    assert ledger.list_artifacts("run1") == (CHANGES, later, new)
    assert ledger.list_latest_artifacts("run1") == {"changes.parquet": later, "report.html": new}
    assert ledger.list_artifacts("run2") == ()


ASA = Invitation(campaign="move", email_sha256="a" * 64, run_id="aaaa00000001", at=NOON)
BY_ANOTHER_RUN = replace(ASA, run_id="bbbb00000002")


def invited(ledger: Ledger, campaign: str = "move") -> list[tuple[str, str, str]]:
    return ledger.list_invitations(campaign).select("run_id", "state", "code").rows()


def test_a_person_is_claimed_once_a_campaign(ledger: Ledger) -> None:
    assert ledger.claim_invitation(ASA)
    assert not ledger.claim_invitation(ASA)
    assert not ledger.claim_invitation(BY_ANOTHER_RUN)
    assert ledger.claim_invitation(replace(ASA, campaign="reminder"))
    assert invited(ledger) == [("aaaa00000001", "started", "")]


@pytest.mark.parametrize(
    ("delivery", "claimable"),
    [
        (Delivery(outcome="sent", code="250 2.0.0"), False),
        (Delivery(outcome="unknown"), False),
        (Delivery(outcome="refused", code="550 5.1.1"), False),
        (Delivery(outcome="refused", code="452 4.2.2"), True),
    ],
)
def test_only_who_was_put_off_may_be_claimed_again(ledger: Ledger, delivery: Delivery, claimable: bool) -> None:
    ledger.claim_invitation(ASA)
    ledger.settle_invitation(ASA, delivery, NOON)
    assert invited(ledger) == [("aaaa00000001", delivery.outcome, delivery.code)]
    assert ledger.claim_invitation(BY_ANOTHER_RUN) is claimable


def test_a_claim_is_taken_back_only_while_nothing_came_of_it(ledger: Ledger) -> None:
    ledger.claim_invitation(ASA)
    ledger.withdraw_invitation(BY_ANOTHER_RUN)
    assert len(invited(ledger)) == 1
    ledger.withdraw_invitation(ASA)
    assert invited(ledger) == []
    ledger.claim_invitation(ASA)
    ledger.settle_invitation(ASA, Delivery(outcome="sent"), NOON)
    ledger.withdraw_invitation(ASA)
    assert len(invited(ledger)) == 1


def test_a_list_for_a_mail_tool_leaves_who_is_in_the_campaign_as_they_are(ledger: Ledger) -> None:
    ledger.claim_invitation(ASA)
    listed = [replace(BY_ANOTHER_RUN, email_sha256=f"{n:064}") for n in range(1001)]
    ledger.enter_listed([BY_ANOTHER_RUN, *listed])
    ledger.enter_listed(listed)
    states = [state for _, state, _ in invited(ledger)]
    assert (states.count("started"), states.count("sent")) == (1, 1001)


def test_how_far_a_shop_was_followed_never_goes_back(ledger):
    assert ledger.cursors.find("shop") is None
    early = Cursor(source="shop", modified_at="2024-03-09T14:02:11Z", order_id="99")
    same_second = replace(early, order_id="100")  # by number, not by text
    later = replace(early, modified_at="2024-03-09T14:02:12Z", order_id="7")
    for cursor, moves in ((early, True), (early, False), (same_second, True), (early, False), (later, True)):
        assert ledger.cursors.advance(cursor, "run1", NOON) is moves
    assert ledger.cursors.advance(same_second, "run2", NOON) is False
    assert ledger.cursors.find("shop") == replace(later, by_run="run1")
    assert ledger.cursors.find("another shop") is None


def lease(run_id: str, **fields: Any) -> Lease:
    usual = {"place": "orders@sql", "process": this_process(), "expires_at": NOON + HOUR}
    return Lease(run_id=run_id, **usual | fields)


def test_one_run_at_a_time_has_a_place_until_it_gives_it_back(ledger):
    for run_id in ("run1", "run2"):
        start(ledger, run_id)
    first, second = lease("run1"), lease("run2")
    assert ledger.leases.take(first, NOON) == first
    assert ledger.leases.take(second, NOON) == first
    renewed = replace(first, expires_at=NOON + 2 * HOUR)
    assert ledger.leases.take(renewed, NOON) == renewed
    assert ledger.leases.take(second, NOON + HOUR) == renewed
    assert ledger.leases.take(replace(second, place="orders@memory"), NOON).run_id == "run2"
    ledger.leases.release("run1")
    assert ledger.leases.take(second, NOON) == second
    assert ledger.leases.take(first, NOON) == second


def test_a_run_that_waits_for_calls_keeps_its_place_though_its_process_has_ended(ledger):
    for run_id in ("waits", "other"):
        start(ledger, run_id)
    nobody = f"{this_process().rpartition('/')[0]}/{2**22 + 1}"
    ledger.leases.take(lease("waits", process=nobody), NOON)
    ledger.leases.keep("waits", until=NOON + 5 * HOUR)
    ledger.heartbeats.wait("waits", "", until=NOON + 4 * HOUR, now=NOON)

    assert ledger.leases.take(lease("other"), NOON + 4 * HOUR).run_id == "waits"
    resumed = lease("waits", expires_at=NOON + 6 * HOUR)
    assert ledger.leases.take(resumed, NOON + 4 * HOUR) == resumed
    assert ledger.leases.take(lease("other"), NOON + 6 * HOUR).run_id == "other"


def test_a_place_is_free_once_its_run_has_ended_died_or_no_longer_renews(ledger):
    for run_id in ("ended", "other"):
        start(ledger, run_id)
    other = lease("other")
    nobody = f"{this_process().rpartition('/')[0]}/{2**22 + 1}"
    for held in (lease("ended", expires_at=NOON), lease("ended", process=nobody), lease("unheard of")):
        assert ledger.leases.take(held, NOON - HOUR) == held
        assert ledger.leases.take(other, NOON) == other, held
        ledger.leases.release("other")
    elsewhere = lease("ended", process=f"elsewhere/{2**22 + 1}")
    assert ledger.leases.take(elsewhere, NOON) == elsewhere
    assert ledger.leases.take(other, NOON) == elsewhere
    ledger.end_run("ended", "file_needs_fixing", "", NOON)
    assert ledger.leases.take(other, NOON) == other
