"""Say of every open failure what it is, how we know and what is to be done; and remember it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from infra.artifacts.pieces import Piece, load_piece, pass_piece, passing_pieces, put_piece
from infra.artifacts.run_files import load_parts, save_bytes, save_frame, save_parts
from infra.catalogues import speech_in
from infra.context import ledger, settings
from infra.parallel import on_all_cores
from schemas import file_names
from schemas.loyalty.steps import Found, Swept
from schemas.records import Artifact, Run
from tasks.chain.step import step
from tasks.core.loyalty.causes import add_causes, name_causes, tally_causes
from tasks.core.loyalty.diagnosis import as_enrolled, decide, enrolments
from tasks.core.loyalty.settlement import hide_proven, with_diagnoses
from tasks.core.loyalty.sweep import moved
from tasks.core.loyalty.worklist import MOST_ROWS, lay_out, most_pressing, to_do, write_csv, write_xlsx


@step
def diagnose_failures(run: Run, swept: Swept, evidence: Artifact) -> Found:
    """Decide by the evidence, and lay out what people have to do; a preview remembers nothing.

    Raises:
        Unavailable: Another run entered some of the failures meanwhile; done again from the start.
    """
    with passing_pieces(run.run_id):
        diagnoses = save_parts(run.run_id, file_names.DIAGNOSES, _decided(run, swept, evidence))
    if run.mode != "preview":
        _remember(run, swept, diagnoses)
    _save_worklist(run, swept, diagnoses)
    tallies = [tally_causes(rows, diagnosed, swept.day) for rows, diagnosed in _diagnosed(swept, diagnoses)]
    causes = name_causes(add_causes(tallies), currency=settings().currency)
    return Found(diagnoses=diagnoses, causes=save_frame(run.run_id, file_names.CAUSES, causes))


@dataclass(frozen=True, kw_only=True)
class UndecidedPart:
    """Open failures of some customers, what is known of them, and what people wrote about programmes, of anybody."""

    run_id: str
    failures: Piece
    evidence: Piece
    programmes: Piece
    day: date


def _decided(run: Run, swept: Swept, evidence: Artifact) -> Iterator[pl.DataFrame]:
    """Decide part by part, but first heed what people wrote about programmes, whichever part it stands in."""
    written = [enrolments(rows, known) for rows, known in _diagnosed(swept, evidence)]
    programmes = put_piece(run.run_id, pl.concat(written).unique().to_frame())
    due = (
        UndecidedPart(
            run_id=run.run_id,
            failures=pass_piece(run.run_id, rows),
            evidence=pass_piece(run.run_id, known),
            programmes=programmes,
            day=swept.day,
        )
        for rows, known in _diagnosed(swept, evidence)
    )
    return map(load_piece, on_all_cores(decide_part, due, len(written)))


def decide_part(due: UndecidedPart) -> Piece:
    """Decide about the failures of some customers."""
    known = as_enrolled(load_piece(due.evidence), load_piece(due.programmes).to_series())
    return pass_piece(due.run_id, decide(load_piece(due.failures), known, due.day))


def _diagnosed(swept: Swept, known: Artifact) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Give the open failures part by part, with what is *known* of them."""
    return zip(load_parts(swept.open), load_parts(known), strict=True)


def _save_worklist(run: Run, swept: Swept, diagnoses: Artifact) -> None:
    """Store the worklist: what presses most, in the same order as a workbook and as CSV."""
    rows: list[pl.DataFrame] = []
    for (failures, diagnosed), names in zip(_diagnosed(swept, diagnoses), load_parts(swept.names), strict=True):
        rows = [most_pressing([*rows, to_do(failures, diagnosed, names)], MOST_ROWS)]
    speech = speech_in(settings().language)
    laid_out = lay_out(rows[0], currency=settings().currency, speech=speech)
    save_bytes(run.run_id, file_names.WORKLIST_CSV, write_csv(laid_out, speech))
    save_bytes(run.run_id, file_names.WORKLIST_XLSX, write_xlsx(laid_out, speech))


def _remember(run: Run, swept: Swept, diagnoses: Artifact) -> None:
    """Enter class and money where they are others, and close what is proven to need nothing, where the settings say so.

    Each part is entered by itself: what is known of a failure follows from itself alone.
    """
    for rows, diagnosed in _diagnosed(swept, diagnoses):
        due = moved(_as_diagnosed(rows, diagnosed, swept.day), rows)["failure_key"]
        if due.is_empty():
            continue
        loaded = ledger().failures.load(due)
        changed = moved(_as_diagnosed(loaded.states, diagnosed, swept.day), loaded.states)
        ledger().failures.save([changed], loaded=loaded.revision, run_id=run.run_id)


def _as_diagnosed(states: pl.DataFrame, diagnosed: pl.DataFrame, day: date) -> pl.DataFrame:
    known = with_diagnoses(states, diagnosed)
    return hide_proven(known, diagnosed, day) if settings().loyalty_hide_proven else known
