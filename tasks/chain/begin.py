"""Enter a run in the ledger before anything else happens."""

from prefect import runtime

from infra.clock import now
from infra.context import ledger
from schemas.domains import DOMAINS
from schemas.problems import Refused
from schemas.records import Mode, Run
from schemas.target_names import Channel, TargetName
from tasks.chain.audit_trail import enter_start
from tasks.chain.heartbeat import start_heartbeat
from tasks.chain.interrupted import settle_interrupted
from tasks.chain.step import step
from tasks.core.wording.run_ids import run_id_in


def current_run_id() -> str:
    """Return the id of the run this process works for: the first 12 digits of the flow run's own id."""
    return run_id_in(current_flow_run_id())


def current_flow_run_id() -> str:
    """Return Prefect's own id of the run this process works for."""
    return str(runtime.flow_run.id)


@step
def begin(
    *,
    domain: str,
    flow: str,
    mode: Mode,
    target: TargetName | Channel,
    source: str,
    options: dict[str, str],
    submitted_by: str,
) -> Run:
    """Enter the run in the ledger, or enter its next attempt; runs that were killed are ended first."""
    settle_interrupted()
    start_heartbeat(current_run_id())
    run = ledger().start_run(
        run_id=current_run_id(),
        domain=domain,
        flow=flow,
        mode=mode,
        target=target,
        source=source,
        options=options,
        submitted_by=submitted_by,
        now=now(),
    )
    enter_start(run)
    return run


@step
def begin_about(run_id: str, *, flow: str, mode: Mode, options: dict[str, str], submitted_by: str = "") -> Run:
    """Enter a run about an earlier run: same domain, same target, and that run as its source.

    Raises:
        FileNeedsFixing: There is no such run.
        Refused: It changed nothing that can be put back: it sent mails, or acted in another system.
    """
    settle_interrupted()
    origin = ledger().get_run(run_id).run
    if origin.domain not in DOMAINS:
        raise Refused(
            f"Run {origin.run_id} changed no records that can be put back: it was {origin.flow}. What was sent or "
            "done in another system cannot be undone from here."
        )
    start_heartbeat(current_run_id())
    run = ledger().start_run(
        run_id=current_run_id(),
        domain=origin.domain,
        flow=flow,
        mode=mode,
        target=origin.target,
        source=origin.run_id,
        options=options,
        submitted_by=submitted_by,
        now=now(),
    )
    enter_start(run)
    return run
