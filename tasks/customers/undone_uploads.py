"""Before an upload is undone: say what it did in the words of its register, as its newest export has them."""

from infra.artifacts.run_files import load_frame, save_frame
from infra.connectors import ReadsExports
from infra.context import ledger, target
from schemas import file_names
from schemas.domain import Domain
from schemas.records import Artifact, Run, Snapshot
from tasks.chain.step import step
from tasks.core.customers.undone_uploads import in_words_of
from tasks.customers.validate import register


@step
def tell_in_words_of_register(run: Run, domain: Domain, done: Artifact, before: Snapshot) -> Artifact:
    """Store what an upload did as its register writes it. What was done to other systems stays as it is."""
    if not isinstance(target(run.target), ReadsExports):
        return done
    shown = ledger().list_latest_artifacts(run.source).get(file_names.READ_BACK)
    now = load_frame(before.records)
    reworded = in_words_of(
        load_frame(done), load_frame(shown) if shown else now.clear(), now, domain.resource, register()
    )
    return save_frame(run.run_id, file_names.DONE, reworded)
