"""A week at the desk that ``make up`` starts, in a real browser: what people do, at desktop and at phone width."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from infra.clock import now
from infra.stack.state import read_state
from tests.chromium import DESKTOP, PHONE, chromium, keep_screenshot, needs_chromium
from tests.flows.people import People, wait_for
from tests.sweeping.shop import TRANSACTIONS, UPC, transaction

PATIENCE_MS = 120_000
WIDTHS = {"desktop": DESKTOP, "phone": PHONE}
UPCS = {"desktop": UPC, "phone": "036000291452"}

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(1800), needs_chromium]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at their own browser; *wrong* holds what it complained about."""

    page: Page
    wrong: list[str]

    def see(self, outcome: str, counted: str = "") -> None:
        """Wait until the page, which looks again by itself, shows how the run ended; see that it fits the screen."""
        expect(self.page.locator(".outcome")).to_have_text(outcome)
        if counted:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(counted)
        width = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{self.page.url} is wider than the screen"

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).first.click()

    def confirm(self, why: str) -> None:
        self.page.get_by_label("Why, for the record").fill(why)
        self.press("Confirm")

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def upload(self, file: Path, about: str = "Let the headings tell") -> None:
        """Take a file in and have it previewed."""
        self.follow("Start")
        self.page.get_by_label("File (CSV").set_input_files(file)
        self.page.get_by_label("What it is about").select_option(about)
        self.press("Upload")
        self.press("Preview: nothing is written")


def sign_in(browser: Browser, width: int, link: str) -> Person:
    """Give somebody a browser, and let them sign in by their link."""
    page, wrong = browser.new_page(viewport={"width": width, "height": 844}, locale="en-GB"), list[str]()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return Person(page=page, wrong=wrong)


def add_account(owner: Person, name: str, *roles: str) -> str:
    """Add somebody on the page of people, and return the link that the owner is to hand them."""
    owner.follow("People")
    form = owner.page.locator("form", has=owner.page.get_by_role("button", name="Add, and make a link"))
    form.get_by_label("Name, as it stands").fill(name)
    for role in roles:
        form.locator(f'input[value="{role}"]').check()
    owner.press("Add, and make a link")
    return owner.page.get_by_label("The link; it signs them in once").input_value()


def restart_desk(home: Path, page: Page) -> None:
    """End the desk, which is started again by what keeps it, and load the page until it is there."""
    state = read_state(home)
    assert state is not None
    before = state.children["desk"]
    assert before.process is not None
    before.process.terminate()
    wait_for(lambda: read_state(home), lambda new: new and "desk" in new.ready and new.children["desk"] != before)
    wait_for(lambda: loads(page), bool)


def loads(page: Page) -> bool:
    try:
        answer = page.reload()
    except Error:
        return False
    return answer is not None and answer.ok


