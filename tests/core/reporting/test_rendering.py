"""What people and programs are told about a run, and that nothing in a file can become markup or a formula."""

import base64
import gzip
import json
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import openpyxl
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from schemas.capabilities import Effort
from schemas.records import Artifact, ChangeCounts, RowCounts, Total, Totals
from schemas.tables import Concern
from tasks.core.reporting import page as rendering
from tasks.core.reporting import workbook as rendered_workbook
from tasks.core.reporting.page import render_html, render_text, render_xlsx, report_document
from tasks.core.reporting.rows import NO_CHANGES as NO_PLAN
from tasks.core.reporting.rows import NO_REJECTS as NO_FINDINGS
from tasks.core.reporting.rows import pick_changes, shown_changes, shown_columns
from tasks.core.reporting.text import render_markdown, show_values
from tasks.core.reporting.totals import compare_totals
from tasks.core.wording.money import amount, amount_text, plain_amount
from tasks.core.wording.sums import arithmetic
from tasks.core.wording.words import tiles
from tests.reports import (
    MESSY,
    MESSY_CHANGES,
    MESSY_REJECTS,
    NO_CHANGES,
    NO_REJECTS,
    REJECTS_SCHEMA,
    change,
    changes,
    large,
)

YELLOW, GREEN, ORANGE = "FFFFE98A", "FFD5F5DF", "FFFFD3A6"


