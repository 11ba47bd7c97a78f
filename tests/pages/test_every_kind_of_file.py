"""Every kind of file goes the whole way at the desk: taken in, looked at, confirmed, corrected, found again, undone."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from desk.recognition import FILE_KINDS, recognised_in
from infra.context import working_with
from tasks.core.writing.templates import template_csv
from tests.children import run_child
from tests.fakes.ecom import ecom
from tests.mailing.conftest import SHOP
from tests.mailing.files import PEOPLE, people_named
from tests.pages.conftest import open_desk
from tests.pages.desks import OpenDesk, take_in
from tests.pages.furnished import TODAY
from tests.shop_orders import item, order, page
from tests.sweeping.shop import SALES, TRANSACTIONS, transaction
from tests.tills import open_till, stock_in


class Domain(NamedTuple):
    """A file with one good row and one bad cell, what is right there, and where the till of the domain must be open."""

    file: str
    content: str
    wrong: str
    right: str
    needs_till: bool = False


MUG = page(order(1, [item(1, product_id=7, sku="mug", name="Mug")])).decode()
DOMAINS = {
    "customers": Domain(
        file="register.csv",
        content="Firstname,Lastname,E-mail,City\nNils,Ek,nils@example.se,Lund\nBo,Berg,bo@@example.se,Lund\n",
        wrong="bo@@example.se",
        right="bo@example.se",
    ),
    "gift-cards": Domain(
        file="cards.csv", content="Number;Balance\nQZX0001;10,00\nQZX0002;2O,00\n", wrong="2O,00", right="20,00"
    ),
    "stock": Domain(
        file="stock.csv", content="SKU,Name,Price,Stock\nMUG,Mug,12.50,10\nCAP,Cap,8.00,1o\n", wrong="1o", right="10"
    ),
}


def test_a_blank_file_of_each_kind_is_known_by_its_headings(opened: OpenDesk):
    forms = [(kind.name, form) for kind in FILE_KINDS.values() for form in kind.dialects]
    with working_with(opened.systems):
        found = [(name, *recognised_in(BytesIO(template_csv(form)), "blank.csv")) for name, form in forms]
    taken_for = [(name, [each.kind.name for each in known]) for name, *known in found]
    wrong = [(name, kinds) for name, kinds in taken_for if kinds != [name]]
    assert wrong == [("invitations", ["customers"])], "people to invite have the headings of customers: those are meant"


@pytest.mark.parametrize(
    "name", ["customers", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("gift-cards", "stock"))]
)
def test_a_file_goes_from_start_to_undone(opened: OpenDesk, name: str):
    domain, maria = DOMAINS[name], opened.sign_in("Maria", "submit", "approve", "undo")
    preview = opened.preview(maria, domain.file, domain.content)
    assert "1 new, 1 rejected" in maria.says and domain.wrong in maria.text

    maria.press("/confirm", reason="looked at")
    applied = opened.carry_out(maria)
    assert "Applied with rejects" in maria.says

    maria.open("/shops/here/open")
    assert "Rejects that are still open" in maria.says and applied in maria.text
    maria.open(f"/shops/here/runs/{applied}/correct")
    field = re.findall(rf'name="(cell-[\d-]+)" value="{re.escape(domain.wrong)}"', maria.text)[0]
    maria.press("/correct/save", **{field: domain.right})
    maria.press("/correct/save")
    token = re.findall('name="form_token" value="([^"]*)"', maria.text)[0]
    maria.shown = maria.client.post(
        f"/shops/here/runs/{applied}/correct/preview", data={"form_token": token, "press": "once"}
    )
    opened.carry_out(maria)
    assert "1 new" in maria.says
    maria.press("/confirm", reason="corrected")
    opened.carry_out(maria)
    maria.open("/shops/here/open")
    assert "Nothing waits for anybody." in maria.says

    maria.open(f"/shops/here/runs?domain={name}&outcome=applied_with_rejects")
    assert applied in maria.text and preview not in maria.text
    maria.open(f"/shops/here/runs/{applied}")
    maria.press("/undo")
    opened.carry_out(maria)
    maria.press("/confirm", reason="the wrong file")
    opened.carry_out(maria)
    assert "1 removed" in maria.says and "Applied" in maria.says


@pytest.mark.thorough
def test_orders_go_from_start_to_undone(opened: OpenDesk):
    till = opened.environment["COUNTERFOIL_TARGET_URL"]
    open_till(till, {"MUG": 10})
    maria = opened.sign_in("Maria", "submit", "approve", "undo")
    opened.preview(maria, "orders.json", MUG)
    assert "1 new" in maria.says
    maria.press("/confirm", reason="as fetched")
    opened.carry_out(maria)
    assert "Applied" in maria.says and stock_in(till) == {"MUG": 9}
    maria.press("/undo")
    opened.carry_out(maria)
    maria.press("/confirm", reason="the wrong shop")
    opened.carry_out(maria)
    assert "Applied" in maria.says and stock_in(till) == {"MUG": 10}


@pytest.mark.thorough
def test_a_report_of_loyalty_failures_is_swept_on_a_press(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, f"failures-{TODAY}.csv", TRANSACTIONS + transaction("77", "S-1", TODAY))
    assert "1 open failure" in maria.says and f"failures-{TODAY}.csv" in maria.says
    maria.press("/loyalty/remember/" + maria.address.rpartition("/")[2])
    opened.carry_out(maria)
    maria.open("/shops/here/loyalty")
    assert "1 loyalty failure is open" in maria.says


@pytest.mark.thorough
def test_sales_of_a_point_of_sale_are_evidence_of_the_sweep_they_start(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, f"sales-{TODAY}.csv", SALES + f"S-1,77,{TODAY} 10:00,012345678905,Food,1,5.00\n")
    assert opened.asked(maria)["sales_keys"]
    assert "1 line of sales read" in maria.says


@pytest.fixture
def mailing(deployed: Mapping[str, str], seeds: Path, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk whose settings say who mails, but no mail server: mails become files."""
    own = {f"COUNTERFOIL_{name.upper()}": value for name, value in SHOP.items()}
    with open_desk({**deployed, **own}, seeds, tmp_path) as opened:
        yield opened


