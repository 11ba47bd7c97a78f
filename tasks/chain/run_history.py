"""Find out what a run did, from its stored plans and receipts."""

from dataclasses import dataclass

import polars as pl

from infra.artifacts.run_files import load_frame, save_frame
from infra.connectors import KnownByExports
from infra.context import ledger, storage, target
from infra.ledger.parts_of_files import PartBook
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Artifact, BatchName, ChangeCounts, Plan, Run
from tasks.chain.extract import inbox_path
from tasks.chain.later_exports import expect_known
from tasks.chain.step import step
from tasks.core.planning.changes import OURS, count_planned, names_in, no_changes, with_issued_keys, writable
from tasks.core.planning.inverse_changes import chain_changes
from tasks.core.planning.ownership import Wrote, written_since
from tasks.core.wording.words import counted, were


@step
def recall(run: Run, domain: Domain, only: str) -> Artifact:
    """Store the changes that the run named by ``run.source`` carried out, or those with the keys in the file *only*.

    Raises:
        Refused: The target cannot undo, or the run changed nothing.
        FileNeedsFixing: The file *only* is not there, or names keys the run did not change; or it is not known what
            became of its upload.
    """
    connector = target(run.target)
    if not connector.can.undo:
        raise Refused(f"{run.target} cannot undo: what was handed over must be put right in that system itself.")
    done = recall_all(run, domain)
    if isinstance(connector, KnownByExports):
        begun = ledger().list_begun_since(run.source, domain=domain.name, target=run.target)
        undone = any(each.undoes == run.source for each in begun)
        expect_known(ledger().get_run(run.source).report, run.source, connector.dialect.name, undone=undone)
    return save_frame(run.run_id, file_names.DONE, _only(done, domain, only) if only else done)


def recall_all(run: Run, domain: Domain) -> pl.DataFrame:
    """Return what the run named by ``run.source`` did to the records of *domain*.

    A run that died early may have changed only records beside its own.

    Raises:
        Refused: It changed nothing at all.
    """
    plans = ledger().list_applied_plans(run.source)
    if not plans:
        raise Refused(f"Run {run.source} changed nothing, so there is nothing to put back.")
    done_by_plan = [landed(run.source, plan) for plan in plans if plan.domain == domain.name]
    nothing = no_changes(target(run.target).read(domain.resource, pl.Series(dtype=pl.String)), domain.resource)
    done = chain_changes(done_by_plan or [nothing], domain.resource)
    issued = target(run.target).issued(domain.resource, names_in(done, domain.resource))
    return _with_owners(run, domain, with_issued_keys(done, issued, domain.resource))


def _with_owners(run: Run, domain: Domain, done: pl.DataFrame) -> pl.DataFrame:
    """Say beside each change which run has written its record again since, if any has."""
    key = domain.resource.key
    begun = ledger().list_begun_since(run.source, domain=domain.name, target=run.target)
    landed = {(e.run_id, e.plan.plan_id): e.plan for e in begun}
    parts = {names: _landed_by_batch(names[0], plan) for names, plan in landed.items()}
    wrote = [
        Wrote(run_id=e.run_id, undoes=e.undoes, keys=part[key])
        for e in begun
        if (part := parts[e.run_id, e.plan.plan_id].get(e.number)) is not None
    ]
    return done.with_columns(written_since(done[key], run.source, wrote))


def dependent_domain(run: Run, domain: Domain) -> Domain | None:
    """Return what else the run named by ``run.source`` changed than records of *domain*, if anything."""
    others = {plan.domain for plan in ledger().list_applied_plans(run.source)} - {domain.name}
    return DOMAINS[others.pop()] if others else None


def landed(run_id: str, plan: Plan) -> pl.DataFrame:
    """Return the changes of a plan that a run carried out, as the target's own journal has them."""
    parts = _landed_by_batch(run_id, plan)
    return pl.concat(parts.values()) if parts else writable(load_frame(plan.changes)).clear()


