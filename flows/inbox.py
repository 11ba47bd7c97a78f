"""Start an import for every new file in the inbox: nightly by schedule, or whenever someone runs it."""

from typing import Literal

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.states import Completed

from infra.artifacts import INBOX
from schemas.domains import DOMAINS
from tasks.core.rendering.words import counted
from tasks.look_in_inbox import InboxFile, list_new_files, mark_seen


@flow(name="inbox", flow_run_name="inbox: {mode}")
def import_inbox(mode: Literal["preview", "review", "apply"] = "apply") -> State[None]:
    """Start an import for every file in the inbox that was not imported before.

    A file counts as new when its name or its content is new. Starting it twice is impossible: the run
    is keyed by both.

    Args:
        mode: How the imports run. apply carries out what is of no concern and holds the rest for approval.
    """
    with_files = [name for name, domain in DOMAINS.items() if domain.dialects]
    files = [file for name in with_files for file in list_new_files(name)]
    for file in files:
        _start(file, mode)
        mark_seen(file)
    get_run_logger().info("%d new files in %s/", len(files), INBOX)
    return Completed(name="Started" if files else "Nothing to do", message=counted(len(files), "new file"))


def _start(file: InboxFile, mode: str) -> None:
    run_deployment(
        f"{file.domain}/{file.domain}",
        parameters={"inbox_key": file.key, "mode": mode, "submitted_by": "inbox"},
        timeout=0,
        idempotency_key=f"{file.key}:{file.etag}",
        as_subflow=False,
    )
