"""A file of customers compared with the register, partition by partition.

A row that says nothing new is told inside its partition. The others may be about anybody, as people are known by
address, name and date of birth too: every partition is asked for the records in question, and what becomes of these
rows is then decided of all of them at once. Of a register that was edited they are a few in a hundred.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from infra.artifacts.partitions import partitions_of
from infra.artifacts.pieces import Piece, load_piece, load_pieces, pass_piece, put_piece
from infra.artifacts.run_files import scan_frame
from infra.parallel import on_workers
from schemas.customer_systems import System
from schemas.domain import Domain, Resource
from schemas.records import Artifact, Run, Snapshot, Validated
from tasks.core.customers.changes import days_born, decide_matched, with_news
from tasks.core.customers.fitting import fitted
from tasks.core.customers.matching import having, in_question, matched
from tasks.core.customers.values import Register


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What a file asks of a register. ``left_out`` counts the cells that the system has no place for, by column."""

    changes: pl.DataFrame
    unchanged: int
    left_out: Mapping[str, int]


def compare_parts(
    run: Run,
    domain: Domain,
    sides: tuple[Validated, Snapshot],
    register: Register,
    system: System | None,
    *,
    updates_by_email: bool,
) -> Compared:
    """List the changes that the rows of a file ask of a register, and count the unchanged."""
    validated, before = sides
    pairs = [
        PeoplePair(run_id=run.run_id, resource=domain.resource, rows=rows, records=records, system=system)
        for rows, records in zip(partitions_of(validated.accepted), partitions_of(before.records), strict=True)
    ]
    news = list(on_workers(find_news, pairs, len(pairs)))
    rows = load_pieces([each.rows for each in news]).sort("line")
    held, days = _in_question(run, pairs, news, rows, register)
    joined = matched(rows, held, register, updates_by_email=updates_by_email)
    there = _records_of(run, pairs, joined["match"].drop_nulls())
    changes = decide_matched(joined, there, days, register, domain.resource)
    return Compared(
        changes=changes,
        unchanged=rows.height + sum(each.settled.rows for each in news) - changes.height,
        left_out=_added_up([each.left_out for each in news]),
    )


@dataclass(frozen=True, kw_only=True)
class PeoplePair:
    """A partition of the file beside that of the register, and the system that keeps it."""

    run_id: str
    resource: Resource
    rows: Artifact
    records: Artifact
    system: System | None


@dataclass(frozen=True, kw_only=True)
class NewsOfPair:
    """The rows of a partition that say something new, and the records that all others are about."""

    rows: Piece
    settled: Piece
    left_out: Mapping[str, int]


def find_news(pair: PeoplePair) -> NewsOfPair:
    """Tell which rows of a partition say something new."""
    rows, records = scan_frame(pair.rows), scan_frame(pair.records)
    fits, left_out = fitted(rows, pair.system) if pair.system else (rows, {})
    news = with_news(fits, records, pair.resource)
    settled = news.settled.to_frame()
    return NewsOfPair(
        rows=put_piece(pair.run_id, news.rows), settled=pass_piece(pair.run_id, settled), left_out=left_out
    )


@dataclass(frozen=True, kw_only=True)
class Question:
    """Rows of the whole file, and a partition of the register that is asked whom they may be about."""

    run_id: str
    rows: Piece
    records: Artifact
    settled: Piece
    register: Register


@dataclass(frozen=True, kw_only=True)
class InQuestion:
    """The records in question of a partition, and the dates of birth of all of them."""

    held: Piece
    days: Piece


def _in_question(
    run: Run, pairs: list[PeoplePair], news: list[NewsOfPair], rows: pl.DataFrame, register: Register
) -> tuple[pl.DataFrame, pl.Series]:
    asked = put_piece(run.run_id, rows)
    questions = [
        Question(run_id=run.run_id, rows=asked, records=pair.records, settled=each.settled, register=register)
        for pair, each in zip(pairs, news, strict=True)
    ]
    answers = list(on_workers(find_in_question, questions, len(questions)))
    days = load_pieces([each.days for each in answers]).unique()
    return load_pieces([each.held for each in answers]), days.to_series()


def find_in_question(question: Question) -> InQuestion:
    """Return the records of a partition that any of the rows can be about."""
    records, settled = scan_frame(question.records), load_piece(question.settled).to_series()
    held = in_question(records, load_piece(question.rows), question.register, settled)
    days = days_born(records).to_frame()
    return InQuestion(held=pass_piece(question.run_id, held), days=pass_piece(question.run_id, days))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Records that are wanted whole, by their keys, of a partition."""

    run_id: str
    resource: Resource
    records: Artifact
    keys: Piece


def _records_of(run: Run, pairs: list[PeoplePair], keys: pl.Series) -> pl.DataFrame:
    asked = put_piece(run.run_id, keys.to_frame())
    wanted = [Wanted(run_id=run.run_id, resource=pair.resource, records=pair.records, keys=asked) for pair in pairs]
    return load_pieces(list(on_workers(fetch_records, wanted, len(wanted))))


def fetch_records(wanted: Wanted) -> Piece:
    """Return some records of a partition."""
    key, columns = wanted.resource.key, wanted.resource.columns
    found = having(scan_frame(wanted.records).select(key, *columns), key, load_piece(wanted.keys).to_series())
    return pass_piece(wanted.run_id, found)


def _added_up(counts: list[Mapping[str, int]]) -> dict[str, int]:
    names = dict.fromkeys(name for each in counts for name in each)
    return {name: sum(each.get(name, 0) for each in counts) for name in names}
