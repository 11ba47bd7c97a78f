"""A file of customers checked part by part, and its rows scattered by the numbers that they turn out to have.

The parts are slices of the file, and not partitions: the number of a row is known only once it is read. What two rows
have to do with each other is asked of all of them afterwards, by names and numbers alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from infra.artifacts.pieces import Piece, load_piece, pass_piece, put_piece
from infra.parallel import on_all_cores
from schemas.domain import Dialect
from schemas.records import Run
from schemas.tables import Concern, Table
from tasks.chain.partitions import Scattered, collect_checked, scatter
from tasks.core.customers.checks import BlankCells, FoundInPart, WholeColumns, check_part, look_at_columns
from tasks.core.customers.identities import partition_keys
from tasks.core.customers.values import Register
from tasks.core.reading.parts import Parts
from tasks.core.reading.table import rows_of


@dataclass(frozen=True, kw_only=True)
class UncheckedPart:
    """Some rows of a file, and what they are read with; *returned* are findings about any rows of it."""

    run_id: str
    cells: Piece
    returned: Piece
    known: Table
    dialect: Dialect
    register: Register
    columns: WholeColumns
    blank_cells: BlankCells
    partitions: int


@dataclass(frozen=True, kw_only=True)
class CheckedPart:
    """What came of them: accepted rows by partition, and the frames of ``FoundInPart``."""

    accepted: tuple[Piece, ...]
    findings: Piece
    people: Piece
    doubts: Piece
    qualified: Piece
    concerns: tuple[Concern, ...]
    repairs: Mapping[str, int]
    references: Mapping[int, str]


def check_parts(
    run: Run, parts: Parts, register: Register, blank_cells: BlankCells, partitions: int
) -> tuple[list[CheckedPart], Scattered]:
    """Check every row of a file, and scatter those accepted so far."""
    columns = look_at_columns(parts)

    def unchecked() -> Iterator[UncheckedPart]:
        for rows in parts.slices():
            yield UncheckedPart(
                run_id=run.run_id,
                cells=pass_piece(run.run_id, parts.cells(rows)),
                returned=pass_piece(run.run_id, parts.raw.returned),
                known=parts.known,
                dialect=parts.dialect,
                register=register,
                columns=columns,
                blank_cells=blank_cells,
                partitions=partitions,
            )

    return collect_checked(on_all_cores(check_rows, unchecked(), len(parts.slices())))


def check_rows(due: UncheckedPart) -> CheckedPart:
    """Check some rows."""
    table = rows_of(due.known, load_piece(due.cells), load_piece(due.returned), due.dialect)
    accepted, found = check_part(table, due.dialect, due.register, due.columns, due.blank_cells)
    return CheckedPart(
        accepted=scatter(due.run_id, accepted, partition_keys(accepted), due.partitions),
        findings=put_piece(due.run_id, found.file.findings),
        people=put_piece(due.run_id, found.people),
        doubts=put_piece(due.run_id, found.doubts),
        qualified=put_piece(due.run_id, found.qualified),
        concerns=found.file.concerns,
        repairs=found.file.repairs,
        references=found.file.references,
    )


def found_in(parts: Parts, part: CheckedPart) -> FoundInPart:
    """Fetch what was found in a part."""
    file = replace(
        parts.known,
        findings=load_piece(part.findings),
        concerns=part.concerns,
        repairs=part.repairs,
        references=part.references,
    )
    people, doubts, qualified = (load_piece(piece) for piece in (part.people, part.doubts, part.qualified))
    return FoundInPart(file=file, people=people, doubts=doubts, qualified=qualified)
