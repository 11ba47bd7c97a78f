"""How large a file may be, and the words that turn away what is larger."""

from dataclasses import dataclass

from schemas.problems import FileNeedsFixing


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a file may measure at most. Cells are counted in characters, files in bytes, also unpacked."""

    max_file_bytes: int
    max_cell_chars: int
    max_columns: int


def refuse_wrong_size(size: int, *, name: str, sizes: Sizes) -> None:
    """Turn away what is empty or too large, before anything else is done with it.

    Raises:
        FileNeedsFixing: The file has no bytes, or more than allowed.
    """
    if size == 0:
        raise FileNeedsFixing(f"{name} is empty: it has not a single byte. Export it again.", code="FILE_EMPTY")
    if size > sizes.max_file_bytes:
        raise FileNeedsFixing(
            f"{name} is too large: {size:,} bytes where {sizes.max_file_bytes:,} are allowed. "
            "Split it, with the headings in each part, and hand in the parts one by one."
        )


def refuse_too_many_columns(count: int, *, name: str, line: int, sizes: Sizes) -> None:
    """Turn away a heading row that is wider than any table we expect.

    Raises:
        FileNeedsFixing: There are more headings than allowed.
    """
    if count > sizes.max_columns:
        raise FileNeedsFixing(
            f"{name}, line {line}: {count:,} columns where {sizes.max_columns:,} are allowed. "
            "Keep only the columns that are needed."
        )


def too_long(name: str, line: int, sizes: Sizes) -> FileNeedsFixing:
    """Make the error for a cell that no spreadsheet could hold; most often a quote was not closed."""
    return FileNeedsFixing(
        f"{name}, line {line}: a cell is longer than {sizes.max_cell_chars:,} characters. "
        "Is a quote not closed there, or is the file not a table? Correct the line or export the file again."
    )
