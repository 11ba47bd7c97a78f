"""The rows of a run, as pages show them: those that need a person first, each read where it lies.

The files are those of the run, copied to this machine and read a few rows at a time; in which order their rows are
shown is found from one column of them, and kept in memory. What a row says is what the report says of it
(``tasks.core.reporting.rows``). A copy is named by its content, so it is never out of date; one that is deleted is
made again.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

import polars as pl
import polars.selectors as cs

from desk.localization import codes_that_say, rows_say, worded
from desk.paging import pages_of, within
from desk.texts import language_here
from infra.artifacts.run_files import load_bytes
from infra.context import settings
from schemas import file_names
from schemas.domain import Resource
from schemas.domains import DOMAINS
from schemas.file_names import FileName
from schemas.records import Artifact, RunReport
from schemas.tables import ValueColumn
from tasks.chain.report import rejects_to_show, rows_to_show
from tasks.core.planning.settlement import join_now
from tasks.core.reporting.rows import columns_by_interest, grouped, shown_changes
from tasks.core.wording.messages import with_messages
from tasks.core.wording.words import GROUPS

PAGE_ROWS = 50
ROWS_A_GROUP = 2_000
"""So few rejects are read at once that a page takes milliseconds."""

NEAR_ROWS = 4_096
"""Rows that lie no further apart are read at once, with those between them."""

MOST_BYTES = 4 * 2**30
"""What these files may take in all; those that nobody looked at for longest go first."""

_MADE_FROM = (file_names.OUTCOMES, file_names.CHANGES, file_names.READ_BACK, file_names.FINDINGS)

_KEYS = "keys"
"""A file beside the changes with their keys alone, in small letters and in the order of pages: a search reads these."""

_FORM = "3"
"""Of these files; another one where what is made of the same rows is another."""

_GROUPED_BY = cs.by_name("kind", "outcome", require_all=False)
"""What says of a change to which group it belongs; a plan has no outcomes yet."""

_MAKING = Lock()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for: rows of one group, or all; with a text in them; from which row on."""

    group: str = ""
    find: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows, as texts, of *total* that were looked for."""

    rows: pl.DataFrame
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one, where there is nothing."""
        return pages_of(self.total, PAGE_ROWS)

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return (self.page - 1) * PAGE_ROWS + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class RowFiles:
    """The files of one run. ``order`` says in which places the changes lie that pages show, group by group."""

    changes: Path
    rejects: Path
    resource: Resource
    columns: tuple[ValueColumn, ...]
    order: pl.Series
    groups: Mapping[str, int]
    """How many rows each group has, in their order."""

    @property
    def key_heading(self) -> str:
        """The column that says which record a row is about."""
        return self.resource.key

    def changes_page(self, wanted: Wanted) -> Page:
        """Return the changes that somebody looks for: as ``shown_changes`` writes them."""
        before, total = self._range_of(wanted.group)
        places = self.order.slice(before, total)
        if wanted.find:
            found = _found(self._keys(), wanted.find.strip().lower())
            places = self.order.gather(found.filter((found >= before) & (found < before + total)))
        here = within(wanted.page, pages_of(places.len(), PAGE_ROWS))
        rows = self._with_now(self._rows_in(places.slice((here - 1) * PAGE_ROWS, PAGE_ROWS)))
        shown = shown_changes(rows.with_columns(says=rows_say()), self.columns)
        return Page(rows=shown, total=places.len(), page=here)

    def _range_of(self, group: str) -> tuple[int, int]:
        if not group:
            return 0, sum(self.groups.values())
        names = list(self.groups)
        earlier = names[: names.index(group)] if group in names else names
        return sum(self.groups[name] for name in earlier), self.groups.get(group, 0)

    def _rows_in(self, places: pl.Series) -> pl.DataFrame:
        """Read the rows that lie in these places, in this order: neighbours at once, and of the others few."""
        scan, spans = pl.scan_parquet(self.changes), _spans(places.sort().to_list())
        parts = [scan.slice(at, length).with_row_index("place", offset=at) for at, length in spans]
        read = pl.concat(parts or [scan.limit(0).with_row_index("place")]).collect()
        ordered = places.alias("place").to_frame().join(read, on="place", maintain_order="left")
        return grouped(ordered.drop("place"))

    def _with_now(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Put beside conflicts what was read back, where something was."""
        read_back = self.changes.with_name(file_names.READ_BACK)
        if not read_back.exists():
            return rows
        key = self.resource.key
        asked = pl.col(key).is_in(rows.filter(group="conflict")[key].implode())
        return join_now(rows, pl.scan_parquet(read_back).filter(asked).collect(), self.resource)

    def _keys(self) -> Path:
        """Return the keys in the order of pages; the first search makes them."""
        keys = self.changes.with_name(_KEYS)
        with _MAKING:
            if not keys.exists():
                key = pl.col(self.resource.key).cast(pl.String).str.to_lowercase()
                found = pl.scan_parquet(self.changes).select(key=key).collect()
                making = keys.with_name(uuid4().hex)
                found[self.order].write_parquet(making, compression="lz4")
                making.rename(keys)
        return keys

    def changing_lines(self) -> list[int]:
        """Return the lines of the file from which something would be written, ascending."""
        changes = grouped(pl.scan_parquet(self.changes).select("line", _GROUPED_BY).collect())
        written = pl.col("group").is_in(["new", "changed", "removed"]) & pl.col("line").is_not_null()
        return changes.filter(written)["line"].unique().sort().to_list()

    def rejects_page(self, wanted: Wanted) -> Page:
        """Return the rejects that somebody looks for."""
        scan, text = pl.scan_parquet(self.rejects), wanted.find.strip().lower()
        whole = pl.concat_str(pl.col("heading", "value", "message").fill_null(""), separator="\n").str.to_lowercase()
        found = whole.str.contains(text, literal=True) | pl.col("code").is_in(codes_that_say(text))
        page = _page(scan.filter(found) if text else scan, wanted.page)
        if language_here() == "en":
            return page
        return replace(page, rows=with_messages(page.rows.drop("message"), language_here(), worded=worded))


@lru_cache(maxsize=16)
def _found(keys: Path, text: str) -> pl.Series:
    """Return which rows have a text in their key, by their places in the order of pages."""
    holds = pl.col("key").str.contains(text, literal=True)
    return pl.scan_parquet(keys).select(holds.arg_true()).collect()["key"]


def _spans(places: list[int]) -> Iterator[tuple[int, int]]:
    """Put ascending places together that lie near each other: where each span begins, and how long it is."""
    first = last = None
    for place in places:
        if first is not None and last is not None and place - last > NEAR_ROWS:
            yield first, last - first + 1
            first = None
        first, last = place if first is None else first, place
    if first is not None and last is not None:
        yield first, last - first + 1


def _page(scan: pl.LazyFrame, page: int) -> Page:
    counted = int(scan.select(pl.len()).collect().item())
    here = within(page, pages_of(counted, PAGE_ROWS))
    rows = scan.slice((here - 1) * PAGE_ROWS, PAGE_ROWS).collect()
    return Page(rows=rows, total=counted, page=here)


def row_files(report: RunReport) -> RowFiles:
    """Return the files of a run, copied from its artifacts where they are not here yet."""
    folder = settings().home.resolve() / "desk-rows"
    place = folder / _name(report.artifacts)
    if not (place / "about.json").exists():
        with _MAKING:  # one at a time: what is copied may be large
            if not (place / "about.json").exists():
                _make(place, report)
                _keep_within(folder, MOST_BYTES)
    with suppress(OSError):
        os.utime(place)
    return opened(place, DOMAINS[report.domain].resource)


@lru_cache(maxsize=16)
def opened(place: Path, resource: Resource) -> RowFiles:
    """Return the files in a place; in which order their rows are shown is found once, and is 4 MB of a million."""
    changes, columns = place / file_names.CHANGES, json.loads((place / "about.json").read_text())
    groups = grouped(pl.scan_parquet(changes).select(_GROUPED_BY).collect())["group"]
    places = {name: (groups == name).arg_true() for name in GROUPS}
    return RowFiles(
        changes=changes,
        rejects=place / file_names.FINDINGS,
        resource=resource,
        columns=tuple(ValueColumn(**each) for each in columns),
        order=pl.concat(list(places.values())),
        groups={name: each.len() for name, each in places.items() if each.len()},
    )


def _name(artifacts: Mapping[FileName, Artifact]) -> str:
    hashes = "".join(artifacts[name].sha256 for name in _MADE_FROM if name in artifacts)
    return hashlib.sha256((_FORM + hashes).encode()).hexdigest()[:32]


def _make(place: Path, report: RunReport) -> None:
    """Copy the files of a run. Which columns people look at is said by its report; of an older one it is found."""
    making, artifacts = place.with_name(f"{place.name}.{uuid4().hex[:8]}"), report.artifacts
    making.mkdir(mode=0o700, parents=True)
    changes = artifacts.get(file_names.OUTCOMES) or artifacts[file_names.CHANGES]
    (making / file_names.CHANGES).write_bytes(load_bytes(changes))
    if file_names.READ_BACK in artifacts:
        (making / file_names.READ_BACK).write_bytes(load_bytes(artifacts[file_names.READ_BACK]))
    write_rejects(making, rejects_to_show(artifacts))
    columns = report.columns or columns_by_interest(rows_to_show(artifacts, DOMAINS[report.domain].resource)[0])
    (making / "about.json").write_text(json.dumps([asdict(column) for column in columns]))
    with suppress(OSError):  # another process made the same meanwhile
        making.rename(place)


def write_rejects(folder: Path, rejects: pl.DataFrame) -> None:
    """Write rejects with their messages, by line."""
    rejects.sort("line").write_parquet(folder / file_names.FINDINGS, row_group_size=ROWS_A_GROUP, compression_level=1)


def _keep_within(folder: Path, most_bytes: int) -> None:
    """Delete those that nobody looked at for longest, until the rest fit."""
    places = sorted((each for each in folder.iterdir() if each.is_dir()), key=lambda each: -each.stat().st_mtime)
    held = 0
    for place in places:
        held += sum(file.stat().st_size for file in place.iterdir())
        if held > most_bytes:
            for file in place.iterdir():
                file.unlink(missing_ok=True)
            place.rmdir()
