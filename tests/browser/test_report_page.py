"""The report page in a real browser: a hundred thousand changes are shown, few rows are drawn, nothing is fetched."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.customers import CUSTOMERS
from schemas.records import Totals
from tasks.core.reporting.page import render_html
from tasks.core.wording.words import heading
from tests.reports import MESSY, MESSY_CHANGES, MESSY_REJECTS, NO_REJECTS, large

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--window-size=1280,900",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine to open the page with")


def dom_of(page: bytes, folder: Path) -> str:
    file = folder / "report.html"
    file.write_bytes(page)
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def drawn_rows(dom: str) -> list[list[str]]:
    """The text of the cells of each drawn row of both tables, without the spacers."""
    rows = re.findall(r'<tr class="(?!spacer)[^"]*">(.*?)</tr>|<tr>(<td class="line">.*?)</tr>', dom, flags=re.S)
    return [re.findall(r"<td[^>]*>(.*?)</td>", one or other, flags=re.S) for one, other in rows]


def test_a_hundred_thousand_changes_draw_only_what_is_in_view(tmp_path):
    report, many = large(100_000)
    dom = dom_of(render_html(report, many, NO_REJECTS), tmp_path)
    assert "<b>49,950</b> <span>New</span>" in dom
    assert "100,000 rows" in dom
    assert 20 <= len(drawn_rows(dom)) <= 60
    assert not re.search(r"""(?:src|href)=["']https?://""", dom)


@pytest.mark.thorough
def test_each_kind_of_change_is_told_in_its_own_way(tmp_path):
    dom = dom_of(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS), tmp_path)
    shown = {re.sub("<[^>]*>", "", row[2]): re.sub("<[^>]*>", "", row[3]) for row in drawn_rows(dom) if len(row) == 6}
    assert shown == {
        "GC0004": "is10.00 EUR asked12.00 EUR",
        "GC0005": "is20.00 EUR asked30.00 EUR",
        "GC0006": "was10.00 EUR ours12.00 EUR now11.00 EUR",
        "GC0007": "is5.00 EUR asked6.00 EUR",
        "GC0008": "7.00 EUR",
        "GC0002": "50.00 EUR → 25.00 EUR",
        "GC0003": "1,000.00 EUR → 1,500.00 EUR",
        "00123": "12.50 EUR",
        "GC0001&lt;script&gt;": "1,234.50 EUR",
    }
    assert "Balance '12,5o': not an amount; write it like 12.50" in dom


@pytest.mark.thorough
def test_a_tile_filters_a_heading_sorts_and_the_search_finds_a_number(tmp_path):
    hands = """
      document.querySelector(".tile.changed").click();
      const heading = document.querySelector("[data-sort=balance_cents_after]");
      heading.click(); heading.click();
      const search = document.querySelector("[data-table=changes] input");
      search.value = "gc000"; search.dispatchEvent(new Event("input"));
    """
    page = render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS).decode()
    open_page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    touched = open_page.replace("</body>", f"<script>setTimeout(() => {{{hands}}}, 1000)</script></body>")
    dom = dom_of(touched.encode(), tmp_path)
    assert [re.sub("<[^>]*>", "", row[2]) for row in drawn_rows(dom) if len(row) == 6] == ["GC0003", "GC0002"]
    assert "2 of 9 rows" in dom


HELD = "CUST_SAME_PERSON"
PROBE = """<script>const asked = setInterval(() => {
  if (!document.querySelector("table.changes tbody tr td.says")) return;
  clearInterval(asked);
  const table = [...document.querySelectorAll("table.changes")].pop(), box = (e) => e.getBoundingClientRect();
  const rows = [...table.querySelectorAll("tbody tr:not(.spacer)")];
  const cells = rows.slice(0, 6).map((row) => [...row.children].filter((cell) => box(cell).height > 0));
  const meet = (a, b, low, high) => Math.min(box(a)[high], box(b)[high]) - Math.max(box(a)[low], box(b)[low]) > 1;
  const over = cells.flatMap((row) => row.flatMap((a, n) =>
    row.slice(n + 1).filter((b) => meet(a, b, "left", "right") && meet(a, b, "top", "bottom"))));
  const cut = [...table.querySelectorAll("td.says > div")].filter((told) => told.scrollHeight > told.clientHeight + 1);
  const moved = [...table.querySelectorAll("td.moved")].filter((c) => box(c).right > innerWidth || box(c).width < 5);
  const wide = document.documentElement.scrollWidth > innerWidth;
  document.body.dataset.seen = JSON.stringify(
    { rows: rows.length > 5, over: over.length, cut: cut.length, off_screen: moved.length, wide });
}, 100);</script>"""


def customers_page() -> bytes:
    """A report of customers: most change in the last of 30 cells, one is held for a reason of several lines."""
    columns = CUSTOMERS.resource.columns
    there = dict.fromkeys(columns, "something") | {"first_name": "Eva", "last_name": "Ny", "city": "Lund"}

    def change(line: int, kind: str, code: str, **after: str) -> dict[str, Any]:
        sides = {"before": there, "after": there | after}
        values = {f"{column}_{side}": cells[column] for column in columns for side, cells in sides.items()}
        shown = {"operation_id": None, "operation": None, "detail": "customer 4711", "outcome": "written"}
        return {"line": line, "kind": kind, "code": code, "customer_id": str(line)} | values | shown

    changed = [change(line, "update", "", **{columns[-1]: "another thing"}) for line in range(2, 40)]
    rows = [*changed, change(40, "held", HELD, city="Umeå")]
    texts = {"line": pl.UInt32, "operation": pl.String, "operation_id": pl.String}
    report = replace(MESSY, domain="customers", title="Customers", totals=Totals())
    return render_html(report, pl.DataFrame(rows, schema_overrides=texts), NO_REJECTS)


def seen(page: bytes, folder: Path, width: int) -> dict[str, Any]:
    """Let a page as wide as a screen say where its parts lie."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.decode())
    inner = html.escape(text.replace("</body>", PROBE + "</body>"), quote=True)
    said = "frames[0].document?.body?.dataset.seen"
    ask = f"setInterval(() => {{ if ({said}) document.body.dataset.seen = {said}; }}, 100)"
    outer = f'<body><iframe width="{width}" height="900" srcdoc="{inner}"></iframe><script>{ask}</script></body>'
    for _ in range(5):  # a busy machine may run out of the browser's time before the page is unpacked
        for answer in re.findall(r'<body data-seen="([^"]*)"', dom_of(outer.encode(), folder)):
            shown: dict[str, Any] = json.loads(html.unescape(answer))
            return shown
    raise TimeoutError("The page did not show its rows.")


@pytest.mark.thorough
@pytest.mark.parametrize("width", [390, 1200])
def test_what_changes_of_a_customer_is_on_the_screen_and_reasons_are_told_in_full(tmp_path: Path, width: int):
    shown = seen(customers_page(), tmp_path, width)
    assert shown == {"rows": True, "over": 0, "cut": 0, "off_screen": 0, "wide": False}


def test_what_changes_stands_before_what_does_not():
    page = customers_page().decode()
    headings = re.findall(r'<th scope="col" class="value([^"]*)"><button[^>]*>([^<]*)<', page)
    assert [name for extra, name in headings if "rest" not in extra] == [
        heading(CUSTOMERS.resource.columns[-1]),
        "City",
    ]
    assert len(headings) == len(CUSTOMERS.resource.columns)
