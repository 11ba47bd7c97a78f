"""What hands do on the pages of the desk, in a real browser: keys alone, ticks on several pages, files to send."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import DESKTOP, chromium, needs_chromium
from tests.pages.conftest import open_desk
from tests.pages.desks import OpenDesk
from tests.pages.served import served

pytestmark = needs_chromium
expect.set_options(timeout=60_000)  # a machine may be shared
MANY = "Number;Balance\n" + "".join(f"QZX{n:04};10,00\n" for n in range(2, 122))


@pytest.fixture(scope="module")
def opened(deployed: Mapping[str, str], seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with open_desk(deployed, seeds, tmp_path_factory.mktemp("by-hand")) as desk:
        yield desk


@pytest.fixture(scope="module")
def address(opened: OpenDesk) -> Iterator[str]:
    with served(opened.application) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str, opened: OpenDesk) -> Iterator[Page]:
    """A page of somebody who may submit and undo."""
    context = browser.new_context(base_url=address, viewport={"width": DESKTOP, "height": 844}, locale="en-GB")
    page = context.new_page()
    page.goto(f"/sign-in/{opened.link('Maria', 'submit', 'undo')}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Upload a file")).to_be_visible()
    yield page
    context.close()


def press_until(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until what is focused is called so; each stop on the way shows that it is focused."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const it = document.activeElement, style = getComputedStyle(it);
            return [it.labels?.[0]?.innerText || it.innerText || it.ariaLabel || it.value || "", style.outlineStyle,
                    it.getBoundingClientRect().height > 0, it === document.body]; }"""
        )
        if focused[3]:
            continue  # beyond the last, before the first
        assert focused[1] != "none" and focused[2], f"nobody sees that {focused[0]!r} is focused"
        if name in focused[0]:
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_the_first_key_leads_past_the_menu_to_the_content(page: Page):
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    assert page.evaluate("document.activeElement.id") == "content"
    press_until(page, "File (CSV", most=1)


@pytest.mark.thorough
def test_a_file_is_taken_in_looked_at_and_cancelled_by_keys_alone(page: Page, opened: OpenDesk, tmp_path: Path):
    file = tmp_path / "cards.csv"
    file.write_text("Number;Balance\nQZX0001;12,50\n")
    page.on(
        "filechooser", lambda _: None
    )  # the browser hands choosers over from now on, and not only as a key is pressed
    press_until(page, "File (CSV")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    press_until(page, "What it is about")
    page.keyboard.type("Gift")
    press_until(page, "Upload")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview cards.csv")
    press_until(page, "Preview: nothing is written")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_have_text("Scheduled")

    carry_out(opened, page)
    expect(page.locator(".outcome")).to_have_text("Previewed")  # the page looks again by itself
    press_until(page, "Why, for the record")
    page.keyboard.type("the wrong day")
    press_until(page, "Confirm: write exactly this")
    press_until(page, "Cancel", most=1)
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_have_text("Turned down")


def carry_out(opened: OpenDesk, page: Page) -> None:
    """Be the worker for the run whose page is shown."""
    maria = opened.sign_in("Worker", "look")
    maria.open(page.url[page.url.index("/shops/") :].partition("?")[0])
    opened.carry_out(maria)


def previewed(opened: OpenDesk, page: Page) -> None:
    """Show the preview of a hundred and twenty new cards."""
    maria = opened.sign_in("Maria", "submit", "undo")
    run = opened.preview(maria, "many.csv", MANY)
    page.goto(f"/shops/here/runs/{run}")


@pytest.mark.thorough
def test_ticks_stay_when_a_page_is_turned_and_when_something_is_looked_for(page: Page, opened: OpenDesk):
    previewed(opened, page)
    named = page.get_by_label("Lines, such as")
    for line in (2, 3, 5):
        page.get_by_label(f"Choose line {line}", exact=True).check()
    expect(named).to_have_value("2-3, 5")
    page.get_by_role("link", name="Next").click()
    page.get_by_label("Choose line 60", exact=True).check()
    page.get_by_label("Find").first.fill("0004")
    page.get_by_role("button", name="Find").first.click()
    page.get_by_label("Choose line 4", exact=True).check()
    expect(named).to_have_value("2-5, 60")
    page.goto(page.url.partition("?")[0])
    expect(page.get_by_label("Choose line 3", exact=True)).to_be_checked()
    page.get_by_label("Choose line 3", exact=True).uncheck()
    expect(named).to_have_value("2, 4-5, 60")
    page.get_by_role("button", name="Preview only these").click()
    expect(page.locator(".outcome")).to_have_text("Scheduled")
    run = re.findall(r"/runs/(\w+)", page.url)[0]
    maria = opened.sign_in("Maria", "submit", "undo")
    maria.open(f"/shops/here/runs/{run}")
    assert opened.asked(maria)["lines"] == "2, 4-5, 60"


@pytest.mark.thorough
def test_of_a_large_file_is_said_how_much_of_it_has_arrived(page: Page, tmp_path: Path):
    file = tmp_path / "large.csv"
    file.write_text("Number;Balance\n" + "QZX0000001;10,00\n" * 300_000)
    slow = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 * 2**20}
    slow.send("Network.emulateNetworkConditions", conditions)
    page.get_by_label("File (CSV").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview large.csv")
    assert "/start/gift-cards?file=" in page.url


@pytest.mark.thorough
def test_a_file_that_is_too_large_is_not_sent_and_the_limit_is_said(page: Page, tmp_path: Path):
    assert "Up to 512 MB" in page.locator("main").inner_text()
    file = tmp_path / "large.csv"
    file.write_text("Number;Balance\n")
    page.locator("form[data-upload]").evaluate("form => form.dataset.upload = 10")
    page.get_by_label("File (CSV").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".sending")).to_contain_text("larger than the desk takes")


@pytest.mark.thorough
def test_without_scripts_a_file_goes_in_all_the_same(browser: Browser, address: str, opened: OpenDesk, tmp_path: Path):
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page, file = context.new_page(), tmp_path / "cards.csv"
    file.write_text("Number;Balance\nQZX0001;12,50\n")
    page.goto(f"/sign-in/{opened.link('Nils', 'submit')}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("File (CSV").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview cards.csv")
    context.close()
