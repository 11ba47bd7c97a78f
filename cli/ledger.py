"""Commands that look at runs: quick, because they need no Prefect."""

import hashlib
import importlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from cli.answers import Answer
from cli.audit_trail import enter
from cli.output import run_document
from infra.artifacts.manifests import list_stored
from infra.artifacts.run_files import load_bytes, load_frame
from infra.clock import now
from infra.context import ledger, storage
from infra.ledger import RunEntry
from infra.ledger.plans import NO_END
from infra.systems import open_systems
from schemas import file_names
from schemas.file_names import FileName
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Approval, Artifact
from tasks.core.planning.plan_ids import plan_id
from tasks.core.reporting.page import render_text
from tasks.core.wording.words import TITLES, are, counted

_SHORT_NAMES = {
    "rejects": (file_names.REJECTS_CSV, file_names.REJECTS_XLSX),
    "report": (file_names.REPORT_HTML,),
    "plan": (file_names.PLAN,),
}


@open_systems()
def show(run_id: str) -> Answer:
    """Show one run as its report tells it, or how it ended when it never got to one.

    Args:
        run_id: Its id, or how it begins; the one that Prefect shows; or a link to its page.
    """
    _end_interrupted()
    entry = ledger().get_run(run_id)
    enter("looked", entry.run.run_id)
    if entry.report is None or entry.report.outcome != entry.outcome:  # the report is of an earlier attempt
        run = entry.run
        document = {"run_id": run.run_id, "domain": run.domain, "outcome": entry.outcome, "says": entry.says}
        return document, f"Run {run.run_id} ({run.flow} {run.source})\n{TITLES[entry.outcome]}: {entry.says}", 0
    still_open, dropped = ledger().still_open(entry.run.run_id), ledger().drops.of_run(entry.run.run_id)
    report = replace(entry.report, still_open=still_open, dropped=dropped)
    return run_document(report), render_text(report), 0


@open_systems()
def list_runs(*, limit: int = 20) -> Answer:
    """List the latest runs, newest first.

    Args:
        limit: How many at most.
    """
    _end_interrupted()
    entries = ledger().list_runs(limit)
    lines = [
        f"{e.run.run_id}  {e.run.started_at:%Y-%m-%d %H:%M}  {e.run.flow:<12} {e.run.mode:<8} "
        f"{TITLES[e.outcome]}{': ' if e.says else ''}{e.says.partition(chr(10))[0]}"
        for e in entries
    ]
    return {"runs": [_entry_document(entry) for entry in entries]}, "\n".join(lines) or "No runs yet.", 0


def _entry_document(entry: RunEntry) -> dict[str, Any]:
    started = {"started_at": entry.run.started_at.isoformat()}
    ended = {"outcome": entry.outcome, "says": entry.says, "plan_id": entry.plan_id}
    return asdict(entry.run) | started | ended


@open_systems("storage")
def get(run_id: str, name: str, *, output: Path | None = None) -> Answer:
    """Fetch a file of RUN_ID by NAME, such as rejects, report or plan.

    Args:
        run_id: The run that the file is of.
        name: Its name, with or without its ending.
        output: Where to write it; its own name by default.
    """
    _end_interrupted()
    run = ledger().get_run(run_id).run
    artifact = _named(run.run_id, name)
    enter("downloaded", run.run_id, detail=artifact.name)
    path = output or Path(artifact.name)
    _write(path, load_bytes(artifact))
    return {"run_id": run.run_id, "name": artifact.name, "path": str(path), "sha256": artifact.sha256}, str(path), 0


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileNeedsFixing(f"{path}: {error.strerror}. Name a file that can be written, with -o.") from None


def _end_interrupted() -> None:
    """Write the reports of runs that were killed, where there are any: only then is more needed than the ledger."""
    if ledger().heartbeats.list_interrupted(now()):
        with open_systems("storage"):
            importlib.import_module("tasks.chain.interrupted").settle_interrupted()


def _named(run_id: str, name: str) -> Artifact:
    """Find a file of a run by its name, without its ending, or by a short name."""
    files = ledger().list_latest_artifacts(run_id)
    for wanted in (FileName(name), *_SHORT_NAMES.get(name, ())):
        if wanted in files:
            return files[wanted]
    stems = [file for file in files if file.partition(".")[0] == name]
    if len(stems) == 1:
        return files[stems[0]]
    if stems:
        raise FileNeedsFixing(f"Run {run_id} has {' and '.join(sorted(stems))}. Name one of them.")
    raise FileNeedsFixing(f"Run {run_id} has no file {name!r}. It has: {', '.join(sorted(files)) or 'none'}.")


@open_systems("storage")
def verify_run(run_id: str) -> Answer:
    """Recompute the SHA-256 of every file of RUN_ID, its plan id, and who signed its approval, asking no target.

    Args:
        run_id: The run whose files are compared with what the ledger says of them.

    Raises:
        Refused: A file is missing or is not what was stored, the plan id does not follow from the plan, or the
            signature of its approval does not hold.
    """
    from cli.approval_proofs import check_approvals  # noqa: PLC0415 - no other command waits for what it checks with

    _end_interrupted()
    entry = ledger().get_run(run_id)
    run = entry.run
    files = list_stored(run.run_id)
    wrong = [artifact.name for artifact in files if not _is_intact(artifact)]
    if wrong:
        raise Refused(f"Run {run.run_id}: not what was stored: {', '.join(wrong)}. Do not rely on this run.")
    if not _follows(files, entry):
        raise Refused(f"Run {run.run_id}: the plan id {entry.plan_id} does not follow from the stored plan.")
    approvals = check_approvals(entry, files)
    plan = f", and plan {entry.plan_id} follows from them" if entry.plan_id else ""
    text = f"Run {run.run_id}: {counted(len(files), 'file')} {are(len(files))} what was stored{plan}."
    text += "".join(f"\nPlan {each.plan_id} was approved by {_how(each)}." for each in approvals)
    document = {"run_id": run.run_id, "plan_id": entry.plan_id, "files": len(files), "intact": True}
    by = [{"plan_id": each.plan_id, "approver": each.approver, "signed": bool(each.proof)} for each in approvals]
    return document | {"approvals": by}, text, 0


def _how(approval: Approval) -> str:
    signed = "with a passkey; the signature holds" if approval.proof else "by name"
    return f"{approval.approver}, {signed}"


def _is_intact(artifact: Artifact) -> bool:
    found = storage().head(artifact.key)
    return found is not None and hashlib.sha256(storage().get(artifact.key)).hexdigest() == artifact.sha256


def _follows(files: list[Artifact], entry: RunEntry) -> bool:
    """Say whether the plan that was entered follows from the files of one of the run's attempts.

    Not always from the newest: an attempt can end after its plan was stored and before it was entered.
    """
    heads, changes = ([each for each in files if each.name == name] for name in (file_names.PLAN, file_names.CHANGES))
    if not entry.plan_id:
        return not heads or entry.outcome in NO_END
    ids = (plan_id(load_bytes(head), load_frame(each)) for each in reversed(changes) for head in reversed(heads))
    return not heads or entry.plan_id in ids