def _landed_by_batch(run_id: str, plan: Plan) -> dict[int, pl.DataFrame]:
    """Return them by the number of the batch: what another run had done before is not among them.

    An upload is one batch, of which the run itself keeps what the system took.
    """
    if target(plan.target).can.guard == "blind":
        return _taken(run_id, plan)
    changes = writable(load_frame(plan.changes))
    return {
        each.number: changes.slice(each.first_row, each.outcomes.len()).filter(each.outcomes == "done")
        for each in list_landed(run_id, plan)
    }


def _taken(run_id: str, plan: Plan) -> dict[int, pl.DataFrame]:
    """Return what the system took of an upload, new records under the keys they got there."""
    outcomes = ledger().list_latest_artifacts(run_id).get(file_names.OUTCOMES)
    if outcomes is None:
        return {}
    taken = load_frame(outcomes).filter(pl.col("outcome").is_in(OURS))
    return {1: writable(taken).select(load_frame(plan.changes).columns)}


@dataclass(frozen=True, kw_only=True)
class Landed:
    """A batch that a target remembers: with which row of what its plan writes it begins, and what became of it."""

    number: int
    first_row: int
    outcomes: pl.Series


def list_landed(run_id: str, plan: Plan) -> list[Landed]:
    """Return what the target says of each batch of a plan that landed.

    Several workers write batches side by side, so one may have landed and another before it not. The ledger says which
    were begun, and where; the target, which of them there are.
    """
    found, follows = [], 0
    for number, first_row in ledger().heartbeats.list_begun(run_id, plan.plan_id).items():
        then = target(plan.target).outcomes(BatchName(plan_id=plan.plan_id, number=number, run_id=run_id))
        if then is not None:
            found.append(Landed(number=number, first_row=follows if first_row is None else first_row, outcomes=then))
            follows += then.len()
    return found


def count_unknown(run: Run, domain: Domain) -> int:
    """Count the changes by the run named by ``run.source`` of which nobody knows whether they were carried out.

    Of uploads, what the system took is known before anything is undone.
    """
    if target(run.target).can.guard == "blind":
        return 0
    plans = [plan for plan in ledger().list_applied_plans(run.source) if plan.domain == domain.name]
    landed_batches = [each for plan in plans for each in list_landed(run.source, plan)]
    return sum(int((each.outcomes == "unknown").sum()) for each in landed_batches)


def written_earlier(run: Run, plan: Plan) -> ChangeCounts:
    """Count what earlier attempts of this run wrote by other plans, which *plan* found done already."""
    if run.attempt == 1:
        return ChangeCounts()
    others = [each for each in ledger().list_applied_plans(run.run_id) if each.plan_id != plan.plan_id]
    counts = [count_planned(landed(run.run_id, each), unchanged=0) for each in others if each.domain == plan.domain]
    return ChangeCounts(
        created=sum(each.created for each in counts),
        updated=sum(each.updated for each in counts),
        removed=sum(each.removed for each in counts),
    )


def written_in_parts(run: Run, domain: Domain) -> list[pl.DataFrame]:
    """Return what was carried out of other parts of the file of this run, or of the run that it undoes."""
    known = [each for each in ledger().list_artifacts(run.run_id) if each.name == file_names.REFERENCES]
    corrected = {run_id for each in known for run_id in load_frame(each)["from_run"].unique()}
    return [
        landed(part, plan)
        for part in PartBook(ledger().engine).list_runs(run.run_id, corrected)
        for plan in ledger().list_applied_plans(part)
        if plan.domain == domain.name
    ]


def _only(done: pl.DataFrame, domain: Domain, only: str) -> pl.DataFrame:
    lines = storage().get(inbox_path(only)).decode("utf-8-sig").splitlines()
    wanted = pl.Series([line.strip().lower() for line in lines if line.strip()], dtype=pl.String)
    chosen = done.filter(pl.col(domain.resource.key).str.to_lowercase().is_in(wanted.implode()))
    if chosen.height != wanted.n_unique():
        missing = wanted.n_unique() - chosen.height
        raise FileNeedsFixing(
            f"{only}: {missing} of its {counted(wanted.n_unique(), 'key')} {were(missing)} not changed by that run. "
            "Write one key a line, and only keys that the run changed."
        )
    return chosen
