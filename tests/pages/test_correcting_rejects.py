"""Rejects of failure files and of JSON orders are corrected on their page, or in the file given back through it."""

import json
import re
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.mailing.conftest import SHOP
from tests.mailing.files import PEOPLE
from tests.pages.desks import Browser, OpenDesk, open_desk
from tests.pages.furnished import TODAY
from tests.shop_orders import item, order, page
from tests.sweeping.shop import REDEMPTIONS, TRANSACTIONS, redemption, transaction
from tests.tills import open_till, stock_in

BAD_DAY = "2O26-11-20"
FAILURES = TRANSACTIONS + transaction("77", "S-1", TODAY) + transaction("78", "S-2", BAD_DAY)


def correct(opened: OpenDesk, browser: Browser, wrong: str, right: str) -> None:
    """Type over the field that says *wrong* on the page of rejects, and preview what comes of it."""
    field = re.findall(rf'name="(cell-[\d-]+)" value="{re.escape(wrong)}"', browser.text)[0]
    token = re.findall('name="form_token" value="([^"]*)"', browser.text)[0]
    of = re.findall('name="of" value="([^"]*)"', browser.text)[0]
    action = browser.address.partition("?")[0] + "/preview"
    sent = {"form_token": token, "press": "once", "of": of, field: right}
    browser.shown = browser.client.post(action, data=sent)
    opened.carry_out(browser)


