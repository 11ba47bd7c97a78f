"""Tables and charts beside the changes: the same in the page, the workbook, the document and Prefect."""

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import get_args

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.loyalty.records import ReasonCode
from schemas.report_tables import Chart, ReportTable, ShownTable
from tasks.core.reporting.charts import draw
from tasks.core.reporting.page import render_html, render_xlsx, report_document
from tasks.core.reporting.table_cells import cell_classes, cells_of_table, table_columns
from tasks.core.reporting.text import render_markdown, show_values
from tests.reports import MESSY, MESSY_CHANGES, MESSY_REJECTS, NO_CHANGES, NO_REJECTS, REPORT_TABLES

TOLD = replace(MESSY, report_tables=tuple(report_table for report_table, _ in REPORT_TABLES))
MONTHS, STOCK, MEMBERS = REPORT_TABLES


def page() -> str:
    return render_html(TOLD, MESSY_CHANGES, MESSY_REJECTS, REPORT_TABLES).decode()


def marks(drawing: str) -> int:
    svg = etree.fromstring(drawing)
    return len(svg.findall(".//{*}g[@class='bar']")) + len(svg.findall(".//{*}circle"))


def test_amounts_quantities_shares_and_counts_are_written_as_people_write_them():
    report_table = ReportTable(name="x", title="X", says="", private=False, headings={"by": "Who"})
    rows = pl.DataFrame(
        {
            "by": ["a", None],
            "sold_cents": [1_234_50, -5],
            "currency": ["EUR", "EUR"],
            "left_milli": [-2_500, 1_000_000],
            "back_share": [0.1234, None],
            "orders": [12_345, 0],
            "negative": [True, False],
        }
    )
    columns = table_columns(report_table, rows)
    assert [column.heading for column in columns] == ["Who", "Sold", "Left", "Back", "Orders", "Negative"]
    assert cells_of_table(columns, rows) == [
        ["a", "1,234.50 EUR", "-2.5", "12.3 %", "12,345", "yes"],
        ["", "-0.05 EUR", "1,000", "", "0", "no"],
    ]


@pytest.mark.parametrize(
    ("shown", "units", "marked"),
    [(MONTHS, ["EUR", "SEK"], [24, 2]), (STOCK, [""], [20]), (MEMBERS, ["%"], [59])],
    ids=["stacked", "ranked", "line"],
)
def test_a_chart_has_one_drawing_a_currency_and_a_mark_a_value(shown, units, marked):
    drawings = draw(*shown)
    assert [unit for unit, _ in drawings] == units
    assert [marks(drawing) for _, drawing in drawings] == marked


def test_a_long_table_below_its_drawing_is_folded_and_a_short_or_undrawn_one_is_not():
    def folds(rows: int, chart: Chart | None) -> int:
        report_table = ReportTable(name="days", title="Days", says="", private=False, chart=chart)
        shown = pl.DataFrame({"day": [str(n) for n in range(rows)], "open": [0] * rows})
        report = replace(MESSY, report_tables=(report_table,))
        return render_html(report, NO_CHANGES, NO_REJECTS, [(report_table, shown)]).decode().count("<details")

    line = Chart(kind="line", along="day", series=("open",))
    assert [folds(30, line), folds(12, line), folds(30, None)] == [1, 0, 0]


def test_a_drawing_tells_those_who_cannot_see_it_what_it_shows():
    svg = etree.fromstring(draw(*MONTHS)[0][1])
    named = {node.get("id"): node.text for node in svg.findall(".//{*}title") + svg.findall(".//{*}desc")}
    assert svg.get("role") == "img"
    assert [named[name] for name in svg.get("aria-labelledby").split()] == ["Sales by month, EUR", MONTHS[0].says]


def test_a_drawing_brings_no_style_no_script_and_nothing_to_fetch():
    for shown in REPORT_TABLES:
        for _, drawing in draw(*shown):
            svg = etree.fromstring(drawing)
            assert {etree.QName(node).localname for node in svg.iter(etree.Element)} & {"script", "style", "a"} == set()
            assert [node for node in svg.iter(etree.Element) if node.get("style") or node.get("onclick")] == []
            assert "<b>" not in drawing


@given(st.text(max_size=40))
def test_no_label_becomes_markup(label):
    report_table = ReportTable(
        name="x", title="X", says="", private=False, chart=Chart(kind="bar", along="by", series=("n",))
    )
    rows = pl.DataFrame({"by": [label.encode(errors="replace").decode()], "n": [1]})
    ((_, drawing),) = draw(report_table, rows)
    assert etree.fromstring(drawing).findall(".//{*}b") == []


def test_what_has_no_rows_or_no_chart_is_not_drawn():
    report_table, rows = MONTHS
    assert draw(report_table, rows.clear()) == []
    assert draw(replace(report_table, chart=None), rows) == []


