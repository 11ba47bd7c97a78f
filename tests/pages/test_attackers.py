"""What people try who have an account, or none: addresses, forms and cookies that no page of ours gave them."""

import getpass
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from cli import people
from desk.application import make_application
from desk.prefect_runs import PrefectRuns
from desk.safety import FORM_BYTES
from desk.shops import Shops
from infra.clock import now
from infra.context import opened
from infra.databases.database import reading
from infra.ledger.audit import AuditBook
from infra.ledger.people import PeopleBook
from infra.ledger.requests import RequestBook
from infra.ledger.sessions import MOST_FAILURES_OF_A_NAME, MOST_FAILURES_OF_A_NAME_ANYWHERE, SessionBook
from infra.ledger.tables import APPROVALS
from infra.settings import Settings
from infra.systems import systems_of
from schemas import file_names
from schemas.people import Request, Role
from schemas.records import Artifact, ChangeCounts, Plan, RowCounts, RunReport, Totals
from schemas.tables import Concern
from tests.pages.desks import Browser

NAMES = ("lyon", "paris")
PLAN_ID = "7c1e90ab"
NO_PREFECT = PrefectRuns(api_url="http://127.0.0.1:9/api")


@pytest.fixture
def group(seeds: Path, tmp_path: Path) -> Iterator[Shops]:
    """Two shops, and neither a store nor Prefect: nothing here gets as far."""
    home = tmp_path / "home"
    (home / "shops").mkdir(parents=True)
    settings = {
        name: Settings(home=home, ledger_url=f"sqlite:///{tmp_path}/ledger.sqlite", shop=name) for name in NAMES
    }
    shutil.copy(seeds / "ledger.sqlite", tmp_path)
    shops = Shops({name: systems_of(each) for name, each in settings.items()})
    yield shops
    shops.close()


def sign_in(shops: Shops, name: str, **roles: Role) -> Browser:
    """Return the browser of somebody with a role in each of these shops."""
    engine = shops.by_name["lyon"].shared_ledger().engine
    book = PeopleBook(engine)
    person = book.add(name, shop="paris", roles=[], now=now())
    for shop, role in roles.items():
        book.add(name, shop=shop.replace("here", ""), roles=[role], now=now())
    link = f"/sign-in/{SessionBook(engine).make_link(person.person_id, now=now(), hours=1)}"
    browser = Browser(client=TestClient(make_application(shops, NO_PREFECT), base_url="http://desk.test"))
    browser.open(link)
    browser.press(link)
    return browser


def test_who_may_look_into_a_shop_sees_its_runs(group: Shops):
    maria = sign_in(group, "Maria", paris="look")
    maria.open("/shops/paris/runs")
    assert maria.shown.status_code == 200


@pytest.mark.thorough
@pytest.mark.parametrize("shop", ["lyon", "paris\n", "pa\tris", "paris?", "paris#", "paris\\", "paris/../lyon", "here"])
def test_no_way_to_write_an_address_leads_into_another_shop(group: Shops, shop: str):
    maria = sign_in(group, "Maria", paris="look")
    for page in ("runs", "open", "runs/4f2a91c07be3/files/report.html"):
        maria.open(f"/shops/{quote(shop, safe='')}/{page}")
        assert maria.shown.status_code == 404, (shop, page)


@pytest.mark.parametrize("gone", ["here", "nice"])
def test_a_role_in_a_shop_that_there_was_opens_no_other(group: Shops, gone: str):
    maria = sign_in(group, "Maria", **{gone: "look"})
    assert "no role in any shop yet" in maria.says
    maria.open(f"/shops/{gone}/runs")
    assert maria.shown.status_code == 404


def test_who_is_signed_in_no_more_signs_in_again_with_the_cookie_still_there(group: Shops):
    maria = sign_in(group, "Maria", paris="look")
    engine = group.by_name["lyon"].shared_ledger().engine
    SessionBook(engine).end(maria.client.cookies["counterfoil_session"])
    person = PeopleBook(engine).add("Maria", shop="paris", roles=[], now=now())
    link = f"/sign-in/{SessionBook(engine).make_link(person.person_id, now=now(), hours=1)}"
    maria.open(link)
    maria.press(link)
    assert maria.address == "/shops/paris/"
    assert re.search("Sign out", maria.says)


