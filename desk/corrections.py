"""Correcting rejects at the desk: what somebody typed so far, and the corrected file that starts a run.

What was typed lies beside the rejects file in the bucket, and nowhere else: not in the ledger, in no parameter, no log.
Every save is a file of its own, so two people who correct different rows of one run lose nothing of each other's.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath

import polars as pl

from desk.localization import worded
from desk.paging import pages_of, within
from desk.prefect_runs import PrefectRuns
from desk.recognition import FileKind
from desk.rejects import is_followed, kind_of_rejects, rejects_artifacts
from desk.runs_started import SWEEP, asked_again, inbox_key_for
from desk.texts import _, language_here
from desk.visitors import Visitor
from infra.artifacts.headings import load_headings
from infra.artifacts.run_files import load_bytes, load_frame, view_key
from infra.clock import now
from infra.context import ledger, settings, storage
from schemas import file_names
from schemas.domain import Dialect
from schemas.file_names import FileName
from schemas.loyalty.reports import LOYALTY
from schemas.people import Request
from schemas.problems import Refused
from schemas.records import Artifact, Run, RunReport
from tasks.chain.validate import sizes
from tasks.core.orders.json_corrections import read_json_rejects
from tasks.core.reading.dialects import recognise
from tasks.core.reading.headings import fold_heading
from tasks.core.reading.learnt_headings import with_headings
from tasks.core.rejects.corrections import (
    Correction,
    Field,
    RejectedRow,
    Rejects,
    read_rejects,
)
from tasks.core.wording.messages import with_messages
from tasks.loyalty.headings import dialects_of_failures

FIELDS = 500
"""About so many fields stand on a page, however many columns a file has."""
MOST_ROWS = 25


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell as the page shows it. *wrong* says what is wrong with it, and what would be right."""

    at: int
    heading: str
    text: str
    was: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A rejected row as the page shows it. *wrong* says what is wrong with it as a whole."""

    line: int
    cells: tuple[Cell, ...]
    wrong: tuple[str, ...]
    dropped: str
    is_touched: bool


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Rejects of a run in one of its files that are still open, and what was typed over them so far."""

    file: Rejects
    rows: tuple[RejectedRow, ...]
    typed: Mapping[int, Correction]
    name: FileName

    @property
    def touched(self) -> int:
        """Count the rows that somebody corrected or left out."""
        return sum(self.is_touched(row) for row in self.rows)

    def is_touched(self, row: RejectedRow) -> bool:
        """Say whether somebody corrected a row or left it out."""
        typed = self.typed.get(row.line)
        return typed is not None and bool(typed.dropped or _differing(self.file.fields(row), typed.cells))

    @property
    def page_rows(self) -> int:
        """How many rows stand on a page."""
        return max(1, min(MOST_ROWS, FIELDS // max(1, self.file.width)))

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages_of(len(self.rows), self.page_rows)

    def on_page(self, page: int) -> tuple[RejectedRow, ...]:
        """Return the rows of a page, from 1."""
        first = (within(page, self.pages) - 1) * self.page_rows
        return self.rows[first : first + self.page_rows]


def _differing(fields: Sequence[Field], texts: Mapping[int, str]) -> dict[int, str]:
    """Return those of *texts* that say something else than the fields in their places."""
    return {each.at: texts[each.at] for each in fields if texts.get(each.at, each.text) != each.text}


def draft_of(run: Run, report: RunReport, name: str = "") -> Draft:
    """Return what there is to correct of a run in a file of this *name*, else in its first, and what was typed so far.

    Raises:
        Refused: Nothing is.
    """
    kind = kind_of_rejects(run)
    artifacts = [each for each in rejects_artifacts(report) if name in ("", each.name)]
    if kind is None or not artifacts:
        raise Refused(_("This run sent back no file that can be corrected here."))
    file = _read(run, kind, artifacts[0])
    still = frozenset(ledger().drops.open_lines(run.run_id)) if is_followed(run) else None
    rows = tuple(row for row in file.rows if still is None or row.line in still)
    return Draft(file=file, rows=rows, typed=_typed(_place(run.run_id, artifacts[0].name)), name=artifacts[0].name)


def _read(run: Run, kind: FileKind, artifact: Artifact) -> Rejects:
    content, limits, code_page = load_bytes(artifact), sizes(), settings().code_page
    if artifact.name == file_names.REJECTS_JSON:
        return read_json_rejects(content, name=artifact.name)
    dialect = recognise(content, _dialects(run, kind), name=artifact.name, code_page=code_page, sizes=limits)
    return read_rejects(content, name=artifact.name, dialect=dialect, code_page=code_page, sizes=limits)


def _dialects(run: Run, kind: FileKind) -> Sequence[Dialect]:
    """Return the dialects in which the file of a run may have been, with the headings that it named."""
    if kind.name == LOYALTY:
        written = dialects_of_failures()
        return [written[each.name] for each in kind.dialects]
    chosen, headings = run.options.get("dialect", "auto"), run.options.get("headings", "")
    named = [each for each in kind.dialects if each.name == chosen] or list(kind.dialects)
    if not headings:
        return named
    saved = load_headings([each.name for each in named], headings)
    return [with_headings(each, saved[each.name]) for each in named if each.name in saved]


def _place(run_id: str, name: FileName) -> str:
    """Say where what was typed over a rejects file lies; of several files of a run, each has its own place."""
    which = name.partition(".")[0].removeprefix("rejects")
    return view_key(run_id, f"corrections{which}/")


def _typed(place: str) -> dict[int, Correction]:
    """Put all that was saved together; of one cell, what was saved last counts."""
    found: dict[int, Correction] = {}
    for each in sorted(info.key for info in storage().list(place)):
        for line, saved in json.loads(storage().get(each)).items():
            cells = {int(at): text for at, text in saved["cells"].items()}
            made = Correction(cells=cells, dropped=saved["dropped"])
            found[int(line)] = made.over(found.get(int(line), Correction()))
    return found


def save(run_id: str, draft: Draft, form: Mapping[str, str]) -> Draft:
    """Save what a page of the form says, where it differs from what was saved before; return the draft with it."""
    changed = dict(_changes(draft, read_form(form)))
    if not changed:
        return draft
    said = {line: asdict(each) for line, each in changed.items()}
    name = f"{now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.json"
    place = _place(run_id, draft.name)
    storage().put_once(place + name, json.dumps(said).encode())
    return replace(draft, typed=_typed(place))


def _changes(draft: Draft, typed: Mapping[int, Correction]) -> Iterator[tuple[int, Correction]]:
    rows = {row.line: row for row in draft.rows}
    for line, sent in typed.items():
        if line not in rows:
            continue
        before = draft.typed.get(line, Correction())
        shown = [replace(f, text=before.cells.get(f.at, f.text)) for f in draft.file.fields(rows[line])]
        cells = _differing(shown, sent.cells)
        if cells or sent.dropped != before.dropped:
            yield line, Correction(cells=cells, dropped=sent.dropped)


def read_form(form: Mapping[str, str]) -> dict[int, Correction]:
    """Read fields that are called ``cell-LINE-POSITION`` and ``drop-LINE``; browsers end lines in CR LF."""
    cells: dict[int, dict[int, str]] = {}
    dropped: dict[int, str] = {}
    for name, text in form.items():
        match name.split("-"):
            case ["cell", line, at] if line.isdecimal() and at.isdecimal():
                cells.setdefault(int(line), {})[int(at)] = text.replace("\r\n", "\n")
            case ["drop", line] if line.isdecimal():
                dropped[int(line)] = " ".join(text.split())
    lines = cells.keys() | dropped.keys()
    return {line: Correction(cells=cells.get(line, {}), dropped=dropped.get(line, "")) for line in lines}


def rows_shown(draft: Draft, report: RunReport, page: int) -> tuple[Row, ...]:
    """Return the rows of a page as it shows them: what was typed, what stood there, and what is wrong with it."""
    rows = draft.on_page(page)
    found = load_frame(report.artifacts[_findings_of(draft.name)])
    here = found.filter(pl.col("line").is_in([row.line for row in rows]))
    wrong: dict[tuple[int, str], tuple[str, ...]] = {}
    for each in with_messages(here, language_here(), worded=worded).iter_rows(named=True):
        key = (each["line"], fold_heading(each["heading"]))
        wrong[key] = (*wrong.get(key, ()), each["message"])
    return tuple(_shown(row, draft, wrong) for row in rows)


def _findings_of(name: FileName) -> FileName:
    """Name the file of what was found in the rows of a rejects file."""
    which = name.partition(".")[0].removeprefix("rejects-")
    return file_names.FINDINGS if which == "rejects" else file_names.one_of_several(file_names.FINDINGS, which)


def _shown(row: RejectedRow, draft: Draft, wrong: Mapping[tuple[int, str], tuple[str, ...]]) -> Row:
    typed = draft.typed.get(row.line, Correction())
    cells = tuple(
        Cell(
            at=each.at,
            heading=each.heading,
            text=typed.cells.get(each.at, each.text),
            was=each.text,
            wrong=wrong.get((row.line, fold_heading(each.heading)), ()),
        )
        for each in draft.file.fields(row)
    )
    placed = {fold_heading(cell.heading) for cell in cells}
    whole = [said for (line, of), said in wrong.items() if line == row.line and of not in placed]
    return Row(
        line=row.line,
        cells=tuple(sorted(cells, key=lambda cell: not cell.wrong)),
        wrong=tuple(text for texts in whole for text in texts),
        dropped=typed.dropped,
        is_touched=draft.is_touched(row),
    )


def preview_draft(prefect: PrefectRuns, visitor: Visitor, run: Run, draft: Draft, *, press: str) -> Request:
    """Write the corrected file into the inbox, and start its preview, as the run that it corrects was started.

    Raises:
        Refused: Nothing was corrected.
    """
    if not draft.touched:
        raise Refused(_("Nothing is corrected yet. Type over a cell, or say why a row is left out."))
    content = draft.file.written(draft.typed, [row.line for row in draft.rows])
    return preview_corrected(prefect, visitor, run, f"rejects-{run.run_id}.{draft.file.suffix}", content, press=press)


def preview_corrected(
    prefect: PrefectRuns, visitor: Visitor, run: Run, name: str, content: bytes, *, press: str
) -> Request:
    """Put a corrected file into the inbox, and start its preview with all that the run was asked with.

    Raises:
        Refused: Nothing takes the rejects of this run back.
    """
    kind = kind_of_rejects(run)
    if kind is None:
        raise Refused(_("This run sent back no file that can be corrected here."))
    key = inbox_key_for(kind.name, _dated(run, name))
    storage().put_once(key, content)
    taken = kind.asks_for(key)
    request = asked_again(prefect, visitor, run, key=f"correct:{run.run_id}:{press}", **taken)
    visitor.did("submitted", request.run_id, key)
    return request


def _dated(run: Run, name: str) -> str:
    """Name the rejects of a sweep by the day of that sweep: by its name a report is known to be of its day."""
    return f"rejects-{run.options['day']}{PurePosixPath(name).suffix}" if run.flow == SWEEP else name