@pytest.mark.parametrize("screen", WIDTHS)
def test_a_whole_week(people: People, home: Path, browser: Browser, tmp_path: Path, screen: str) -> None:
    width, cards = WIDTHS[screen], tmp_path / f"cards {screen}.csv"
    number = f"QZW{width}"

    # whoever runs the shop has an account; the others are given theirs at the desk
    said = people.type("cli", "people", "add", f"Olof {screen}", "--role", "people", "--json")
    olof = sign_in(browser, width, json.loads(said.stdout)["link"])
    maria = sign_in(browser, width, add_account(olof, f"Maria {screen}", "submit", "undo"))
    ruth = sign_in(browser, width, add_account(olof, f"Ruth {screen}", "submit", "approve"))
    keep_screenshot(olof.page, f"week-{screen}-people")

    # Monday: a file with a card of much worth, and with cells that are no numbers of cards and no amounts
    rows = ("1;12,50", "2;20,00", "3;1750,00", "4;12,5o")
    text = "".join(f"{number}{row}\n" for row in rows)
    cards.write_text(f"Number;Balance\n{text}<script>alert(1)</script>;5,00\n{number}6;=1+1\n")
    maria.upload(cards)
    maria.see("Previewed", "3 new, 3 rejected")
    keep_screenshot(maria.page, f"week-{screen}-preview")
    for cell in ("<script>alert(1)</script>", "=1+1"):
        expect(maria.page.locator("#rejects ~ .across code", has_text=cell)).to_be_visible()
    expect(maria.page.get_by_text("Somebody who may approve plans has to confirm this one.")).to_be_visible()

    # the first two only; they came out right, so the rest follows, which takes somebody else
    maria.page.get_by_label("The first").fill("2")
    maria.press("Preview only these")
    maria.see("Previewed", "2 new, 1 held, 3 rejected")
    maria.confirm("the first two")
    maria.see("Applied with rejects")
    applied = maria.page.url
    maria.press("Go on with the rest")
    maria.see("Previewed", "1 new, 2 unchanged, 3 rejected")
    ruth.page.goto(maria.page.url)
    ruth.confirm("a card for the whole company")
    ruth.see("Applied with rejects")

    # Tuesday: the desk was started anew; nobody has to sign in again, and no link is dead
    restart_desk(home, maria.page)
    maria.page.goto(applied)
    maria.see("Applied with rejects")

    # the rejects are corrected in the page
    maria.follow("Open")
    expect(maria.page.get_by_role("heading", name="Rejects that are still open")).to_be_visible()
    maria.page.locator("li", has_text=f"cards {screen}.csv").get_by_role("link", name="Correct them").click()
    keep_screenshot(maria.page, f"week-{screen}-correct")
    for wrong, right in (("12,5o", "12,50"), ("<script>alert(1)</script>", f"{number}5"), ("=1+1", "2,00")):
        field = maria.page.locator(f'input[aria-invalid][value="{wrong}"]')
        field.fill(right)
    maria.press("Preview with the corrections")
    maria.see("Previewed", "3 new")

    # two confirm the same plan at once: one wins, the other is told
    ruth.page.goto(maria.page.url)
    maria.confirm("corrected")
    ruth.confirm("corrected, too")
    expect(ruth.page.get_by_role("heading", level=1)).to_contain_text("was approved already, by Maria")
    maria.see("Applied", "3 new")

    # Wednesday: the first two are taken back
    maria.page.goto(applied)
    maria.press("Undo")
    maria.see("Previewed", "2 removed")
    maria.confirm("they were counted twice")
    maria.see("Applied", "2 removed")

    # Thursday: a file that cannot be read; a better one takes its place
    unreadable, better = tmp_path / f"more {screen}.csv", tmp_path / "better.csv"
    unreadable.write_text("Nummer;Sum of all\n1;2\n")
    better.write_text(f"Number;Balance\n{number}7;7,00\n")
    maria.upload(unreadable, "Gift cards")
    maria.see("File needs fixing")
    maria.page.get_by_label("The file, put right").set_input_files(better)
    maria.press("Try again")
    maria.see("Previewed", "1 new")

    # Friday: the report of the loyalty programmes, and what is to be done about it
    day = f"{now() - timedelta(days=7):%Y-%m-%d}"  # before the days of other tests: a later report would settle theirs
    report = tmp_path / f"failures-{day}.csv"
    report.write_text(TRANSACTIONS + transaction(number, f"S-{width}", day, upc=UPCS[screen]))
    maria.upload(report)
    maria.see("Previewed")
    maria.press("Run it as every evening")
    maria.see("Looked")
    maria.follow("Loyalty")
    keep_screenshot(maria.page, f"week-{screen}-worklist")
    maria.follow(f"UPC {UPCS[screen]}")
    maria.page.locator("#decision").select_option(index=1)
    maria.press("Preview the decisions")
    preview = maria.page.url
    maria.press("Confirm: enter these decisions")
    maria.page.wait_for_url(lambda url: url != preview)
    expect(maria.page.locator("main[data-looks-again]")).to_have_count(0)
    maria.follow("Loyalty")
    expect(maria.page.get_by_role("link", name=f"UPC {UPCS[screen]}")).to_have_count(0)

    maria.follow("Runs")
    expect(maria.page.get_by_role("row")).not_to_have_count(1)
    keep_screenshot(maria.page, f"week-{screen}-runs")
    assert olof.wrong == maria.wrong == ruth.wrong == []
