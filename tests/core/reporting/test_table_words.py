"""What report tables show is said in any language: their columns, and what stands in cells that is a word of ours."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from infra.catalogues import speech_in
from schemas.report_tables import ReportTable
from tasks.core.loyalty.action_counts import ACTION_WORDS
from tasks.core.loyalty.decisions import DOUBTS
from tasks.core.loyalty.sweep_tables import REPORT_TABLES
from tasks.core.orders.comparison import compared
from tasks.core.orders.details import DETAILS
from tasks.core.orders.report_tables import STOCK_HEADINGS
from tasks.core.reporting.localization import localized_report_table, localized_rows
from tasks.core.reporting.page import render_html, render_xlsx
from tasks.core.reporting.table_cells import table_columns
from tasks.core.reporting.table_words import CELLS, TABLE_WORDS
from tasks.core.stock.opening import decide_places, show_places
from tasks.core.web_shop.overwrites import FIELDS
from tests.conventions.texts import ROOT, catalogue
from tests.core.loyalty.test_sweep_tables import DAY, table_of
from tests.core.orders.test_comparison import NONE_EDITED, as_sales, differing, imported
from tests.core.reporting.test_rendering import cells, workbook
from tests.reports import MESSY, NO_CHANGES, NO_REJECTS
from tests.shop_orders import item, order

KNOWN = {message.id for message in catalogue("sv")}
FAILURES = (
    {"section": "redemption", "failure_class": "to_look_up", "status": "open"},
    {"status": "hidden", "settled_on": DAY, "first_seen_on": DAY - timedelta(days=3)},
)
CHANGES = ("new", "reopened", "still_open", "expired", "gone", "settled")
OF_TODAY = pl.DataFrame(
    {"failure_key": [f"{0:064x}"] * len(CHANGES), "change": CHANGES, "warned_days": [None] * len(CHANGES)}
)


def unsaid(report_table: ReportTable, rows: pl.DataFrame) -> list[str]:
    """Return the columns and the cells of ours that no catalogue has."""
    columns = [column.heading for column in table_columns(report_table, rows)]
    ours = [name for name in CELLS.get(report_table.name, {}) if name in rows.columns]
    cells = [cell.replace("_", " ") for name in ours for cell in rows[name].drop_nulls()]
    return [text for text in (report_table.title, report_table.says, *columns, *cells) if text not in KNOWN]


@pytest.mark.parametrize("report_table", REPORT_TABLES, ids=lambda report_table: report_table.name)
def test_every_table_of_a_sweep_is_said(report_table: ReportTable):
    assert unsaid(report_table, table_of(report_table.name, *FAILURES, changes=OF_TODAY)) == []


def test_the_tables_of_a_comparison_are_said():
    then, now = imported(order(1, [item(7)]), order(2, [item(8)])), imported(order(2, [item(9)]), order(3, [item(7)]))
    sales = as_sales(then)
    gone = sales.head(1).with_columns(fate=pl.lit("trashed"))

    shown = compared(now.orders, sales, differing(now, sales, NONE_EDITED), gone)

    assert [len(rows) for _, rows in shown] == [4, 1, 1, 1]
    assert [unsaid(*each) for each in shown] == [[], [], [], []]


def test_the_places_of_stock_are_said():
    outlets = pl.DataFrame({"outlet_id": ["o1"], "name": ["Ghent"]})
    registers = pl.DataFrame(schema={"register_id": pl.String, "outlet_id": pl.String, "name": pl.String})

    report_table, rows = show_places(decide_places(outlets, registers, "Ghent", "Till 1"))

    assert unsaid(report_table, rows) == []
    assert localized_rows(report_table, rows, speech_in("nl")).rows() == [
        ("verkooppunt", "Ghent", "o1", "is er"),
        ("kassa", "Till 1", "till-1", "wordt eerst gemaakt"),
    ]


def test_the_page_and_the_workbook_of_a_run_say_their_report_tables():
    rows = pl.DataFrame({"what": ["register"], "name": ["Till 1"], "key": ["till-1"], "becomes": ["is made first"]})
    report_table = ReportTable(
        name="places", title="Outlet and register", says="", private=False, headings={"key": "Id"}
    )
    report = replace(MESSY, report_tables=(report_table,))

    page = render_html(report, NO_CHANGES, NO_REJECTS, [(report_table, rows)], speech=speech_in("fr")).decode()
    book = workbook(render_xlsx(report, NO_CHANGES, NO_REJECTS, [(report_table, rows)], speech=speech_in("fr")))

    assert "est créé d&#39;abord" in page and "Till 1" in page and "is made first" not in page
    assert "est créé d'abord" in cells(book.worksheets[-1])[1]


def test_the_name_of_a_product_is_nobodys_word_to_translate():
    rows = pl.DataFrame({"what": ["new", "sold again"], "name": ["new", "Settled"], "sku": ["price", None]})
    report_table = ReportTable(name="new-products", title="New products", says="", private=False)

    told = localized_rows(report_table, rows, speech_in("fr"))

    assert told["what"].to_list() == ["nouveau", "de nouveau en vente"]
    assert told.drop("what").equals(rows.drop("what"))


def test_several_words_in_one_cell_are_said_each_and_a_word_that_is_none_of_ours_stays():
    rows = pl.DataFrame({"added": ["its buyer, its lines", "its colour", None]})
    report_table = ReportTable(name="details-added", title="Details added", says="", private=False)

    assert localized_rows(report_table, rows, speech_in("sv"))["added"].to_list() == [
        "köparen, raderna",
        "its colour",
        None,
    ]


def test_headings_that_an_report_table_gives_are_said():
    report_table = ReportTable(
        name="missing", title="Missing at the till", says="", private=False, headings={"order_id": "Order id"}
    )

    told = localized_report_table(report_table, speech_in("sv"))

    assert told.title == "Saknas i kassan" and told.headings["order_id"] != "Order id"


def literals() -> Iterator[tuple[str, str]]:
    """List the words that code which makes report tables puts into cells; codes are in capitals."""
    for file in sorted((ROOT / "tasks").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text())))
        if any(isinstance(node, ast.Call) and ast.unparse(node.func) == "ReportTable" for node in nodes):
            for node in nodes:
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "pl.lit" and node.args:
                    word = ast.literal_eval(node.args[0]) if isinstance(node.args[0], ast.Constant) else ""
                    if isinstance(word, str) and word and not word.isupper():
                        yield file.name, word


def test_no_word_that_code_puts_into_a_cell_is_missing():
    found = sorted(set(literals()))

    assert len(found) > 8
    assert [each for each in found if each[1] not in TABLE_WORDS] == []


@pytest.mark.parametrize("words", [ACTION_WORDS, DOUBTS, DETAILS, FIELDS, tuple(STOCK_HEADINGS.values())])
def test_no_word_that_code_names_in_a_table_is_missing(words: tuple[str, ...]):
    assert [word for word in words if word not in TABLE_WORDS] == []
