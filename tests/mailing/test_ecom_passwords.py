"""Invitations by eCom's own mail about passwords: off unless set, the first one alone, and nobody twice."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.desk import Desk
from tests.fakes.ecom import SECRET, Fake, Trouble, ecom
from tests.mailing.conftest import with_settings
from tests.mailing.files import outcomes, people_named

INVITE = ("invite", "people.csv", "--channel", "ecom_password")
APPLY = (*INVITE, "--mode", "apply")
GO_ON = (*APPLY, "--canary-arrived")
NAMES = ("ann", "ben", "cid", "dan")


@pytest.fixture
def fake() -> Iterator[Fake]:
    """An eCom shop with four customers."""
    with ecom() as fake:
        for name in NAMES:
            fake.shop.add(email=f"{name}@example.com", firstname=name.title(), lastname="Test")
        yield fake


@pytest.fixture
def moved(shop: Desk, fake: Fake) -> Desk:
    """A desk that knows that shop, and that its mails are asked for by doNotifyPassword."""
    shop.write("people.csv", people_named(*NAMES))
    return with_settings(shop, {**fake.settings, "ecom_password_mails": "true"})


def mailed(fake: Fake) -> list[str]:
    assert {flag for _, flag in fake.shop.mailed} <= {"doNotifyPassword"}
    return sorted(address.partition("@")[0] for address, _ in fake.shop.mailed)


@pytest.mark.parametrize("command", [INVITE, APPLY, GO_ON])
def test_it_is_off_unless_a_setting_says_that_ecom_does_it(moved: Desk, fake: Fake, command: tuple[str, ...]):
    answer = moved.ask(*command, code=2, ecom_password_mails="false")
    assert "assumed, not known" in answer["says"] and "COUNTERFOIL_ECOM_PASSWORD_MAILS=true" in answer["says"]
    assert fake.asked == []


def test_a_preview_asks_ecom_for_nothing_and_shows_a_text_for_its_template(moved: Desk, fake: Fake):
    answer = moved.ask(*INVITE)
    assert (answer["outcome"], answer["invitations"]["due"], fake.asked) == ("previewed", 4, [])
    assert "[[reset_link]]" in moved.read(moved.fetch(answer["run_id"], "template-en.html"))


@pytest.mark.thorough
def test_the_first_mail_goes_alone_and_the_rest_once_a_person_saw_it(moved: Desk, fake: Fake):
    first = moved.ask(*APPLY, code=3)
    assert (first["outcome"], first["says"]) == ("needs_approval", "3 to be sent, 1 sent (mails in en: 4)")
    assert "run again with canary_arrived" in first["next_steps"][0]
    assert mailed(fake) == ["ann"]

    again = moved.ask(*APPLY, code=3)
    assert (again["outcome"], mailed(fake)) == ("needs_approval", ["ann"])

    rest = moved.ask(*GO_ON)
    assert (rest["outcome"], rest["invitations"]["sent"], rest["invitations"]["already"]) == ("applied", 3, 1)
    assert mailed(fake) == sorted(NAMES)
    assert moved.ask(*GO_ON)["outcome"] == "nothing_to_do"
    assert mailed(fake) == sorted(NAMES)


def test_nobody_can_say_that_a_mail_arrived_that_did_not_go(moved: Desk, fake: Fake):
    answer = moved.ask(*GO_ON, code=3)
    assert (answer["outcome"], mailed(fake)) == ("needs_approval", ["ann"])


@pytest.mark.thorough
def test_a_first_mail_that_may_have_gone_is_no_proof_and_the_next_one_goes_first(moved: Desk, fake: Fake):
    fake.trouble.append(Trouble("drop after", "PUT", r"customers/\d+"))
    answer = moved.ask(*APPLY, code=3)
    assert "did not go" in answer["next_steps"][0]
    assert outcomes(moved, answer["run_id"])["ann@example.com"] == ("unknown", "")
    assert moved.ask(*GO_ON, code=3)["outcome"] == "needs_approval"
    assert mailed(fake) == ["ann", "ben"]


@pytest.mark.thorough
def test_an_answer_that_is_lost_is_unknown_and_never_asked_again(moved: Desk, fake: Fake):
    moved.ask(*APPLY, code=3)
    fake.trouble += [Trouble("drop after", "PUT", r"customers/\d+"), Trouble("error", "PUT", r"customers/\d+")]
    answer = moved.ask(*GO_ON, code=4)
    assert answer["invitations"] | {"sent": 1, "unknown": 2} == answer["invitations"]
    moved.ask(*GO_ON, code=4)
    assert mailed(fake) == ["ann", "ben", "dan"]  # cid's request broke off before eCom did anything: a person decides
    assert len(fake.paths("PUT")) == 4


def test_somebody_whom_ecom_does_not_have_is_refused(moved: Desk, fake: Fake):
    fake.shop.customers.clear()
    fake.shop.add(email="BEN@example.com")
    answer = moved.ask(*APPLY, code=3)
    assert outcomes(moved, answer["run_id"])["ann@example.com"] == ("refused", "eCom has 0")
    assert mailed(fake) == []


@pytest.mark.thorough
def test_a_shop_that_is_down_mails_nobody_and_loses_nobody(moved: Desk, fake: Fake):
    moved.ask(*APPLY, code=3)
    fake.trouble.append(Trouble("error", "GET", "customers", times=99))
    answer = moved.ask(*GO_ON, code=5)
    assert SECRET not in str(answer) and "example.com" not in answer["says"]
    fake.trouble.clear()
    assert moved.ask(*GO_ON)["invitations"]["sent"] == 3
    assert mailed(fake) == sorted(NAMES)


@pytest.mark.thorough
def test_mails_of_our_own_and_of_ecom_are_one_campaign(moved: Desk, fake: Fake):
    moved.ask("invite", "people.csv", "--channel", "mailing_list", "--mode", "apply", "--max-recipients", "2", code=4)
    answer = moved.ask(*APPLY, code=3)
    assert (answer["invitations"]["already"], mailed(fake)) == (2, ["cid"])


def test_a_run_for_another_shop_reaches_nobody(moved: Desk, fake: Fake):
    other = replace(moved, environment={**moved.environment, "COUNTERFOIL_ECOM_SECRET": "wrong"})
    answer = other.ask(*APPLY, code=4)
    assert "Check its keys" in answer["says"]
    assert mailed(fake) == []
