"""Keep what the target holds now: the backup, and the *before* of the plan."""

from collections.abc import Iterable

import polars as pl

from infra.artifacts.run_files import file_of, load_frame, save_frame, save_parts
from infra.connectors import Connector, ReadsInParts
from infra.context import target
from schemas import file_names
from schemas.domain import Domain, Resource
from schemas.records import Artifact, Run, Snapshot
from tasks.chain.step import step
from tasks.core.planning.keys_to_read import keys_to_ask


@step
def snapshot(run: Run, domain: Domain, rows: Artifact) -> Snapshot:
    """Read the records of *rows*, or all there are, from the live target, never from the last import."""
    return take_snapshot(run, domain, load_frame(rows).get_column(domain.resource.key))


def take_snapshot(run: Run, domain: Domain, keys: pl.Series) -> Snapshot:
    """Read the records of *keys*, or all there are."""
    connector = target(run.target)
    totals = connector.totals(domain.resource)
    asked = keys_to_ask(keys, totals) if connector.can.list_all else keys
    records = domain.records.validate(connector.read(domain.resource, asked))
    return Snapshot(records=save_frame(run.run_id, file_of(run, domain, file_names.SNAPSHOT), records), totals=totals)


@step
def snapshot_all(run: Run, domain: Domain) -> Snapshot:
    """Read every record: a backup of the whole, and all there is to compare a person with."""
    connector = target(run.target)
    parts = (domain.records.validate(part) for part in _every_record(connector, domain.resource))
    records = save_parts(run.run_id, file_of(run, domain, file_names.SNAPSHOT), parts)
    return Snapshot(records=records, totals=connector.totals(domain.resource))


def _every_record(connector: Connector, resource: Resource) -> Iterable[pl.DataFrame]:
    return connector.read_parts(resource) if isinstance(connector, ReadsInParts) else [connector.read(resource, None)]
