"""Read back every record a plan touched, and the control totals again."""

from infra.artifacts.run_files import file_of, load_frame, save_frame
from infra.context import target, thread_pool
from schemas import file_names
from schemas.domain import Domain
from schemas.records import Receipt, Run, Verification
from tasks.chain.step import step
from tasks.core.planning.changes import writable
from tasks.core.planning.keys_to_read import keys_to_ask
from tasks.core.planning.settlement import without_removed
from tasks.core.planning.verification import find_discrepancies


@step
def verify(run: Run, receipt: Receipt, domain: Domain) -> Verification:
    """Compare what the target holds now with what the receipt says was done."""
    connector = target(run.target)
    touched = writable(load_frame(receipt.outcomes))
    touched_keys = touched.get_column(domain.resource.key)
    keys = keys_to_ask(touched_keys, receipt.totals) if connector.can.list_all else touched_keys
    with thread_pool() as side:
        totals = side.submit(connector.totals, domain.resource)
        now = connector.read(domain.resource, keys)
    after = totals.result() if connector.can.read_back else ()  # else this is what was there before the upload
    expected = receipt.totals if connector.can.list_all else ()  # what cannot be counted is compared one by one
    there = without_removed(now, domain.resource, connector.can.removed_as)
    found = find_discrepancies(touched, there, domain.resource, expected=expected, after=after)
    return Verification(
        read_back=save_frame(run.run_id, file_of(run, domain, file_names.READ_BACK), now),
        after=after,
        discrepancies=found if connector.can.read_back else (),
    )
