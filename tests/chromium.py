"""A real browser for the tests that look at pages as people do: Debian's Chromium, driven by Playwright."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESKTOP, PHONE = 1280, 390
"""How wide the screens are that pages are looked at on."""

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
"""Where what was seen is kept, for whoever wants to look: a machine that tests may keep it with its log."""

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine to open the pages with")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def keep_screenshot(page: Page, name: str) -> None:
    """Keep what a page looks like, all of it."""
    file = SCREENSHOTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
