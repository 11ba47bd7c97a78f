"""The report page in a real browser: a hundred thousand changes are shown, few rows are drawn, nothing is fetched."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tasks.core.rendering.page import render_html
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


def test_each_kind_of_change_is_told_in_its_own_way(tmp_path):
    dom = dom_of(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS), tmp_path)
    told = {re.sub("<[^>]*>", "", row[2]): re.sub("<[^>]*>", "", row[3]) for row in drawn_rows(dom) if len(row) == 6}
    assert told == {
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
