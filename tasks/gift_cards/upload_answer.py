"""Settle the unknown changes of an upload by what the shop gave: its file of errors, or a later list of its cards."""

from pathlib import PurePosixPath

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.connectors import KnownByExports
from infra.context import storage, target
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import Bug
from schemas.records import RunReport
from schemas.register_exports import Export
from tasks.chain.extract import inbox_path
from tasks.chain.later_exports import expect_another, later_export
from tasks.chain.step import step
from tasks.chain.upload_answers import Settlement
from tasks.chain.validate import read_as
from tasks.core.gift_cards.card_lists import totals_of
from tasks.core.gift_cards.upload_answers import (
    NOBODY,
    read_refusals,
    refusal_findings,
    settle_by_answer,
    settle_by_list,
)


@step
def settle_by_error_file(uploaded: RunReport, inbox_key: str) -> Settlement:
    """Mark the rows of the shop's error file as refused and all other unknown changes as written.

    Raises:
        FileNeedsFixing: The error file names cards that were not in the upload.
    """
    return _settle(uploaded, _read_answer(uploaded, inbox_key))


def _settle(uploaded: RunReport, refusals: pl.DataFrame) -> Settlement:
    domain = DOMAINS[uploaded.domain]
    outcomes = settle_by_answer(load_frame(uploaded.artifacts[file_names.OUTCOMES]), refusals, domain.resource)
    _save(uploaded, domain, outcomes, refusals)
    return Settlement(outcomes=outcomes)


@step
def settle_by_card_list(uploaded: RunReport) -> Settlement:
    """Settle by a list of cards that is later than the upload; where nobody exported one, the shop took every row.

    Raises:
        FileNeedsFixing: The newest list is that with which the upload was compared.
    """
    domain, connector = DOMAINS[uploaded.domain], target(uploaded.target)
    if not isinstance(connector, KnownByExports):
        raise Bug(f"{uploaded.target} has no lists of cards.")
    export = later_export(uploaded, connector.dialect.name)
    if export is None:
        return _settle(uploaded, NOBODY)
    expect_another(uploaded, export)
    cards = connector.read_export(export, domain.resource)
    outcomes = settle_by_list(load_frame(uploaded.artifacts[file_names.OUTCOMES]), cards, domain.resource)
    _save_list(uploaded, domain, export, cards, outcomes)
    return Settlement(outcomes=outcomes, after=totals_of(cards, domain.resource))


def _save_list(
    uploaded: RunReport, domain: Domain, export: Export, cards: pl.DataFrame, outcomes: pl.DataFrame
) -> None:
    name = file_names.ending_in(file_names.NEXT_EXPORT, PurePosixPath(export.name).suffix)
    save_bytes(uploaded.run_id, name, export.content)
    save_frame(uploaded.run_id, file_names.OUTCOMES, outcomes)
    there = pl.col(domain.resource.key).is_in(outcomes[domain.resource.key].implode())
    save_frame(uploaded.run_id, file_names.READ_BACK, cards.filter(there))


def _read_answer(uploaded: RunReport, inbox_key: str) -> pl.DataFrame:
    content = storage().get(inbox_path(inbox_key))
    save_bytes(uploaded.run_id, file_names.SHOP_ANSWER, content)
    return read_refusals(read_as(LIGHTSPEED_X, content, inbox_key), LIGHTSPEED_X)


def _save(uploaded: RunReport, domain: Domain, outcomes: pl.DataFrame, refusals: pl.DataFrame) -> None:
    earlier = load_frame(uploaded.artifacts[file_names.FINDINGS])
    refused = refusal_findings(outcomes, refusals, domain.resource)
    findings = pl.concat([earlier, refused], how="diagonal").sort("line")
    save_frame(uploaded.run_id, file_names.FINDINGS, findings)
    save_frame(uploaded.run_id, file_names.OUTCOMES, outcomes)
