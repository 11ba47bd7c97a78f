"""Letters that were lost before the file came here: no cell with a mark for a lost letter is ever taken for text.

Asked of files that are to change something. A register that has such names already is read as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.reading.row_numbers import span_on

_LOST = "\ufffd"
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE = rf"[ÂÃ][{_CONTINUED}]|â€"
"""UTF-8 that was read as a code page and written as UTF-8 once more: Ã…sa for Åsa."""
_QUESTIONED = r"\p{L}\?\p{L}|(?:^|[\s-])\?\p{L}|^\p{L}+\?$"
"""A question mark in the place of a letter: ?sa, G?teborg, Malm?"""
_SIGNS = [_LOST, "?", "Â", "Ã", "â€"]
"""Without one of these a column lacks no letter; most have none, and are passed over at once."""


def without_lost_letters(table: Table) -> Table:
    """Put the rows apart in which a letter is lost, and raise a concern about cells in which one may be."""
    names = _suspicious(table, {**table.headings, **{passed: passed for passed in table.passed}})
    if not names:
        return table
    findings = pl.concat(
        [pl.DataFrame(schema=FINDINGS_SCHEMA), *(_lost(table.cells, name, heading) for name, heading in names.items())]
    )
    if findings.height:
        table = replace(
            table,
            cells=table.cells.filter(~pl.col("line").is_in(findings["line"].implode())),
            findings=pl.concat([table.findings, findings]).sort("line", maintain_order=True),
        )
    places = [place for name, heading in names.items() for place in _doubtful(table, name, heading)]
    if not places:
        return table
    says = f"letters seem to be lost, or written twice over, in {'; '.join(places)}"
    return replace(table, concerns=(*table.concerns, Concern(code="CELL_DOUBTFUL_LETTERS", says=says)))


def _suspicious(table: Table, names: Mapping[str, str]) -> dict[str, str]:
    """Return the columns, name -> heading, in which any sign of a lost letter stands."""
    signs = table.cells.select(pl.col(list(names)).str.contains_any(_SIGNS).any())
    return {name: names[name] for name in signs.columns if signs[name].item()}


def _lost(cells: pl.DataFrame, name: str, heading: str) -> pl.DataFrame:
    lost = cells.filter(pl.col(name).str.contains(_LOST, literal=True))
    return lost.select(
        "line", heading=pl.lit(heading), value=name, code=pl.lit("CELL_LOST_LETTERS"), detail=pl.lit("")
    ).cast(FINDINGS_SCHEMA)


def _doubtful(table: Table, name: str, heading: str) -> Iterator[str]:
    """Name the cells of a column that may lack letters."""
    lines = table.cells.filter(pl.col(name).str.contains(f"{_TWICE}|{_QUESTIONED}"))["line"].to_list()
    if lines:
        yield f"{heading} ({'line' if len(lines) == 1 else 'lines'} {span_on(table.originals, lines)})"
