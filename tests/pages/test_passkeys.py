"""Plans that are confirmed with a passkey, and what is turned away: with a passkey of the test's own."""

import html
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cli import people
from desk.shops import Shops
from desk.visitors import SESSION
from infra.clock import now
from infra.context import opened
from infra.databases.database import reading, writing
from infra.ledger.audit import AuditBook
from infra.ledger.desk_tables import CHALLENGES, SESSIONS
from infra.ledger.passkeys import PasskeyBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.ledger.tables import APPROVALS
from infra.passkeys import check_proof, load_proof
from infra.settings import Settings
from infra.systems import systems_of
from schemas.passkeys import Passkey
from schemas.people import SignedInBy
from schemas.problems import Refused
from schemas.tables import Concern
from tasks.chain.approval_proofs import keep_proof
from tests.fakes.authenticator import PRESENT, Authenticator
from tests.pages.desks import Browser
from tests.pages.test_attackers import CONCERN, PLAN_ID, planned, sign_in

RUN = "4f2a91c07be3"


@pytest.fixture
def shops(seeds: Path, tmp_path: Path) -> Iterator[Shops]:
    """A shop that asks for passkeys; neither a store nor Prefect: nothing here gets as far."""
    home = tmp_path / "home"
    (home / "shops").mkdir(parents=True)
    shutil.copy(seeds / "ledger.sqlite", tmp_path)
    chosen = {
        "home": home,
        "ledger_url": f"sqlite:///{tmp_path}/ledger.sqlite",
        "desk_url": "http://desk.test",
        "approval_proof": "passkey",
    }
    shops = Shops({name: systems_of(Settings(**chosen, shop=name)) for name in ("lyon", "paris")})
    yield shops
    shops.close()


def add_passkey(browser: Browser, device: Authenticator) -> int:
    """Add a passkey to the account; return the status of the last answer."""
    browser.open("/account")
    browser.press("/account/passkeys/new", name="Phone")
    browser.press("/account/passkeys/add", made=device.make(options(browser)))
    return browser.shown.status_code


def options(browser: Browser) -> str:
    """Return what the page asks the browser."""
    return html.unescape(re.findall('data-options="([^"]*)"', browser.text)[0])


def ask(browser: Browser, page: str) -> str:
    """Press Confirm, as a page that shows the plan does; return what the browser is then asked."""
    browser.open("/account")
    token = re.findall('name="form_token" value="([^"]*)"', browser.text)[0]
    sent = {"form_token": token, "plan_id": PLAN_ID, "reason": "as counted"}
    browser.shown = browser.client.post(f"{page}/confirm", data=sent)
    assert browser.shown.status_code == 200, browser.says
    return options(browser)


def proofs(shops: Shops) -> list[str]:
    with reading(shops.by_name["paris"].ledger().engine) as connection:
        return list(connection.scalars(sa.select(APPROVALS.c.proof)))


def trail(shops: Shops) -> list[tuple[str, str]]:
    entries = AuditBook(shops.by_name["lyon"].shared_ledger().engine).entries()
    return [(each.person, each.action) for each in entries if each.action != "signed_in"]


def test_a_plan_is_confirmed_by_a_signature_that_says_who_approved_exactly_which_plan(shops: Shops):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    assert add_passkey(maria, device) == 200
    asked = ask(maria, page)
    maria.press("/sign", assertion=device.sign(asked))
    assert maria.shown.status_code == 503  # all but Prefect, which is away, let it through
    [kept] = proofs(shops)
    said = load_proof(kept).statement
    assert (said.plan_id, said.run_id, said.approver, said.reason) == (PLAN_ID, RUN, "Maria", "as counted")
    assert said.concerns == ("MANY:",)
    assert trail(shops) == [("Maria", "passkey_added"), ("Maria", "confirmed")]
    book = PasskeyBook(shops.by_name["lyon"].shared_ledger().engine)
    passkey = book.find(load_proof(kept).credential_id)
    assert passkey is not None and passkey.sign_count == 1
    check_proof(load_proof(kept), passkey)


BENT = {
    "another desk's page": {"origin": "http://evil.test"},
    "another desk's key": {"rp_id": "evil.test"},
    "nobody was there to be known": {"flags": PRESENT},
    "the passkey counts backwards": {"sign_count": 3},
}


@pytest.mark.thorough
@pytest.mark.parametrize("bent", BENT.values(), ids=BENT.keys())
def test_what_is_not_signed_by_its_owner_for_this_desk_confirms_nothing(shops: Shops, bent: dict[str, object]):
    maria, device = sign_in(shops, "Maria", paris="approve"), Authenticator(sign_count=5)
    page = planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    asked = ask(maria, page)
    for name, value in bent.items():
        setattr(device, name, value)
    maria.press("/sign", assertion=device.sign(asked))
    assert (maria.shown.status_code, proofs(shops)) == (409, [])
    assert trail(shops)[-1] == ("Maria", "passkey_refused")


