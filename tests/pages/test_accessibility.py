"""Every page of the desk, and the reports that it opens, pass what axe-core knows of WCAG 2.2 AA."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.chromium import DESKTOP, PHONE, SCREENSHOTS, chromium, keep_screenshot, needs_chromium
from tests.pages.conftest import open_desk
from tests.pages.furnished import Furnished, furnish
from tests.pages.served import served

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SEEN = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
LEADS_ELSEWHERE = ("/",)

pytestmark = [pytest.mark.server, pytest.mark.slow, needs_chromium, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def furnished(
    deployed: Mapping[str, str], seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Furnished]:
    with open_desk(deployed, seeds, tmp_path_factory.mktemp("furnished")) as opened:
        yield furnish(opened)


@pytest.fixture(scope="module")
def page(furnished: Furnished) -> Iterator[Page]:
    with served(furnished.desk.application) as address, chromium() as browser:
        context = browser.new_context(base_url=address)
        session = furnished.maria.client.cookies["counterfoil_session"]
        context.add_cookies([{"name": "counterfoil_session", "value": session, "url": address}])
        yield context.new_page()


def wrong_on(page: Page, address: str) -> list[dict[str, Any]]:
    """Open a page and return what axe finds wrong on it: the rule, where, and why."""
    page.goto(address)
    assert page.url.endswith(address) or address in LEADS_ELSEWHERE, page.url
    found = Axe().run(page, options=SEEN).response["violations"]
    return [
        {"page": address, "rule": rule["id"], "where": node["target"], "why": node["failureSummary"]}
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_nothing_is_wrong_on_any_page(page: Page, furnished: Furnished, width: int, scheme: Any):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    wrong = []
    for address in furnished.pages():
        wrong += wrong_on(page, address)
        keep_screenshot(page, f"{width}-{scheme}-{address.replace('/shops/here', '')}")
    assert wrong == []


def test_the_pictures_of_the_readme_are_small(page: Page, furnished: Furnished):
    page.set_viewport_size({"width": 1100, "height": 760})
    page.emulate_media(color_scheme="light")
    for name, address in furnished.readme.items():
        page.goto(address)
        file = SCREENSHOTS / "readme" / f"{name}.png"
        page.screenshot(path=file)
        assert file.stat().st_size < 120 * 2**10
