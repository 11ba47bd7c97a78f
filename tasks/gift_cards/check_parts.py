"""A file of gift cards checked part by part, and its rows scattered by their numbers.

The parts are slices of the file. How its amounts are written is known by then, and what two rows have to do with each
other is asked of all of them afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.artifacts.pieces import Piece, load_piece, pass_piece
from infra.context import settings
from infra.parallel import on_all_cores
from schemas.records import Run
from tasks.chain.partitions import Scattered, collect_checked, scatter
from tasks.core.checking.total_checks import SummedAmounts
from tasks.core.gift_cards.card_rows import Conventions, FoundInPart, check_part, slices
from tasks.core.gift_cards.checks import Prepared
from tasks.core.planning.buckets import partitions_for
from tasks.core.reading.parts import ROWS_AT_ONCE


@dataclass(frozen=True, kw_only=True)
class UncheckedCards:
    """Some rows of a file, and how they are read."""

    run_id: str
    cells: Piece
    conventions: Conventions
    partitions: int


@dataclass(frozen=True, kw_only=True)
class CheckedCards:
    """What came of them: accepted rows by partition, and what else was found (``FoundInPart``)."""

    accepted: tuple[Piece, ...]
    findings: Piece
    unread: Piece
    amounts: SummedAmounts


def check_parts(run: Run, prepared: Prepared) -> tuple[list[CheckedCards], Scattered]:
    """Check every row of a file, and scatter those accepted so far."""
    rows, most = prepared.cells.height, settings().rows_a_partition
    at_once, partitions = min(ROWS_AT_ONCE, most), partitions_for(rows, most)

    def unchecked() -> Iterator[UncheckedCards]:
        for cells in slices(prepared.cells, at_once):
            yield UncheckedCards(
                run_id=run.run_id,
                cells=pass_piece(run.run_id, cells),
                conventions=prepared.conventions,
                partitions=partitions,
            )

    return collect_checked(on_all_cores(check_cards, unchecked(), -(-rows // at_once)))


def check_cards(due: UncheckedCards) -> CheckedCards:
    """Check some rows."""
    accepted, found = check_part(load_piece(due.cells), due.conventions)
    return CheckedCards(
        accepted=scatter(due.run_id, accepted, accepted["number"], due.partitions),
        findings=pass_piece(due.run_id, found.findings),
        unread=pass_piece(due.run_id, found.unread.to_frame()),
        amounts=found.amounts,
    )


def found_in(part: CheckedCards) -> FoundInPart:
    """Fetch what was found in a part."""
    return FoundInPart(
        findings=load_piece(part.findings), unread=load_piece(part.unread).to_series(), amounts=part.amounts
    )