@pytest.mark.thorough
def test_a_signature_counts_once_and_for_nothing_else(shops: Shops):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    first = device.sign(ask(maria, page))
    ask(maria, page)  # asked again: the earlier signature is of another question
    maria.press("/sign", assertion=first)
    assert maria.shown.status_code == 409
    asked = ask(maria, page)
    form = maria._form("/sign")
    signed = {**form, "assertion": device.sign(asked)}
    answers = [maria.client.post(f"{page}/sign", data=signed).status_code for _ in range(2)]
    assert answers == [503, 409]
    assert len(proofs(shops)) == 1


@pytest.mark.thorough
def test_nobody_signs_for_somebody_else_nor_in_their_browser(shops: Shops):
    maria, nils = (sign_in(shops, name, paris="approve") for name in ("Maria", "Nils"))
    of_maria, of_nils, page = Authenticator(), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, of_maria)
    add_passkey(nils, of_nils)
    asked = ask(maria, page)
    maria.press("/sign", assertion=of_nils.sign(asked))
    assert maria.shown.status_code == 409
    asked = ask(maria, page)
    stolen = maria._form("/sign") | {"assertion": of_maria.sign(asked)}
    nils.open("/account")
    own = re.findall('name="form_token" value="([^"]*)"', nils.text)[0]
    assert nils.client.post(f"{page}/sign", data=stolen | {"form_token": own}).status_code == 409
    assert proofs(shops) == []


def test_what_is_of_concern_only_since_the_question_is_not_signed(shops: Shops):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    asked = ask(maria, page)
    planned(shops, "9d3b5e7f1a20", CONCERN, Concern(code="MORE", says="more"))
    maria.press("/sign", assertion=device.sign(asked))
    assert maria.shown.status_code == 409 and "9d3b5e7f1a20" in maria.says
    assert proofs(shops) == []


def test_a_name_alone_confirms_nothing_and_who_has_no_passkey_is_told_so(shops: Shops):
    maria, page = sign_in(shops, "Maria", paris="approve"), planned(shops, RUN, CONCERN)
    maria.open("/account")
    token = re.findall('name="form_token" value="([^"]*)"', maria.text)[0]
    sent = {"form_token": token, "plan_id": PLAN_ID, "reason": "as counted"}
    maria.shown = maria.client.post(f"{page}/confirm", data=sent)
    assert maria.shown.status_code == 409 and "Add one to your account first" in maria.says
    assert proofs(shops) == []


def test_a_passkey_is_added_only_soon_after_signing_in(shops: Shops):
    maria, device = sign_in(shops, "Maria", paris="approve"), Authenticator()
    maria.open("/account")
    maria.press("/account/passkeys/new", name="Phone")
    made = device.make(options(maria))
    with writing(shops.by_name["lyon"].shared_ledger().engine) as connection:
        connection.execute(sa.update(SESSIONS).values(begun_at=now().replace(year=2020)))
    maria.press("/account/passkeys/add", made=made)
    assert maria.shown.status_code == 409 and "within ten minutes" in maria.says
    maria.open("/account")
    assert "/account/passkeys/new" not in maria.text


def sign_in_again(shops: Shops, maria: Browser, by: SignedInBy) -> None:
    """Sign in a moment later, in this way."""
    engine = shops.by_name["lyon"].shared_ledger().engine
    maria.press("/sign-out")
    found = PeopleBook(engine).find("Maria")
    assert found is not None
    maria.client.cookies.set(SESSION, SessionBook(engine).begin(found[0].person_id, now=now(), hours=1, by=by))
    maria.open("/account")


@pytest.mark.parametrize("by", ["password", "provider"])
def test_who_has_a_passkey_already_changes_none_by_a_password_or_the_provider_alone(shops: Shops, by: SignedInBy):
    maria = sign_in(shops, "Maria", paris="approve")
    add_passkey(maria, Authenticator())
    sign_in_again(shops, maria, by)
    assert "You have a passkey already: sign out, and sign in with it" in maria.says
    [known] = _passkeys(shops)
    form = maria._form("/sign-out")
    sent = {
        "new": {"name": "Stranger"},
        "add": {"token": "t", "made": "{}"},
        "remove": {"credential_id": known.credential_id},
    }
    answers = [maria.client.post(f"/account/passkeys/{way}", data=form | typed) for way, typed in sent.items()]
    assert [each.status_code for each in answers] == [409, 409, 409]
    assert all("You have a passkey already" in each.text for each in answers)
    assert _passkeys(shops) == (known,)


@pytest.mark.parametrize("by", ["passkey", "link"])
def test_who_signed_in_with_a_passkey_or_by_a_link_adds_another(shops: Shops, by: SignedInBy):
    maria = sign_in(shops, "Maria", paris="approve")
    add_passkey(maria, Authenticator())
    sign_in_again(shops, maria, by)
    assert add_passkey(maria, Authenticator()) == 200
    assert len(_passkeys(shops)) == 2


