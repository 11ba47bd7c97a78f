"""Which rejects of a run can be corrected at the desk, and what takes them back."""

from desk.recognition import FILE_KINDS, FileKind
from desk.runs_started import INVITE, SWEEP
from desk.shop_orders import came_from_shop
from schemas import file_names
from schemas.invitations import INVITATIONS
from schemas.loyalty.reports import LOYALTY
from schemas.records import Artifact, Run, RunReport
from tasks.core.reporting.text import one_of_several_rejects


def kind_of_rejects(run: Run) -> FileKind | None:
    """Return what a run's rejects are about, which says what takes them back; None where nothing does."""
    named = {SWEEP: LOYALTY, INVITE: INVITATIONS}.get(run.flow, run.domain if run.flow in FILE_KINDS else "")
    return FILE_KINDS.get(named)


def to_correct(run: Run, report: RunReport) -> int:
    """Count the rows of a run that can be corrected here; of what the ledger does not follow, all that came back."""
    if came_from_shop(report) or kind_of_rejects(run) is None or not rejects_artifacts(report):
        return 0
    return report.still_open if is_followed(run) else report.rows.rejected


def is_followed(run: Run) -> bool:
    """Say whether the ledger follows a run's rejects row by row: those of records and of people, which go in once."""
    kind = kind_of_rejects(run)
    return kind is not None and (kind.changes_records or run.flow == INVITE)


def rejects_artifacts(report: RunReport) -> tuple[Artifact, ...]:
    """Return the rejects files of a run. Answers in no form that is known are for people to look at, not to correct."""
    several = [each for each in one_of_several_rejects(report.artifacts) if "-answers." not in each]
    names = (file_names.REJECTS_CSV, file_names.REJECTS_XLSX, file_names.REJECTS_JSON, *several)
    return tuple(report.artifacts[name] for name in names if name in report.artifacts)
