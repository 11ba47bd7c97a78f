"""The report as a saved web page."""

import pytest

from schemas.problems import FileNeedsFixing
from tests.loyalty import check, found, read

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><script>var t = "<table><tr><td>reward_id</td></tr></table>";</script></head><body>
<table id="layout"><tr><td>
 <h2>API Redemption Failures</h2>
 <table><thead><tr><th>Customer</th><th>Reward ID</th><th>Date</th><th>Program</th><th>Reason</th><th></th></tr></thead>
  <tr><td><a href="/checkout/1">Zoé <b>Demo</b></a></td><td>1990367</td><td>11/20/2026 5:45 PM</td>
      <td>Buy 12,<br>get 1</td><td>Email address is missing<!-- why --></td><td><button>Hide</button></td></tr></table>
 <h2>API Transaction Failures</h2>
 <table><tr><th>Customer</th><th>UPC</th><th>Date/Time</th><th>Reason</th><th></th></tr>
  <tr><td><a href="/checkout/1">Zoé Demo</a></td><td>012345678905</td><td>11/20/2026 5:45 PM</td>
      <td>No Items Found</td><td><script>hide()</script>Hide</td></tr>
  <tr><td colspan="2">Ann</td><td>11/21/2026 9:05 AM</td><td>No Items Found</td><td>Hide</td></tr></table>
</td></tr></table></body></html>
"""


def test_both_sections_are_found_among_the_tables_of_the_page():
    tables = read(PAGE.encode(), "report.html")
    redemptions, transactions = check(tables["redemption"], "redemption"), check(tables["transaction"], "transaction")

    assert redemptions.failures.select("customer_name", "reward_id", "program", "reason").rows() == [
        ("Zoé Demo", "1990367", "Buy 12, get 1", "Email address is missing")
    ]
    assert transactions.failures["upc"].to_list() == ["012345678905"]
    assert found(transactions) == ["3 UPC CELL_EMPTY"]
    assert tables["transaction"].notes[0] == "read from table 2 of the page"


def test_a_page_without_the_report_is_turned_away_in_words():
    with pytest.raises(FileNeedsFixing, match="without tables"):
        read(b"<html><body><p>Please log in</p></body></html>", "report.html")
    with pytest.raises(FileNeedsFixing, match="no heading row"):
        read(b"<html><body><table><tr><td>Please log in</td></tr></table></body></html>", "report.html")
    with pytest.raises(FileNeedsFixing, match="twice"):
        read(PAGE.replace("</body>", PAGE[PAGE.index("<table><thead>") : PAGE.index("<h2>API T")] + "</body>").encode())


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"<table></table>", b"<table><tr></tr></table>", b"<!doctype html>\n", b"<table>" * 5000],
    ids=["nothing", "empty table", "empty row", "only a mark", "deep"],
)
def test_hostile_pages_are_turned_away_and_break_nothing(content: bytes):
    with pytest.raises(FileNeedsFixing):
        read(content, "report.html")


def test_a_spreadsheet_formula_in_a_cell_is_sent_back():
    tables = read(PAGE.replace("Ann", "=cmd()").encode(), "report.html")
    assert "3 Customer CELL_FORMULA" in found(check(tables["transaction"], "transaction"))
