"""Settle the unknown changes of an upload by the file of errors that the shop gave back."""

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.context import storage
from schemas import file_names
from schemas.domain import Domain
from schemas.domains import DOMAINS
from schemas.gift_cards import LIGHTSPEED_X
from schemas.records import RunReport
from tasks.chain.extract import inbox_path
from tasks.chain.step import step
from tasks.chain.upload_answers import Settlement
from tasks.chain.validate import read_as
from tasks.core.gift_cards.upload_answers import NOBODY, read_refusals, refusal_findings, settle_by_answer


@step
def settle_by_error_file(uploaded: RunReport, inbox_key: str) -> Settlement:
    """Mark the rows of the shop's error file as refused and all other unknown changes as written.

    Raises:
        FileNeedsFixing: The error file names cards that were not in the upload.
    """
    domain = DOMAINS[uploaded.domain]
    refusals = _read_answer(uploaded, inbox_key) if inbox_key else NOBODY
    outcomes = settle_by_answer(load_frame(uploaded.artifacts[file_names.OUTCOMES]), refusals, domain.resource)
    _save(uploaded, domain, outcomes, refusals)
    return Settlement(outcomes=outcomes)


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