@pytest.mark.thorough
def test_people_are_invited_after_a_look_at_whom(mailing: OpenDesk):
    maria = mailing.sign_in("Maria", "submit")
    mailing.systems.storage().put("inbox/invitations/suppressions.csv", b"E-mail\n")
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("people.csv", PEOPLE.encode())}, domain="invitations")
    maria.press(maria.address.partition("?")[0])
    preview = mailing.carry_out(maria)
    assert "3 to be sent" in maria.says
    maria.press(f"/loyalty/remember/{preview}")
    mailing.carry_out(maria)
    assert mailing.asked(maria)["mode"] == "apply", maria.says
    assert "3 sent" in maria.says, maria.says


@pytest.mark.thorough
def test_the_first_mail_of_ecom_is_said_to_have_arrived_and_the_rest_go(
    deployed: Mapping[str, str], seeds: Path, tmp_path: Path
):
    with ecom() as fake:
        for name in ("ann", "ben", "cid"):
            fake.shop.add(email=f"{name}@example.com", firstname=name.title(), lastname="Test")
        own = {**SHOP, **fake.settings, "ecom_password_mails": "true"}
        named = {f"COUNTERFOIL_{name.upper()}": value for name, value in own.items()}
        with open_desk({**deployed, **named}, seeds, tmp_path) as opened:
            opened.systems.storage().put("inbox/invitations/suppressions.csv", b"E-mail\n")
            maria = opened.sign_in("Maria", "submit")
            maria.open("/shops/here/")
            file = people_named("ann", "ben", "cid").encode()
            maria.press("/upload", files={"file": ("people.csv", file)}, domain="invitations")
            maria.press(maria.address.partition("?")[0], channel="ecom_password")
            preview = opened.carry_out(maria)
            maria.press(f"/loyalty/remember/{preview}")
            first = opened.carry_out(maria)
            assert [address for address, _ in fake.shop.mailed] == ["ann@example.com"]
            assert "It arrived: send the rest" in maria.says and "canary_arrived" not in maria.says

            page = maria.shown
            maria.press("/arrived")
            rest = opened.carry_out(maria)
            assert len(fake.shop.mailed) == 3 and "2 sent" in maria.says
            maria.shown = page
            maria.press("/arrived")
            assert maria.address.endswith(rest), "pressing twice starts one run"
            maria.open(f"/shops/here/runs/{first}")
            assert "Confirmed by Maria" in maria.says and "/arrived" not in maria.text


@pytest.mark.thorough
def test_a_file_of_the_inbox_that_failed_is_put_right_and_tried_again(opened: OpenDesk):
    key = f"inbox/gift-cards/{opened.folder.name}.csv"
    opened.systems.storage().put(key, b"Nummer;Sum of all\n1;2\n")
    ended = run_child(take_in, opened.environment, opened.folder / "inbox", key)
    assert ended.code == 0, ended
    maria = opened.sign_in("Maria", "submit")
    failed = re.findall(r"/runs/([0-9a-f]{12})", maria.open("/shops/here/open"))[0]
    maria.open(f"/shops/here/runs/{failed}")
    assert "File needs fixing" in maria.says and "The file, put right" in maria.says
    maria.press("/again", files={"file": ("better.csv", b"Number;Balance\nQZX0001;10,00\n")})
    assert opened.asked(maria)["mode"] == "preview" and opened.asked(maria)["submitted_by"] == "Maria"
    opened.carry_out(maria)
    assert "1 new" in maria.says
    maria.press("/confirm", reason="put right")
    opened.carry_out(maria)
    maria.open("/shops/here/open")
    assert "Runs that failed" not in maria.says


@pytest.mark.thorough
def test_a_file_that_cannot_be_read_is_put_right_and_tried_again(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("cards.csv", b"Nummer;Sum of all\n1;2\n")}, domain="gift-cards")
    maria.press(maria.address.partition("?")[0])
    failed = opened.carry_out(maria)
    assert "File needs fixing" in maria.says
    maria.open("/shops/here/open")
    assert "Runs that failed" in maria.says

    maria.open(f"/shops/here/runs/{failed}")
    maria.press("/again", files={"file": ("cards better.csv", b"Number;Balance\nQZX0001;10,00\n")})
    opened.carry_out(maria)
    assert "1 new" in maria.says and "It follows from a run" in maria.says
    maria.open(f"/shops/here/runs/{failed}")
    assert "Tried again by Maria" in maria.says and "/again" not in maria.text
    maria.open("/shops/here/open")
    assert "Runs that failed" not in maria.says
