"""Runs in review mode where the shop asks for a passkey: Prefect's form approves nothing, a signature does."""

from datetime import UTC, datetime

import pytest

from infra.ledger.passkeys import PasskeyBook
from infra.ledger.people import PeopleBook
from infra.passkeys import Party, ask_for_new, ask_to_sign, challenge_of, check_new, dump_proof, prove
from schemas.approval_policy import Demands
from schemas.passkeys import Passkey, Statement
from schemas.records import Approval
from tasks.core.planning.concerns import names_of
from tests.fakes.authenticator import Authenticator
from tests.flows.people import People, run_id
from tests.flows.tills import Till

pytestmark = [pytest.mark.server, pytest.mark.slow]

FILE = "Number;Balance\nQZX7700911;737.91\n"
PASSKEY = {"COUNTERFOIL_APPROVAL_PROOF": "passkey"}
ASKED = b"a challenge of this test"
PARTY = Party(rp_id="localhost", origin="http://localhost:8765")


def asked(people: People, till: Till, name: str) -> str:
    key = people.drop(f"by-hand/{name}.csv", FILE)
    chosen = {"inbox_key": key, "mode": "review", "existing_cards": "set", "submitted_by": "Anna"}
    run = people.start("gift-cards/gift-cards", till, PASSKEY, **chosen)
    _, description = people.form(run, people.see_question(run))
    assert "A name approves nothing in this shop" in description
    return run


def test_a_typed_name_in_the_form_is_refused_in_words(people: People, till: Till) -> None:
    run = asked(people, till, "typed")
    people.answer(run, "approve", "Maria", "counted twice")
    ended = people.see_end(run, "Refused")
    assert "A name alone approves nothing here" in ended["message"]
    assert (till.balances(), people.decisions(people.entry(run).plan_id)) == ({}, [])


def test_what_was_signed_at_the_desk_lets_the_run_go_on(people: People, till: Till) -> None:
    run = asked(people, till, "signed")
    people.ledger.record_approval(signed(people, run), demands=Demands(proof="passkey"))
    people.answer(run, "approve", "Maria", "counted twice")
    people.see_end(run, "Applied")
    assert till.balances() == {"QZX7700911": "737.91"}


def signed(people: People, run: str) -> Approval:
    """Return Maria's approval of the plan that a run asks about, signed as the desk has it signed."""
    device, now, engine = Authenticator(PARTY.origin, PARTY.rp_id), datetime.now(UTC), people.ledger.engine
    maria = PeopleBook(engine).add("Maria", shop="", roles=["approve"], now=now)
    made = check_new(PARTY, device.make(ask_for_new(PARTY, maria, (), ASKED)), ASKED)
    key = {"credential_id": made.credential_id, "public_key": made.public_key, "sign_count": made.sign_count}
    passkey = Passkey(**key, person_id=maria.person_id, name="Phone", rp_id=PARTY.rp_id, added_at=now)
    PasskeyBook(engine).add(passkey)
    plan = people.ledger.get_plan(people.entry(run).plan_id)
    about = {"shop": "", "run_id": run_id(run), "plan_id": plan.plan_id, "concerns": names_of(plan.concerns)}
    by = {"person_id": maria.person_id, "approver": "Maria", "reason": "counted twice"}
    statement = Statement(**about, **by, asked_at=now, nonce="of this test")
    assertion = device.sign(ask_to_sign(PARTY, [passkey], challenge_of(statement)))
    proof, count = prove(PARTY, passkey, statement, assertion)
    PasskeyBook(engine).use(passkey, sign_count=count, now=now)
    decided = {"plan_id": plan.plan_id, "approver": "Maria", "reason": "counted twice", "decided_at": datetime.now(UTC)}
    return Approval(**decided, decision="approve", proof=dump_proof(proof))
