"""Read back every record a plan touched, and the control totals again."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from infra.artifacts.pieces import Piece, load_piece, load_pieces, pass_piece, passing_pieces
from infra.artifacts.run_files import file_of, load_frame, save_frame
from infra.connectors import Connector, ServesWorkers
from infra.context import settings, target, thread_pool
from infra.parallel import on_workers
from schemas import file_names
from schemas.domain import Domain, Resource
from schemas.records import Receipt, Run, Verification
from schemas.target_names import Channel, TargetName
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
    keys = touched_keys if connector.can.finds_by_key_only else keys_to_ask(touched_keys, receipt.totals)
    with thread_pool() as side:
        totals = side.submit(connector.totals, domain.resource)
        now = _read_back(run, connector, domain.resource, keys)
    after = totals.result() if connector.can.read_back else ()  # else this is what was there before the upload
    expected = receipt.totals if connector.can.list_all else ()  # what cannot be counted is compared one by one
    there = without_removed(now, domain.resource, connector.can.removed_as)
    found = find_discrepancies(touched, there, domain.resource, expected=expected, after=after)
    return Verification(
        read_back=save_frame(run.run_id, file_of(run, domain, file_names.READ_BACK), now),
        after=after,
        discrepancies=found if connector.can.read_back else (),
    )


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Some of the records that were touched, by their keys, to be read back."""

    run_id: str
    target: TargetName | Channel
    resource: Resource
    keys: Piece


def _read_back(run: Run, connector: Connector, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
    """Return the records of *keys*, or all: some at a time where several processes may ask."""
    size = settings().rows_a_partition
    apart = isinstance(connector, ServesWorkers) and connector.serves_workers(resource)
    if keys is None or keys.len() <= size or not apart:
        return connector.read(resource, keys)
    with passing_pieces(run.run_id):
        return load_pieces(list(on_workers(read_touched, _touched(run, resource, keys, size), -(-keys.len() // size))))


def _touched(run: Run, resource: Resource, keys: pl.Series, size: int) -> Iterator[Touched]:
    for some in keys.to_frame().iter_slices(size):
        piece = pass_piece(run.run_id, some)
        yield Touched(run_id=run.run_id, target=run.target, resource=resource, keys=piece)


def read_touched(asked: Touched) -> Piece:
    """Read some records back."""
    keys = load_piece(asked.keys).to_series()
    return pass_piece(asked.run_id, target(asked.target).read(asked.resource, keys))