def packed_rows(page: bytes) -> dict:
    packed = re.search(r'id="packed">([^<]*)<', page.decode())[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def workbook(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def cells(sheet) -> list[list]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_amounts_have_the_decimals_of_their_currency():
    shown = [amount(123450, "EUR"), amount(-5, "EUR"), amount(1234567, "JPY"), amount(1500, "TND"), amount(0, "SEK")]
    assert shown == ["1,234.50 EUR", "-0.05 EUR", "1,234,567 JPY", "1.500 TND", "0.00 SEK"]


@given(st.lists(st.tuples(st.integers(-(2**62), 2**62), st.sampled_from(["EUR", "JPY", "TND"])), min_size=1))
def test_a_column_of_amounts_is_written_exactly_as_each_amount_is(amounts):
    frame = pl.DataFrame(amounts, schema={"cents": pl.Int64, "unit": pl.String}, orient="row")
    args = (pl.col("cents"), pl.col("unit"), frame["unit"].unique().to_list())
    written = frame.select(text=amount_text(*args), plain=plain_amount(*args))
    assert written["text"].to_list() == [amount(*pair) for pair in amounts]
    assert written["plain"].to_list() == [amount(*pair).replace(",", "").split(" ")[0] for pair in amounts]


def test_the_counters_add_up_in_writing():
    assert arithmetic(MESSY) == (
        "13 rows = 10 accepted + 3 rejected",
        "10 accepted = 2 new + 2 changed + 1 unchanged + 2 held + 1 conflict + 1 refused + 1 unknown",
    )


def test_a_restore_has_counters_of_records_and_none_of_a_file():
    restore = replace(
        MESSY, rows=RowCounts(rows_in=0, accepted=0, rejected=0), changes=ChangeCounts(updated=1, removed=3)
    )
    assert [(tile.label, tile.count) for tile in tiles(restore)] == [
        ("New", 0),
        ("Changed", 1),
        ("Unchanged", 0),
        ("Held", 0),
        ("Removed", 3),
    ]
    assert arithmetic(restore) == ("4 records = 1 changed + 3 removed",)


def test_a_run_that_only_looked_counts_rows_and_no_records():
    looked = replace(MESSY, outcome="looked", says="4 open failures, 4 new", changes=ChangeCounts())
    counters = [(tile.label, tile.count) for tile in tiles(looked)]

    assert counters == [("Uploaded", 13), ("Accepted", 10), ("Rejected", 3)]
    assert arithmetic(looked) == ("13 rows = 10 accepted + 3 rejected",)
    assert "unchanged" not in render_text(looked)
    assert ">Unchanged<" not in render_html(looked, NO_CHANGES, NO_REJECTS).decode()


def test_totals_that_differ_are_said_by_how_much_and_in_which_currency():
    kept = (Total(currency="SEK", count=4, sum_cents=400),)
    found = compare_totals(
        Totals(expected=(Total(currency="EUR", count=3, sum_cents=300), *kept), after=kept),
    )
    assert [(one.currency, one.agreement, one.says) for one in found] == [
        ("EUR", "differs", "after differs from expected by -3.00 EUR and -3 records"),
        ("SEK", "agrees", "after is as expected"),
    ]


def test_totals_of_a_preview_are_not_called_right():
    (found,) = compare_totals(replace(MESSY.totals, after=()))
    assert (found.agreement, found.stages[-1].sum) == ("not read back", "")


def test_changes_that_need_a_person_come_first_and_survive_the_cap():
    assert pick_changes(MESSY_CHANGES, 6)["number"].to_list() == [
        "GC0004",
        "GC0005",
        "GC0006",
        "GC0007",
        "GC0008",
        "GC0002",
    ]


def test_every_side_of_a_change_is_shown_with_its_unit():
    conflict = shown_changes(pick_changes(MESSY_CHANGES, 3), shown_columns(MESSY_CHANGES)).row(2, named=True)
    assert conflict == {
        "group": "conflict",
        "line": 10,
        "key": "GC0006",
        "says": "Someone else changed it since the plan; left as it is",
        "balance_cents_before": "10.00 EUR",
        "balance_cents_after": "12.00 EUR",
        "balance_cents_now": "11.00 EUR",
        "status_before": "ACTIVE",
        "status_after": "ACTIVE",
        "status_now": "ACTIVE",
    }


def test_a_held_row_says_why_in_words():
    held = shown_changes(pick_changes(MESSY_CHANGES, 2), shown_columns(MESSY_CHANGES))["says"].to_list()
    assert held == [
        "The card is already there with another balance; choose existing_cards=set or top_up",
        "The card is there but is not active; give the customer a new card",
    ]


def test_a_plan_without_outcomes_can_be_shown():
    plan = MESSY_CHANGES.drop("outcome", "currency_now", "balance_cents_now", "status_now")
    assert pick_changes(plan, 10)["group"].to_list() == ["held"] * 2 + ["changed"] * 4 + ["new"] * 3


def test_the_page_says_what_happened_before_anything_else_and_without_a_script():
    text = re.sub(
        r"<(script|style)\b.*?</\1>|<[^>]*>", " ", render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS).decode(), flags=re.S
    )
    inked = " ".join(text.split())
    texts = ["Partly applied", "2 new", "What to do next", "13 Uploaded", "2 New", "Control totals"]
    places = [inked.index(words) for words in texts]
    assert places == sorted(places)
    assert "✗ after differs from expected by +1.00 EUR" in inked
    assert "run again with max_amount=1500" in inked


def test_the_page_can_reach_nothing_outside_itself():
    page = render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS).decode()
    assert re.findall(r"""(?:src|href|action)\s*=\s*["']?([^"' >]+)""", page) == ["data:,", "#rejects"]
    assert not re.search(r"https?://|url\(|@import", page)
    assert "default-src &#39;none&#39;" in page


def test_text_from_a_file_is_never_markup():
    report = replace(MESSY, source="<script>alert(1)</script>", says="<b>bold</b>", reading=("</script><script>",))
    page = render_html(report, MESSY_CHANGES, MESSY_REJECTS).decode()
    assert page.count("<script") == 2  # the packed rows and our own
    assert page.count("</script>") == 2
    assert "<b>bold" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_holds_every_row_column_by_column():
    rows = packed_rows(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS))
    assert rows["changes"]["key"][-2:] == ["00123", "GC0001<script>"]
    assert rows["changes"]["balance_cents_before"][-2:] == [None, None]
    assert rows["rejects"]["value"] == ["12,5o", "=1+1", "GC9;1;2"]
    assert [column["heading"] for column in rows["columns"]] == ["Balance", "Status"]


