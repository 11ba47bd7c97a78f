"""Our own book: what was asked and decided; what was applied, the target's own journal says.

Each method is one transaction; what is in it stands in the modules of this package.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
import sqlalchemy as sa

from infra.clock import now as clock
from infra.databases.database import reading, writing
from infra.ledger import approvals, artifacts, inbox, invitations, plans, rejects, runs
from infra.ledger.approvals import DecisionBook, Use
from infra.ledger.cursors import CursorBook
from infra.ledger.dropped import DropBook
from infra.ledger.failures import FailureBook
from infra.ledger.heartbeats import Heartbeats
from infra.ledger.leases import Leases
from infra.ledger.runs import RunEntry
from schemas.approval_policy import NOTHING_MORE, Demands
from schemas.file_names import FileName
from schemas.mail import Delivery, Invitation
from schemas.records import Approval, Artifact, BatchName, Mode, Plan, Run, RunOutcome, RunReport
from schemas.tables import Concern
from schemas.target_names import Channel, TargetName

__all__ = ["Ledger", "RunEntry"]


@dataclass(frozen=True)
class Ledger:
    """The ledger in a database whose ``ledger`` tables are up to date."""

    engine: sa.Engine

    def start_run(
        self,
        *,
        run_id: str,
        domain: str,
        flow: str,
        mode: Mode,
        target: TargetName | Channel,
        source: str,
        options: dict[str, str],
        submitted_by: str,
        now: datetime,
    ) -> Run:
        """Enter a run, or its next attempt: that is running again and keeps the moment it first started."""
        run = Run(
            run_id=run_id,
            domain=domain,
            flow=flow,
            mode=mode,
            target=target,
            source=source,
            options=options,
            submitted_by=submitted_by,
            started_at=now,
            attempt=1,
        )
        with writing(self.engine) as connection:
            return runs.start(connection, run)

    def finish_run(self, report: RunReport) -> None:
        """Enter how a run ended, with its whole report."""
        with writing(self.engine) as connection:
            runs.finish(connection, report)

    def end_run(self, run_id: str, outcome: RunOutcome, says: str, now: datetime) -> None:
        """Enter the end of a run that never got as far as a report."""
        with writing(self.engine) as connection:
            runs.end(connection, run_id, outcome, says, now)

    def get_run(self, prefix: str) -> RunEntry:
        """Return the run whose id begins with *prefix*, in any form that people write (``tasks.core.wording.run_ids``).

        Raises:
            FileNeedsFixing: There is none, or more than one.
        """
        with reading(self.engine) as connection:
            return runs.find(connection, prefix)

    def list_runs(self, limit: int = 20) -> tuple[RunEntry, ...]:
        """Return the newest runs, newest first."""
        with reading(self.engine) as connection:
            return runs.newest(connection, limit)

    def find_last_run(self, flow: str, *, with_artifact: FileName) -> RunEntry | None:
        """Return the newest run of a flow that stored a file of this name; None where there is none."""
        with reading(self.engine) as connection:
            return runs.last_with(connection, flow, with_artifact)

    def save_plan(self, plan: Plan, *, run_id: str, now: datetime, hours: float) -> None:
        """Enter a plan of a run, open for *hours* where it is new."""
        with writing(self.engine) as connection:
            plans.save(connection, plan, run_id=run_id, now=now, expires_at=now + timedelta(hours=hours))

    def show_plan(self, plan_id: str, *, now: datetime, hours: float) -> None:
        """Enter that people were shown a plan: they have *hours* to decide about it."""
        with writing(self.engine) as connection:
            plans.show(connection, plan_id, now=now, expires_at=now + timedelta(hours=hours))

    def list_applied_plans(self, run_id: str) -> tuple[Plan, ...]:
        """Return the plans that a run began to carry out, in their order."""
        with reading(self.engine) as connection:
            return plans.of_run(connection, run_id)

    def list_begun_since(self, run_id: str, *, domain: str, target: TargetName | Channel) -> tuple[plans.Begun, ...]:
        """Return the batches that any run began to write of these records since *run_id* did, in order, its own too."""
        with reading(self.engine) as connection:
            return plans.begun_since(connection, run_id, domain=domain, target=target)

    def list_begun_plans(self, run_id: str) -> tuple[Plan, ...]:
        """Return the plans that a run began to carry out, or was let to."""
        with reading(self.engine) as connection:
            return plans.of_run(connection, run_id) + plans.claimed(connection, run_id)

    def list_cut_off(self, *, domain: str, since: datetime) -> tuple[tuple[str, Plan], ...]:
        """Return run and plan of what was begun since, and of which no run has told the end."""
        with reading(self.engine) as connection:
            return plans.cut_off(connection, domain, since)

    def get_plan(self, prefix: str) -> Plan:
        """Return the plan whose id begins with *prefix*.

        Raises:
            FileNeedsFixing: There is none, or more than one.
        """
        with reading(self.engine) as connection:
            return plans.find(connection, prefix)

    def get_plan_of(self, run_id: str) -> Plan:
        """Return the last plan that a run made.

        Raises:
            FileNeedsFixing: There is no such run, or it ended before it had a plan.
        """
        with reading(self.engine) as connection:
            return plans.find_of_run(connection, run_id)

    def get_run_of_plan(self, plan_id: str) -> RunEntry:
        """Return the run that made the plan last."""
        with reading(self.engine) as connection:
            return runs.find(connection, plans.run_of(connection, plan_id))

    def list_finished_plans(self, *, domain: str, target: TargetName | Channel, limit: int) -> tuple[Plan, ...]:
        """Return the plans carried out last, newest first."""
        with reading(self.engine) as connection:
            return plans.newest_finished(connection, domain=domain, target=target, limit=limit)

    def finish_plan(self, plan_id: str, run_id: str, now: datetime) -> None:
        """Close a plan that the run carried out, with every approval that the run claimed."""
        with writing(self.engine) as connection:
            plans.finish(connection, plan_id, run_id, now)

    def record_approval(
        self, approval: Approval, *, demands: Demands = NOTHING_MORE, seen: tuple[Concern, ...] | None = None
    ) -> None:
        """Enter a decision of someone who saw these concerns.

        Raises:
            FileNeedsFixing: There is no such plan.
            Refused: It is decided, carried out, outdated or expired, or lacks what the policy *demands*.
        """
        with writing(self.engine) as connection:
            approvals.decide(connection, approval, demands=demands, seen=seen)

    def claim_approval(
        self,
        plan_id: str,
        run_id: str,
        now: datetime,
        *,
        concerns: tuple[Concern, ...] = (),
        demands: Demands = NOTHING_MORE,
    ) -> Approval | None:
        """Return the decision that counts for the plan and its concerns, now the run's own; None if there is none."""
        with writing(self.engine) as connection:
            return approvals.claim(connection, plan_id, Use(run_id=run_id, concerns=concerns, demands=demands), now)

    def start_batch(self, batch: BatchName, first_row: int, now: datetime) -> None:
        """Enter the intent to write a batch, which begins with that row of what its plan writes.

        One that was begun before and has not landed begins where it is said last.
        """
        with writing(self.engine) as connection:
            plans.start_batch(connection, batch, first_row, now)

    def finish_batch(self, batch: BatchName, counts: Mapping[str, int], now: datetime) -> None:
        """Enter how many changes of a batch had which outcome; what was entered first stands."""
        with writing(self.engine) as connection:
            plans.finish_batch(connection, batch, counts, now)

    def record_rejects(self, run_id: str, rows: pl.DataFrame) -> None:
        """Enter the rejected rows of a run (``line, codes, key_sha256``) in place of an earlier attempt's."""
        with writing(self.engine) as connection:
            rejects.record(connection, run_id, rows)

    def close_rejects(self, run_id: str, lines: Sequence[int], by_run: str) -> int:
        """Close the rows of *run_id* on these lines; return how many were still open."""
        with writing(self.engine) as connection:
            return rejects.close_lines(connection, run_id, lines, by_run)

    def close_rejects_by_key(self, hashes: pl.Series, by_run: str) -> tuple[str, ...]:
        """Close every open row of other runs with one of these key hashes; return those runs."""
        with writing(self.engine) as connection:
            return rejects.close_keys(connection, hashes, by_run)

    def open_reject_keys(self, domain: str, *, but_of: str) -> pl.Series:
        """Return the key hashes of all open rejects of a domain, except those of one run."""
        with reading(self.engine) as connection:
            return rejects.open_hashes(connection, domain, but_of)

    def still_open(self, run_id: str) -> int:
        """Count the rejected rows of a run that nobody corrected yet."""
        with reading(self.engine) as connection:
            return rejects.count_open(connection, run_id)

    def record_artifact(self, run_id: str, artifact: Artifact) -> None:
        """Enter a stored file; a view stored again under its key takes the place of the earlier one."""
        with writing(self.engine) as connection:
            artifacts.record(connection, run_id, artifact, clock())

    def list_artifacts(self, run_id: str) -> tuple[Artifact, ...]:
        """Return every file of a run, earlier attempts' too, oldest first."""
        with reading(self.engine) as connection:
            return artifacts.of_run(connection, run_id)

    def list_latest_artifacts(self, run_id: str) -> dict[FileName, Artifact]:
        """Return the newest file of each name."""
        return {artifact.name: artifact for artifact in self.list_artifacts(run_id)}

    def was_seen(self, key: str, etag: str) -> bool:
        """Say whether an inbox file of this name and content was handed to an import before."""
        with reading(self.engine) as connection:
            return inbox.was_seen(connection, key, etag)

    def mark_seen(self, key: str, etag: str, now: datetime) -> None:
        """Remember that an inbox file was handed to an import."""
        with writing(self.engine) as connection:
            inbox.mark_seen(connection, key, etag, now)

    def claim_invitation(self, invitation: Invitation) -> bool:
        """Enter that a mail is about to be sent; False where it must not be, for it may have been sent before."""
        with writing(self.engine) as connection:
            return invitations.claim(connection, invitation)

    def settle_invitation(self, invitation: Invitation, delivery: Delivery, now: datetime) -> None:
        """Enter what became of a mail that was claimed."""
        with writing(self.engine) as connection:
            invitations.settle(connection, invitation, delivery, now)

    def withdraw_invitation(self, invitation: Invitation) -> None:
        """Take back a claim whose mail certainly never left."""
        with writing(self.engine) as connection:
            invitations.withdraw(connection, invitation)

    def enter_listed(self, listed: list[Invitation]) -> None:
        """Enter people whom a list for a mail tool names; who is in the campaign already stays as they are."""
        with writing(self.engine) as connection:
            invitations.enter_listed(connection, listed)

    def list_invitations(self, campaign: str) -> pl.DataFrame:
        """Return everyone of a campaign, by the hash of their address (``schemas.invitations.ENTRIES_SCHEMA``)."""
        with reading(self.engine) as connection:
            return invitations.of_campaign(connection, campaign)

    @property
    def heartbeats(self) -> Heartbeats:
        """Return the signs of life of runs."""
        return Heartbeats(self.engine)

    @property
    def leases(self) -> Leases:
        """Return which run has which records to itself."""
        return Leases(self.engine)

    @property
    def decisions(self) -> DecisionBook:
        """Return what there is to be said about decisions that let no run through."""
        return DecisionBook(self.engine)

    @property
    def failures(self) -> FailureBook:
        """Return what is remembered of loyalty failures."""
        return FailureBook(self.engine)

    @property
    def cursors(self) -> CursorBook:
        """Return how far web shops were followed."""
        return CursorBook(self.engine)

    @property
    def drops(self) -> DropBook:
        """Return what is remembered of rejects that were dropped on purpose."""
        return DropBook(self.engine)
