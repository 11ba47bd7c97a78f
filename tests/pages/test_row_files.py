"""The rows of a page are those of the report, whatever is looked for and wherever one turns."""

import json
from dataclasses import asdict
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest

from desk.row_files import NEAR_ROWS, PAGE_ROWS, RowFiles, Wanted, opened, write_rejects
from schemas.gift_cards import GIFT_CARDS
from tasks.core.reporting.rows import columns_by_interest, pick_changes, shown_changes
from tests.reports import MESSY_CHANGES, MESSY_REJECTS, large


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, RowFiles]:
    _, changes = large(4_000)
    return files_of(changes, tmp_path_factory.mktemp("rows"))


def files_of(changes: pl.DataFrame, folder: Path) -> tuple[pl.DataFrame, RowFiles]:
    columns = columns_by_interest(changes)
    changes.write_parquet(folder / "changes.parquet")
    write_rejects(folder, MESSY_REJECTS)
    (folder / "about.json").write_text(json.dumps([asdict(column) for column in columns]))
    return pick_changes(changes, changes.height), opened(folder, GIFT_CARDS.resource)


def all_pages(files: RowFiles, **wanted: str) -> pl.DataFrame:
    first = files.changes_page(Wanted(**wanted))
    pages = [files.changes_page(Wanted(page=number, **wanted)).rows for number in range(1, first.pages + 1)]
    assert sum(page.height for page in pages) == first.total
    return pl.concat(pages)


def test_turning_every_page_shows_every_change_once_those_that_need_a_person_first(many):
    picked, files = many
    assert all_pages(files).equals(shown_changes(picked, files.columns))


@pytest.mark.parametrize("group", ["held", "conflict", "changed", "new", "removed"])
def test_a_group_shows_its_changes_and_no_others(many, group: str):
    picked, files = many
    wanted = shown_changes(picked.filter(pl.col("group") == group), files.columns)
    assert all_pages(files, group=group).equals(wanted)


@pytest.mark.thorough
@pytest.mark.parametrize(("find", "group"), [("1", ""), ("GC", "new"), ("nothing like it", ""), (".*", "")])
def test_a_search_shows_the_keys_that_hold_the_text_as_it_was_typed(many, find: str, group: str):
    picked, files = many
    holds = pl.col(files.key_heading).str.to_lowercase().str.contains(find.lower(), literal=True)
    within = (pl.col("group") == group) if group else pl.lit(value=True)
    assert all_pages(files, find=find, group=group).equals(shown_changes(picked.filter(holds, within), files.columns))


def test_a_page_beyond_the_last_is_the_last(many):
    _, files = many
    last = files.changes_page(Wanted(page=10_000))
    assert last.page == last.pages and 0 < last.rows.height <= PAGE_ROWS


def test_rows_that_lie_far_apart_are_on_one_page(tmp_path: Path):
    far = pl.int_range(pl.len()) % (NEAR_ROWS + 1) == 3
    kind = pl.when(far).then(pl.lit("remove")).otherwise(pl.lit("create"))
    _, changes = large(3 * NEAR_ROWS)
    picked, files = files_of(changes.with_columns(kind=kind, outcome=pl.lit("")), tmp_path)
    (page,) = (files.changes_page(Wanted(group="removed")),)
    assert page.total == 3
    assert page.rows.equals(shown_changes(picked.filter(group="removed"), files.columns))


def test_beside_a_conflict_stands_what_was_read_back(tmp_path: Path):
    now = MESSY_CHANGES.filter(pl.col("balance_cents_now").is_not_null())
    now = now.select("number", cs.ends_with("_now").name.map(lambda name: name.removesuffix("_now")))
    now.write_parquet(tmp_path / "read-back.parquet")
    columns = columns_by_interest(MESSY_CHANGES)
    (tmp_path / "about.json").write_text(json.dumps([asdict(column) for column in columns]))
    MESSY_CHANGES.drop(cs.ends_with("_now")).write_parquet(tmp_path / "changes.parquet")
    shown = opened(tmp_path, GIFT_CARDS.resource).changes_page(Wanted()).rows
    assert shown.equals(shown_changes(pick_changes(MESSY_CHANGES, 99), columns))


def test_rejects_are_found_by_what_stands_in_the_cell_or_in_the_message(tmp_path: Path):
    _, files = files_of(MESSY_CHANGES, tmp_path)
    assert files.rejects_page(Wanted()).rows["line"].to_list() == [4, 7, 13]
    assert files.rejects_page(Wanted(find="=1+")).rows["line"].to_list() == [7]
    assert files.rejects_page(Wanted(find="NOT AN AMOUNT")).rows["line"].to_list() == [4]