def test_rejects_are_told_by_row_and_line_where_a_spreadsheet_numbers_rows_otherwise():
    rejects = MESSY_REJECTS.with_columns(row=pl.Series([2, 3, None], dtype=pl.UInt32))
    assert packed_rows(render_html(MESSY, MESSY_CHANGES, rejects))["rejects"]["row"] == [2, 3, None]
    sheet = cells(workbook(render_xlsx(MESSY, MESSY_CHANGES, rejects))["Rejects"])
    assert [row[0] for row in sheet] == ["Row", 2, 3, None]
    assert [row[1] for row in sheet] == ["Line", *MESSY_REJECTS["line"]]


def test_rejects_are_told_by_line_alone_where_rows_are_lines():
    assert "row" not in packed_rows(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS))["rejects"]
    assert cells(workbook(render_xlsx(MESSY, MESSY_CHANGES, MESSY_REJECTS))["Rejects"])[0][0] == "Line"


def test_a_page_that_leaves_rows_out_says_how_many_and_where_they_are(monkeypatch):
    monkeypatch.setattr(rendering, "PAGE_CHANGES", 4)
    page = render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS)
    assert packed_rows(page)["changes"]["group"] == ["held", "held", "conflict", "refused"]
    assert b"The first 4 of 9 changes are on this page" in page


def test_nothing_to_do_is_said_calmly():
    quiet = replace(
        MESSY,
        outcome="nothing_to_do",
        rows=RowCounts(rows_in=2, accepted=2, rejected=0),
        changes=ChangeCounts(unchanged=2),
        next_steps=(),
        discrepancies=(),
        concerns=(),
    )
    page = render_html(quiet, NO_CHANGES, NO_REJECTS).decode()
    assert "There is nothing left to do." in page
    assert 'class="verdict good"' in page
    assert 'data-table="' not in re.sub(r"<script>.*", "", page, flags=re.S)


def test_a_run_that_stopped_before_it_read_a_row_has_a_report_too():
    stopped = replace(
        MESSY,
        outcome="file_needs_fixing",
        says="The heading 'Balance' is missing.",
        rows=RowCounts(rows_in=0, accepted=0, rejected=0),
        changes=ChangeCounts(),
        totals=Totals(),
    )
    page = render_html(stopped, NO_PLAN, NO_FINDINGS).decode()
    assert "File needs fixing" in page
    assert "<h1>The heading &#39;Balance&#39; is missing.</h1>" in page
    assert 'id="counts"' not in page
    assert workbook(render_xlsx(stopped, NO_PLAN, NO_FINDINGS)).sheetnames == ["Summary", "Changes", "Rejects"]
    assert "  new  " not in render_text(stopped)


def test_instants_are_shown_in_the_zone_of_the_shop():
    shown = {zone: render_html(MESSY, NO_CHANGES, NO_REJECTS, zone=zone).decode() for zone in ("UTC", "Europe/Paris")}
    assert "2026-11-22 17:58:03 UTC" in shown["UTC"]
    assert "2026-11-22 18:58:03 CET" in shown["Europe/Paris"]


def test_the_workbook_shows_each_change_in_its_colour():
    sheet = workbook(render_xlsx(MESSY, MESSY_CHANGES, MESSY_REJECTS))["Changes"]
    colours = {
        row[2].value: [cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in row[1:5]]
        for row in sheet.iter_rows(min_row=2)
    }
    assert colours["GC0002"] == [YELLOW, None, None, YELLOW]
    assert colours["00123"] == [GREEN, GREEN, None, GREEN]
    assert colours["GC0004"] == [ORANGE] * 4