def test_the_page_shows_report_tables_before_the_changes_and_can_reach_nothing():
    shown = page()
    places = [shown.index(words) for words in ('id="concerns"', "Sales by month</h2>", "Members</h2>", 'id="changes"')]
    assert places == sorted(places)
    assert "The first 40 of 60 rows; all of them are in the workbook" in shown
    assert re.findall(r"""(?:src|href|action)\s*=\s*["']?([^"' >]+)""", shown) == ["data:,", "#rejects"]
    assert 'style="' not in shown
    assert not re.search(r"(?<!xmlns=\")(?<!xlink=\")https?://|url\(|@import", shown)


def test_the_same_report_tables_give_the_same_bytes():
    assert page() == page()


def test_every_report_table_has_a_sheet_with_numbers_that_can_be_added_up():
    book = openpyxl.load_workbook(BytesIO(render_xlsx(TOLD, NO_CHANGES, NO_REJECTS, REPORT_TABLES)))
    assert book.sheetnames == ["Summary", "Changes", "Rejects", "Sales by month", "Stock by product", "Members"]
    months, stock, members = (book[name] for name in book.sheetnames[3:])
    assert [cell.value for cell in months[1]] == ["Month", "Orders", "Goods", "Shipping", "Currency"]
    assert [cell.value for cell in months[2]] == ["2024-01", 397, 1234.5, 95, "EUR"]
    assert [cell.value for cell in stock[2]][1:] == [60.5, -3, "true"]
    assert (members["B22"].value, members["B22"].number_format) == (0.5, "0.0%")
    assert stock.max_row == 61


def by_reason(*counts: int) -> ShownTable:
    """A table that is drawn in stacks of counts."""
    chart = Chart(kind="stacked", along="week", series=("missing", "other"))
    weeks = [f"week {number}" for number in range(len(counts))]
    rows = pl.DataFrame({"week": weeks, "all": counts, "missing": counts, "other": [0] * len(counts)})
    return ReportTable(name="weeks", title="Weeks", says="", private=False, chart=chart), rows


def test_counts_that_are_drawn_in_stacks_stand_the_darker_in_their_table_the_larger_they_are():
    report_table, rows = by_reason(0, 1, 5, 16)
    classes = cell_classes(table_columns(report_table, rows), rows)

    assert [row[2] for row in classes] == [f"number dark-{shade}" for shade in (0, 1, 2, 4)]
    assert [(row[0], row[1], row[3]) for row in classes] == [("", "number", "number dark-0")] * 4


def test_a_chart_has_a_colour_of_its_own_for_every_reason_of_a_failure():
    coloured = re.findall(r"\.color-(\d+) \{ --mark: var\(--([a-z]+)-edge\)", page())
    assert [int(number) for number, _ in coloured] == list(range(len(get_args(ReasonCode))))
    assert len({colour for _, colour in coloured}) == len(coloured)


def test_a_day_stays_on_its_line():
    report_table, rows = by_reason(1)
    days = rows.with_columns(week=pl.lit(date(2026, 11, 16)))
    assert cell_classes(table_columns(report_table, days), days)[0][0] == "day"


def test_amounts_of_several_currencies_have_no_common_shade():
    classes = cell_classes(table_columns(*MONTHS), MONTHS[1])
    assert {each for row in classes for each in row} == {"", "number"}


def test_a_sheet_shades_by_one_scale_what_the_page_shades():
    shown = by_reason(0, 1, 5, 16)
    report = replace(MESSY, report_tables=(shown[0],))
    book = openpyxl.load_workbook(BytesIO(render_xlsx(report, NO_CHANGES, NO_REJECTS, [shown])))
    (ranges,) = book["Weeks"].conditional_formatting
    assert str(ranges.sqref) == "C2:C5 D2:D5"
    assert [rule.type for rule in ranges.rules] == ["colorScale"]
    assert book["Weeks"]["C5"].value == 16


def test_the_document_names_report_tables_and_holds_their_rows():
    document = json.loads(json.dumps(report_document(TOLD, REPORT_TABLES)))
    months = document["exhibits"][0]
    assert (months["name"], months["file"]) == ("sales-by-month", "exhibit-sales-by-month.parquet")
    assert months["rows"][0]["sold_cents"] == 1_234_50
    assert report_document(TOLD)["exhibits"][0]["rows"] == []


def test_prefect_is_shown_small_tables_and_no_row_of_a_private_one():
    text = render_markdown(TOLD, {}, NO_CHANGES, show_values, REPORT_TABLES)
    assert "## Sales by month\n\nWhat was sold each month" in text
    assert "| 2024-01 | 397 | 1,234.50 EUR | 95.00 EUR |" in text
    assert "And 48 more, in the report." in text
    assert "## Members\n\nHow many came back." in text
    assert "week 1" not in text
    assert "Ann" not in text
    assert "<b>" not in text