CONCERN = Concern(code="MANY", says="much", override="max=2")


def planned(shops: Shops, run_id: str, *concerns: Concern, ended: bool = True) -> str:
    """Enter a run of a plan in Paris, asked for at the desk, that found so much of concern; return its page."""
    ledger = shops.by_name["paris"].ledger()
    about = {"domain": "gift-cards", "mode": "preview", "target": "sql", "source": "cards.csv"}
    ledger.start_run(**about, run_id=run_id, flow="gift-cards", options={}, submitted_by="Maria", now=now())
    changes = Artifact(name=file_names.CHANGES, key="runs/a/changes.parquet", sha256="1" * 64, size_bytes=10)
    plan = Plan(
        plan_id=PLAN_ID,
        domain="gift-cards",
        target="sql",
        options={},
        counts=ChangeCounts(created=2),
        totals=Totals(),
        concerns=concerns,
        changes=changes,
    )
    ledger.save_plan(plan, run_id=run_id, now=now(), hours=1)
    ledger.show_plan(PLAN_ID, now=now(), hours=1)
    asked = {"deployment": "gift-cards/gift-cards-paris", "parameters": {}, "person": "Maria", "follows": ""}
    RequestBook(ledger.engine).enter(Request(**asked, run_id=run_id, flow_run_id=str(uuid4()), asked_at=now()))
    if ended:
        said = {"title": "Gift cards", "says": "2 new", "outcome": "previewed", "plan_id": PLAN_ID}
        counts = {
            "rows": RowCounts(rows_in=2, accepted=2, rejected=0),
            "changes": plan.counts,
            "totals": Totals(),
            "concerns": concerns,
        }
        ledger.finish_run(RunReport(**about, **said, **counts, run_id=run_id))
    return f"/shops/paris/runs/{run_id}"


def decide(browser: Browser, page: str, decision: str) -> int:
    """Send the form of a page whose buttons may not be there."""
    browser.open("/account")
    token = re.findall('name="form_token" value="([^"]*)"', browser.text)[0]
    sent = {"form_token": token, "plan_id": PLAN_ID, "reason": "as counted"}
    browser.shown = browser.client.post(f"{page}/{decision}", data=sent)
    return browser.shown.status_code


def approvals(shops: Shops) -> list[str]:
    with reading(shops.by_name["paris"].ledger().engine) as connection:
        return list(connection.scalars(sa.select(APPROVALS.c.approver)))


def trail(shops: Shops) -> list[tuple[str, str]]:
    entries = AuditBook(shops.by_name["lyon"].shared_ledger().engine).entries()
    return [(each.action, each.about) for each in entries if each.action != "signed_in"]


@pytest.mark.thorough
def test_a_confirmed_plan_is_in_the_trail_also_where_prefect_is_away(group: Shops):
    maria, page = sign_in(group, "Maria", paris="submit"), planned(group, "4f2a91c07be3")
    assert decide(maria, page, "confirm") == 503
    assert (approvals(group), trail(group)) == (["Maria"], [("confirmed", "4f2a91c07be3")])


def test_who_may_only_submit_confirms_no_plan_of_a_run_that_has_not_said_its_concerns(group: Shops):
    maria, page = sign_in(group, "Maria", paris="submit"), planned(group, "4f2a91c07be3", CONCERN, ended=False)
    assert [decide(maria, page, each) for each in ("confirm", "cancel")] == [409, 409]
    assert (approvals(group), trail(group)) == ([], [])


def test_a_page_without_concerns_confirms_none_that_another_run_found_since(group: Shops):
    maria, page = sign_in(group, "Maria", paris="submit"), planned(group, "4f2a91c07be3")
    later = planned(group, "9d3b5e7f1a20", CONCERN)
    assert decide(maria, page, "confirm") == 409 and "9d3b5e7f1a20" in maria.says
    assert decide(maria, later, "confirm") == 403
    assert approvals(group) == []


