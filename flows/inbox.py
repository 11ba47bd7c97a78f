"""Start an import for every new file in the inbox: nightly by schedule, or whenever someone runs it."""

from typing import Literal

from prefect import flow, get_run_logger
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed

from infra.artifacts.run_files import INBOX
from infra.context import settings
from infra.shop_deployments import name_in_shop
from infra.systems import open_systems
from schemas.domains import DOMAINS
from tasks.chain.deployed_runs import execute, start
from tasks.chain.forms import with_titles
from tasks.chain.new_files import InboxFile, list_new_files, mark_seen
from tasks.chain.tell import tell_of_flow
from tasks.core.wording.words import counted


@with_titles
@flow(name="inbox", flow_run_name="inbox: {mode}")
@open_systems()
def import_inbox(mode: Literal["preview", "review", "apply"] = "apply") -> State[None]:
    """Start an import for every file in the inbox that was not imported before.

    A file counts as new when its name or its content is new. Starting it twice is impossible: the run
    is keyed by both. Files of one kind are imported in the order in which they were dropped, one after the other.

    Args:
        mode: How the imports run. apply carries out what is of no concern and holds the rest for approval.
    """
    with_files = [name for name, domain in DOMAINS.items() if domain.dialects]
    files = [file for name in with_files for file in list_new_files(name)]
    with get_client(sync_client=True) as client:
        for file in files:
            _import(client, file, mode)
    tell_of_flow("inbox")
    get_run_logger().info("%d new files in %s/", len(files), INBOX)
    return Completed(name="Started" if files else "Nothing to do", message=counted(len(files), "new file"))


def _import(client: SyncPrefectClient, file: InboxFile, mode: str) -> None:
    shop = settings().shop
    name, key = f"{file.domain}/{name_in_shop(file.domain, shop)}", ":".join(filter(None, (shop, file.key, file.etag)))
    run = start(client, name, {"inbox_key": file.key, "mode": mode, "submitted_by": "inbox"}, key)
    mark_seen(file)
    if mode != "review":  # that may wait for a person for days, in a process that the worker looks after
        execute(client, run)