def test_the_workbook_keeps_text_as_text_and_amounts_as_numbers():
    sheet = workbook(render_xlsx(MESSY, MESSY_CHANGES, MESSY_REJECTS))["Changes"]
    (row,) = [row for row in sheet.iter_rows(min_row=2) if row[2].value == "00123"]
    assert [(cell.value, cell.data_type) for cell in row[2:5]] == [("00123", "s"), (None, "n"), (12.5, "n")]
    assert (row[2].number_format, row[4].number_format) == ("@", "#,##0.00")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:K10")


def test_a_long_sheet_is_written_in_pieces_and_holds_every_row_in_order():
    many = MESSY_REJECTS.head(1).select(pl.all().repeat_by(12_345).explode()).with_columns(line=pl.int_range(12_345))

    book = CalamineWorkbook.from_filelike(BytesIO(render_xlsx(MESSY, NO_CHANGES, many)))

    heading, *rows = book.get_sheet_by_name("Rejects").to_python()
    assert heading[0] == "Line"
    assert [row[0] for row in rows] == list(range(12_345))


def test_amounts_in_the_workbook_are_exact_in_every_currency():
    made = changes(
        change(2, "create", "", "A", None, 9_007_199_254_740_99, "ACTIVE", "written"),
        change(3, "create", "", "B", None, 1500, "ACTIVE", "written"),
        change(4, "create", "", "C", None, -7, "ACTIVE", "written"),
    ).with_columns(currency_after=pl.Series(["EUR", "JPY", "TND"]))
    with zipfile.ZipFile(BytesIO(render_xlsx(MESSY, made, NO_REJECTS))) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r'r="E\d+" s="\d+"><v>([^<]*)</v>', xml) == ["9007199254740.99", "1500", "-0.007"]


@given(st.text(min_size=1, max_size=20) | st.sampled_from(["=1+1", "@SUM(A1)", "+1", "-2", "<&>", "\0", "_x0041_"]))
def test_no_value_becomes_a_formula_or_breaks_the_workbook(value):
    rejects = pl.DataFrame([(2, "Number", value, "X", "m")], schema=REJECTS_SCHEMA, orient="row")
    cell = workbook(render_xlsx(MESSY, NO_CHANGES, rejects))["Rejects"]["C2"]
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value).replace("\r\n", "\n").replace("\r", "\n")
    assert (cell.data_type, unescape(cell.value)) == ("s", kept)


def test_the_same_run_gives_the_same_bytes():
    for render in (render_html, render_xlsx):
        assert render(MESSY, MESSY_CHANGES, MESSY_REJECTS) == render(MESSY, MESSY_CHANGES, MESSY_REJECTS)


def test_the_summary_sheet_tells_counts_totals_and_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(rendered_workbook, "SHEET_CHANGES", 5)
    book = workbook(render_xlsx(MESSY, MESSY_CHANGES, MESSY_REJECTS))
    texts = [[cell for cell in row if cell is not None] for row in cells(book["Summary"])]
    assert ["Uploaded", 13] in texts
    assert [
        "Sum",
        "2,850.00 EUR",
        "1,105.00 EUR",
        "2,827.00 EUR",
        "2,828.00 EUR",
        "after differs from expected by +1.00 EUR",
    ] in texts
    assert ["Changed", "475.00 EUR"] in texts
    assert any("first 5 of 9 changes" in str(cell) for row in texts for cell in row)
    assert len(cells(book["Changes"])) == 6


def test_the_document_is_json_with_the_promised_names():
    document = json.loads(json.dumps(report_document(MESSY)))
    assert document["rows"] == {"in": 13, "accepted": 10, "rejected": 3}
    assert document["changes"]["held"] == 2
    assert document["totals"]["after"] == [{"currency": "EUR", "count": 9, "sum_cents": 282800}]
    assert document["artifacts"] == {"rejects.csv": "runs/4f2a/rejects.csv", "report.html": "runs/4f2a/report.html"}
    assert document["started_at"] == "2026-11-22T17:58:03+00:00"
    assert document["concerns"][1] == {
        "code": "FILE_HIDDEN_ROWS",
        "says": "rows 5-9 are hidden in the sheet and were read",
        "override": "",
    }