@pytest.mark.thorough
def test_a_loyalty_failure_is_corrected_on_its_page_and_both_sweeps_are_remembered(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    swept = opened.preview(maria, f"failures-{TODAY}.csv", FAILURES)
    assert "Correct 1 rejected row" in maria.says
    maria.open(f"/shops/here/runs/{swept}/correct")
    assert "Row 3" in maria.says and re.search(r'id="cell-3-\d+-says">occurred_at', maria.text), maria.says
    correct(opened, maria, f"{BAD_DAY} 17:45", f"{TODAY} 17:45")
    corrected = maria.address.rpartition("/")[2]
    assert "1 open failure" in maria.says and "It follows from a run" in maria.says

    for run in (swept, corrected):
        maria.open(f"/shops/here/runs/{run}")
        maria.press(f"/loyalty/remember/{run}")
        opened.carry_out(maria)
    maria.open("/shops/here/loyalty")
    assert "2 loyalty failures are open" in maria.says
    maria.open(f"/shops/here/runs/{swept}")
    assert "Rejects corrected by Maria" in maria.says and "Confirmed by Maria" in maria.says


@pytest.mark.thorough
def test_the_rejects_of_a_sweep_are_fetched_and_given_back_with_the_same_result(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    swept = opened.preview(maria, f"failures-{TODAY}.csv", FAILURES)
    maria.open(f"/shops/here/runs/{swept}/correct")
    name = re.findall(r'href="[^"]*/files/(rejects-[^"]*)"', maria.text)[0]
    rejects = maria.client.get(f"/shops/here/runs/{swept}/files/{name}").text
    maria.press("/correct/file", files={"file": (name, rejects.replace(BAD_DAY, TODAY).encode())})
    assert opened.asked(maria)["inbox_keys"][0].endswith(f"/rejects-{TODAY}.csv")
    opened.carry_out(maria)
    assert "File needs fixing" not in maria.says and "1 open failure" in maria.says


@pytest.mark.thorough
def test_of_two_sections_that_came_back_each_has_its_page_and_its_own_corrections(opened: OpenDesk):
    terminal = Desk(environment=opened.environment, folder=opened.folder)
    bought = terminal.write(f"failures-t-{TODAY}.csv", FAILURES)
    redeemed = terminal.write(f"failures-r-{TODAY}.csv", REDEMPTIONS + redemption("79", "R-1", BAD_DAY))
    run = terminal.ask("run", "loyalty", bought, redeemed, "--day", TODAY)["run_id"]
    maria = opened.sign_in("Maria", "submit")
    maria.open(f"/shops/here/runs/{run}/correct")
    names = sorted({*re.findall(r"correct\?of=([^\"]*)", maria.text), *re.findall(r"page\">([^<]*)<", maria.text)})
    assert len(names) == 2 and "Each of these files is corrected by itself." in maria.says
    for name in names:
        maria.open(f"/shops/here/runs/{run}/correct?of={name}")
        field = re.findall(rf'name="(cell-[\d-]+)" value="{BAD_DAY} 17:45"', maria.text)[0]
        maria.press("/correct/save", **{field: f"typed in {name}"})
        assert f"of={name}" in maria.address and "Corrected or left out so far: 1." in maria.says
    maria.open(f"/shops/here/runs/{run}/correct?of={names[0]}")
    assert f"typed in {names[0]}" in maria.text and f"typed in {names[1]}" not in maria.text


@pytest.mark.thorough
def test_a_person_to_invite_is_corrected_on_the_page_of_rejects(deployed, seeds: Path, tmp_path: Path):
    own = {f"COUNTERFOIL_{name.upper()}": value for name, value in SHOP.items()}
    with open_desk({**deployed, **own}, seeds, tmp_path) as opened:
        opened.systems.storage().put("inbox/invitations/suppressions.csv", b"E-mail\n")
        maria = opened.sign_in("Maria", "submit")
        maria.open("/shops/here/")
        people = PEOPLE.replace("bob@example.com", "bob@@example.com").encode()
        maria.press("/upload", files={"file": ("people.csv", people)}, domain="invitations")
        maria.press(maria.address.partition("?")[0])
        preview = opened.carry_out(maria)
        assert "2 to be sent" in maria.says and "Confirm: send these mails" in maria.says
        maria.open(f"/shops/here/runs/{preview}/correct")
        correct(opened, maria, "bob@@example.com", "bob@example.com")
        assert "1 to be sent" in maria.says and "Confirm: send these mails" in maria.says


ORDERS = page(
    order(1, [item(1, product_id=7, sku="MUG", name="Mug")]),
    order(2, [item(1, product_id=7, sku="MUG", name="Mug")], total="99.00"),
).decode()


@pytest.mark.thorough
def test_a_json_order_is_corrected_field_by_field_and_goes_in(opened: OpenDesk):
    till = opened.environment["COUNTERFOIL_TARGET_URL"]
    open_till(till, {"MUG": 10})
    maria = opened.sign_in("Maria", "submit", "approve")
    opened.preview(maria, "orders.json", ORDERS)
    maria.press("/confirm", reason="as fetched")
    applied = opened.carry_out(maria)
    assert stock_in(till) == {"MUG": 9}

    maria.open(f"/shops/here/runs/{applied}/correct")
    assert "order 2, total" in maria.says and "the lines do not add up" in maria.says
    correct(opened, maria, "99.00", "12.00")
    assert "1 new" in maria.says
    maria.press("/confirm", reason="corrected")
    opened.carry_out(maria)
    assert stock_in(till) == {"MUG": 8}
    maria.open("/shops/here/open")
    assert "Nothing waits for anybody." in maria.says


@pytest.mark.thorough
def test_the_json_orders_are_fetched_and_given_back_with_the_same_result(opened: OpenDesk):
    open_till(opened.environment["COUNTERFOIL_TARGET_URL"], {"MUG": 10})
    maria = opened.sign_in("Maria", "submit", "approve")
    opened.preview(maria, "orders.json", ORDERS)
    run = maria.address.rpartition("/")[2]
    maria.open(f"/shops/here/runs/{run}/correct")
    back = maria.client.get(f"/shops/here/runs/{run}/files/rejects.json").json()
    content = json.dumps([each | {"total": "12.00"} for each in back]).encode()
    maria.press("/correct/file", files={"file": ("rejects.json", content)})
    opened.carry_out(maria)
    assert "1 new" in maria.says