def test_who_signed_in_by_a_password_adds_two_at_once_and_new_ones_when_all_are_forgotten(shops: Shops):
    maria = sign_in(shops, "Maria", paris="approve")
    sign_in_again(shops, maria, "password")
    assert [add_passkey(maria, Authenticator()) for _ in range(2)] == [200, 200]
    with opened(shops.by_name["paris"]):
        people.forget_passkeys("Maria")
    assert _passkeys(shops) == ()
    sign_in_again(shops, maria, "password")
    assert add_passkey(maria, Authenticator()) == 200
    assert [action for _, action in trail(shops)].count("passkey_removed") == 2


def _passkeys(shops: Shops) -> tuple[Passkey, ...]:
    engine = shops.by_name["lyon"].shared_ledger().engine
    found = PeopleBook(engine).find("Maria")
    return PasskeyBook(engine).of_person(found[0].person_id) if found else ()


@pytest.mark.thorough
def test_a_passkey_that_was_removed_signs_nothing_and_still_proves_what_it_signed(shops: Shops):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    maria.press("/sign", assertion=device.sign(ask(maria, page)))
    maria.open("/account")
    maria.press("/account/passkeys/remove")
    assert "Phone" not in maria.says
    [kept] = proofs(shops)
    proof = load_proof(kept)
    passkey = PasskeyBook(shops.by_name["lyon"].shared_ledger().engine).find(proof.credential_id)
    assert passkey is not None and passkey.removed_at is not None
    check_proof(proof, passkey)


def test_what_a_passkey_signed_that_was_removed_since_lets_no_run_through_and_is_decided_anew(shops: Shops):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    maria.press("/sign", assertion=device.sign(ask(maria, page)))
    maria.open("/account")
    maria.press("/account/passkeys/remove")

    with opened(shops.by_name["paris"]) as systems:
        ledger = systems.ledger()
        claimed = ledger.claim_approval(PLAN_ID, RUN, now(), concerns=(CONCERN,))
        assert claimed is not None
        with pytest.raises(Refused, match="was removed since"):
            keep_proof(ledger.get_run(RUN).run, ledger.get_plan(PLAN_ID), claimed)
        assert ledger.claim_approval(PLAN_ID, RUN, now(), concerns=(CONCERN,)) is None

    add_passkey(maria, another := Authenticator())
    maria.press("/sign", assertion=another.sign(ask(maria, page)))
    assert len(proofs(shops)) == 2


def test_a_passkey_signs_in_once_for_each_question(shops: Shops):
    maria, device = sign_in(shops, "Maria", paris="look"), Authenticator()
    add_passkey(maria, device)
    maria.press("/sign-out")
    maria.open("/sign-in?to=/shops/paris/runs")
    maria.press("/sign-in/passkey")
    form = maria._form("/signed") | {"assertion": device.sign(options(maria))}
    maria.press("/signed", assertion=form["assertion"])
    assert maria.address == "/shops/paris/runs"
    maria.press("/sign-out")
    maria.open("/sign-in")
    again = maria.client.post("/sign-in/passkey/signed", data=form | maria._form("/sign-in/passkey"))
    assert again.status_code == 401


def test_questions_that_nobody_answered_are_forgotten(shops: Shops):
    maria, engine = sign_in(shops, "Maria", paris="look"), shops.by_name["lyon"].shared_ledger().engine
    maria.open("/account")
    maria.press("/account/passkeys/new")
    with writing(engine) as connection:
        connection.execute(sa.update(CHALLENGES).values(expires_at=now().replace(year=2020)))
    maria.press("/account/passkeys/add", made=Authenticator().make(options(maria)))
    assert maria.shown.status_code == 409
    maria.open("/account")
    maria.press("/account/passkeys/new")
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(CHALLENGES)) == 1


CHANGED = {
    "plan": lambda proof: replace(proof, statement=replace(proof.statement, plan_id="0123456789abcdef")),
    "concerns": lambda proof: replace(proof, statement=replace(proof.statement, concerns=("MANY:", "MORE:"))),
    "person": lambda proof: replace(proof, statement=replace(proof.statement, approver="Nils")),
    "desk": lambda proof: replace(proof, origin="http://evil.test"),
    "count": lambda proof: replace(proof, sign_count=7),
    "signature": lambda proof: replace(proof, assertion=_with_other_signature(proof.assertion)),
}


def _with_other_signature(assertion: str) -> str:
    said = json.loads(assertion)
    said["response"]["signature"] = said["response"]["signature"][:-8] + "AAAAAAAA"
    return json.dumps(said)


@pytest.mark.thorough
@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED.keys())
def test_a_proof_that_was_changed_in_anything_does_not_hold(shops: Shops, change):
    maria, device, page = sign_in(shops, "Maria", paris="approve"), Authenticator(), planned(shops, RUN, CONCERN)
    add_passkey(maria, device)
    maria.press("/sign", assertion=device.sign(ask(maria, page)))
    proof = load_proof(proofs(shops)[0])
    passkey = PasskeyBook(shops.by_name["lyon"].shared_ledger().engine).find(proof.credential_id)
    assert passkey is not None
    with pytest.raises(Refused):
        check_proof(change(proof), passkey)