def test_who_is_not_let_in_from_one_address_comes_in_from_another(group: Shops):
    maria = sign_in(group, "Maria", paris="look")
    engine = group.by_name["lyon"].shared_ledger().engine
    book = SessionBook(engine)
    tries = [book.begin_try("Maria", "203.0.113.7", now=now()) for _ in range(MOST_FAILURES_OF_A_NAME + 1)]
    assert tries[-1] is None and None not in tries[:-1]
    assert book.begin_try("maria ", "198.51.100.2", now=now()) is not None
    elsewhere = [book.begin_try("Maria", f"192.0.2.{n}", now=now()) for n in range(MOST_FAILURES_OF_A_NAME_ANYWHERE)]
    assert elsewhere[-1] is None
    assert maria.client.get("/account").status_code == 200


@pytest.mark.thorough
def test_a_new_password_ends_what_others_began_and_is_in_the_trail(group: Shops):
    thief, maria = sign_in(group, "Maria", paris="look"), sign_in(group, "Maria", paris="look")
    maria.open("/account")
    maria.press("/account/password", password="correct horse battery", again="correct horse battery")
    assert "Saved" in maria.says and trail(group) == [("set_password", "")]
    thief.open("/account")
    assert thief.address.startswith("/sign-in")
    maria.open("/account")
    assert maria.address == "/account"


@pytest.mark.thorough
@pytest.mark.parametrize(("role", "answered"), [("look", 413), ("submit", 422)])
def test_a_large_body_is_read_of_nobody_but_who_may_upload(group: Shops, role: Role, answered: int):
    maria, stranger = sign_in(group, "Maria", paris=role), sign_in(group, "Nils")
    maria.open("/account")
    token = re.findall('name="form_token" value="([^"]*)"', maria.text)[0]
    large = {"file": ("cards.csv", b"Sum of all\n" + b"1\n" * FORM_BYTES)}
    stranger.client.cookies.clear()
    for browser, status in ((maria, answered), (stranger, 413)):
        sent = browser.client.post("/shops/paris/upload", data={"form_token": token}, files=large)
        assert sent.status_code == status


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("at=99999999999999999999", 200),
        ("at=-1", 200),
        ("at=x", 422),
        ("day=9999-12-31", 200),
        ("day=0001-01-01", 200),
        ("outcome=%00", 200),
        ("domain=%27%20OR%201=1", 200),
    ],
)
def test_whatever_is_asked_of_the_list_of_runs_is_answered_by_a_page(group: Shops, asked: str, answered: int):
    maria = sign_in(group, "Maria", paris="look")
    maria.open(f"/shops/paris/runs?{asked}")
    assert maria.shown.status_code == answered
    assert maria.shown.headers["content-type"].startswith("text/html") and "<h1>" in maria.text


def test_a_form_that_lacks_something_is_not_said_back(group: Shops):
    maria = sign_in(group, "Maria", paris="look")
    maria.open("/account")
    token = re.findall('name="form_token" value="([^"]*)"', maria.text)[0]
    sent = maria.client.post("/account/password", data={"form_token": token, "password": "correct horse battery"})
    assert sent.status_code == 422 and "horse" not in sent.text and "<h1>" in sent.text


@pytest.mark.thorough
def test_who_made_a_link_or_gave_or_took_roles_is_in_the_trail(tmp_path: Path):
    systems = systems_of(Settings(home=tmp_path, ledger_url=f"sqlite:///{tmp_path}/ledger.sqlite"))
    with opened(systems):
        people.add("Maria", roles=("submit", "look"))
        people.link("maria")
        people.remove("Maria")
        entries = [*AuditBook(systems.shared_ledger().engine).entries()]
    done = [(each.action, each.about, each.detail) for each in entries]
    given, made, taken = (
        ("roles_given", "Maria", "submit look"),
        ("link_made", "Maria", ""),
        ("roles_taken", "Maria", ""),
    )
    assert done == [given, made, made, taken]
    assert {each.person for each in entries} == {f"{getpass.getuser()} (terminal)"}