def test_the_command_line_is_told_what_happened_what_next_and_where_the_report_is():
    assert (
        render_text(MESSY)
        == """\
Gift cards: Partly applied
2 new, 2 changed, 1 unchanged, 2 held, 1 in conflict, 1 refused, 1 unknown, 3 rejected

  uploaded                 13
  new                       2
  changed                   2
  unchanged                 1
  held                      2
  conflict                  1
  refused                   1
  unknown                   1
  rejected                  3

  in the file              10  2,850.00 EUR
  before                    7  1,105.00 EUR
  expected after            9  2,827.00 EUR
  after, read back          9  2,828.00 EUR  <- AFTER DIFFERS FROM EXPECTED BY +1.00 EUR

  ! The read-back found: 1 card does not hold what was written
  ! 1 card would be worth more than 1,000, the largest 1,500 (rounded up) (let it pass with max_amount=1500)
  ! rows 5-9 are hidden in the sheet and were read
  ! 3 rejected rows still to be corrected

Next: Correct the rejects file and drop it in the inbox: only those rows go in again.
Next: Look at the held rows: they differ from what the target holds. Nothing was done to them.

Run:              4f2a91c07be3
Plan:             9d1c5e2f7a
report.html:      counterfoil get 4f2a91c07be3 report.html
rejects.csv:      counterfoil get 4f2a91c07be3 rejects
"""
    )


def test_every_rejects_file_of_a_run_that_read_several_is_offered():
    """A sweep said to correct them, and did not say where they are."""
    several = ("rejects-2-transactions.csv", "rejects-1-redemptions.csv")
    files = {name: Artifact(name=name, key=f"runs/1/{name}", sha256="c" * 64, size_bytes=1) for name in several}

    text = render_text(replace(MESSY, artifacts=files))

    assert [line.split()[-1] for line in text.splitlines() if "counterfoil get" in line] == sorted(several)


def test_the_accounts_say_how_long_writing_takes_where_calls_are_counted():
    effort = Effort(calls=216, seconds=65, undo_calls=216, undo_seconds=300)

    for render in (render_text, lambda report: render_markdown(report, {}, MESSY_CHANGES, show_values)):
        assert "216 calls, up to 2 min; undoing it: 216 calls, up to 5 min" in render(replace(MESSY, effort=effort))
        assert "calls" not in render(replace(MESSY, effort=replace(effort, calls=0)))
        assert "calls" not in render(MESSY)


def test_only_a_plan_that_waits_is_said_to_be_approved():
    concerns = (Concern(code="LOYALTY_DAYS_MISSED", says="2 days were not swept"),)
    looked = replace(MESSY, outcome="looked", concerns=concerns)

    assert b"approve the plan" not in render_html(looked, NO_CHANGES, NO_REJECTS)
    assert b"approve the plan" in render_html(replace(looked, outcome="previewed"), NO_CHANGES, NO_REJECTS)


def test_markdown_masks_card_numbers_and_defuses_markup():
    report = replace(MESSY, says="<img src=x> | [click](x)")
    text = render_markdown(report, {"report.html": "https://s3.example/report?sig=1"}, MESSY_CHANGES, show_values)
    assert "GC0002" not in text
    assert "00123" not in text
    assert r"&lt;img src=x\> \| \[click\](x)" in text
    assert "- [report.html](https://s3.example/report?sig=1)" in text
    assert "| Changed | …02 | 50.00 EUR → 25.00 EUR | ACTIVE | Written |" in text


def test_markdown_stays_small_whatever_the_run():
    report, many = large(5_000)
    concerns = tuple(Concern(code="X", says="y" * 2_000) for _ in range(500))
    text = render_markdown(replace(report, concerns=concerns, reading=("z" * 9_000,) * 90), {}, many, show_values)
    assert len(text.encode()) < 100_000
    assert "## The first 20 of 5,000 changes" in text
    assert "- and 480 more, in the report" in text
