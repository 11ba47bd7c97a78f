"""Mails through a real mail server: everyone gets one, whatever the server does, and each answer is kept."""

from pathlib import Path

import pytest

from tests.desk import Desk
from tests.mailing.conftest import with_settings
from tests.mailing.files import ADDRESSES, PEOPLE, outcomes, people_named
from tests.mailing.post_office import PostOffice, make_certificate, open_post_office

APPLY = ("--mode", "apply")


def test_everyone_gets_one_mail_in_their_language(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY)
    assert (answer["outcome"], answer["says"]) == ("applied", "3 sent (mails in en: 1, fr: 1, sv: 1)")
    assert answer["invitations"]["sent"] == 3
    assert office.letters() == dict.fromkeys(ADDRESSES, 1)
    asa = next(message for message in office.arrived if message["X-Recipient"] == "asa@example.com")
    assert asa["Subject"] == "Butik Söder har flyttat: välj ett nytt lösenord"
    assert (asa["To"], asa["From"]) == ("Åsa Öberg <asa@example.com>", "Butik Söder <hej@example.com>")
    assert (asa["Reply-To"], asa["List-Unsubscribe"]) == ("fraga@example.com", "<mailto:fraga@example.com>")
    plain, html = (part.get_content() for part in asa.iter_parts())
    assert "Hej Åsa!" in plain and "https://shop.example.com/password?a=1&b=2\r\n" in plain
    assert 'href="https://shop.example.com/password?a=1&amp;b=2"' in html
    assert "[[" not in plain + html


def test_a_line_that_begins_with_a_dot_arrives_as_it_is(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", people_named("ann"))
    mailing_shop.ask("invite", "people.csv", *APPLY, shop_name=".dot")
    plain, html = (part.get_content() for part in office.arrived[0].iter_parts())
    assert "\r\n.dot has moved to a new web shop" in plain and "\r\n.dot</p>" in html


@pytest.mark.thorough
def test_a_preview_sends_nothing_and_shows_a_mail_in_each_language(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv")
    assert (answer["outcome"], answer["invitations"]["due"], office.arrived) == ("previewed", 3, [])
    samples = {f"sample-{language}.{ending}" for language in ("en", "fr", "sv") for ending in ("eml", "html")}
    assert samples <= answer["artifacts"].keys()
    assert mailing_shop.ask("show", answer["run_id"]) == answer
    assert mailing_shop.ask("verify-run", answer["run_id"])["intact"]


@pytest.mark.thorough
def test_nobody_gets_a_second_mail_of_a_campaign_from_any_file(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    mailing_shop.ask("invite", "people.csv", *APPLY)
    mailing_shop.write("more.csv", PEOPLE.replace("asa@", "ASA@") + "New,One,new@example.com,en\n")
    answer = mailing_shop.ask("invite", "more.csv", *APPLY)
    assert (answer["invitations"]["sent"], answer["invitations"]["already"]) == (1, 3)
    assert office.letters() == dict.fromkeys({*ADDRESSES, "new@example.com"}, 1)
    assert mailing_shop.ask("invite", "more.csv", *APPLY)["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_another_campaign_mails_again(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    mailing_shop.ask("invite", "people.csv", *APPLY)
    mailing_shop.ask("invite", "people.csv", *APPLY, "--campaign", "reminder")
    assert office.letters() == dict.fromkeys(ADDRESSES, 2)
    assert len({message["Message-ID"] for message in office.arrived}) == 6


@pytest.mark.thorough
def test_who_is_refused_is_told_with_the_answer_in_numbers_and_holds_up_nobody(
    mailing_shop: Desk, office: PostOffice
) -> None:
    mailing_shop.write("people.csv", people_named("gone", "ann", "spam", "ben"))
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
    assert (answer["outcome"], answer["invitations"]["sent"], answer["invitations"]["refused"]) == (
        "partly_applied",
        2,
        2,
    )
    found = outcomes(mailing_shop, answer["run_id"])
    assert (found["gone@example.com"], found["spam@example.com"]) == (
        ("refused", "550 5.1.1"),
        ("refused", "554 5.7.1"),
    )
    office.recipient_answers.clear()
    mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
    assert office.letters() == {"ann@example.com": 1, "ben@example.com": 1}


@pytest.mark.thorough
def test_who_was_put_off_is_tried_again_by_the_next_run(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", people_named("full", "ann"))
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
    assert outcomes(mailing_shop, answer["run_id"])["full@example.com"] == ("refused", "452 4.2.2")
    office.recipient_answers.clear()
    assert mailing_shop.ask("invite", "people.csv", *APPLY)["invitations"]["sent"] == 1
    assert office.letters() == {"ann@example.com": 1, "full@example.com": 1}


@pytest.mark.thorough
def test_a_mail_whose_answer_was_lost_is_unknown_and_never_sent_again(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", people_named("ann", "silent", "ben"))
    for counts in ({"sent": 2, "unknown": 1}, {"already": 2, "unknown": 1}):
        answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
        assert {name: count for name, count in answer["invitations"].items() if count} == counts
        assert outcomes(mailing_shop, answer["run_id"])["silent@example.com"][0] == "unknown"
    assert office.letters() == {"ann@example.com": 1, "silent@example.com": 1, "ben@example.com": 1}


@pytest.mark.thorough
def test_a_server_that_hangs_up_before_the_mail_leaves_it_due(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", people_named("ann", "leaving", "ben"))
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=5)
    assert answer["says"].startswith("The mail server 127.0.0.1:") and "did not answer" in answer["says"]
    office.recipient_answers.clear()
    assert mailing_shop.ask("invite", "people.csv", *APPLY)["invitations"]["sent"] == 2
    assert set(office.letters().values()) == {1} and len(office.letters()) == 3


@pytest.mark.thorough
def test_no_server_at_all_is_unavailable_and_nobody_counts_as_mailed(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    mailing_shop.ask("invite", "people.csv", *APPLY, code=5, smtp_port="1")
    assert mailing_shop.ask("invite", "people.csv")["invitations"]["due"] == 3


def test_a_server_that_takes_nobody_is_given_up_and_the_rest_stays_due(mailing_shop: Desk, office: PostOffice) -> None:
    names = [f"person{n}" for n in range(14)]
    office.recipient_answers |= dict.fromkeys(names, "550 5.7.1 relaying denied")
    mailing_shop.write("people.csv", people_named(*names))
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
    assert (answer["invitations"]["refused"], answer["invitations"]["due"]) == (10, 4)
    assert answer["next_steps"][0].startswith("The mail server took none of 10 mails in a row")


@pytest.mark.thorough
def test_some_people_are_invited_first_and_the_rest_by_the_next_run(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, "--max-recipients", "1", code=4)
    assert (answer["invitations"]["sent"], answer["invitations"]["due"]) == (1, 2)
    assert mailing_shop.ask("invite", "people.csv", *APPLY)["invitations"]["sent"] == 2
    assert office.letters() == dict.fromkeys(ADDRESSES, 1)


def test_who_asked_for_no_mails_gets_none(mailing_shop: Desk, office: PostOffice) -> None:
    assert mailing_shop.ask("suppress", "Jean@example.com")["added"] == 1
    mailing_shop.write("asked.txt", "bob@example.com;rang on Monday\nJEAN@example.com\n")
    assert mailing_shop.ask("suppress", "asked.txt") | {"key": ""} == {"added": 1, "suppressed": 2, "key": ""}
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY)
    assert (answer["invitations"]["sent"], answer["invitations"]["suppressed"]) == (1, 2)
    assert office.letters() == {"asa@example.com": 1}


def test_a_suppression_list_that_cannot_be_read_stops_every_mail(mailing_shop: Desk, office: PostOffice) -> None:
    mailing_shop.storage.put("inbox/invitations/suppressions.csv", b"E-mail\njean at example.com\n")
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=2)
    assert "1 lines or addresses cannot be read" in answer["says"] and office.arrived == []


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it cannot tell TLS from the start
@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_server_is_reached_with_tls_from_the_start_or_with_none(shop: Desk, tmp_path: Path, security: str) -> None:
    shop.write("people.csv", PEOPLE)
    with open_post_office(security, tmp_path) as office:
        answer = with_settings(shop, office.settings).ask("invite", "people.csv", *APPLY)
    assert (answer["outcome"], office.letters()) == ("applied", dict.fromkeys(ADDRESSES, 1))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"smtp_password": "guessed"}, "authentication failed (535). Correct COUNTERFOIL_SMTP_USER"),
        ({"smtp_security": "tls"}, "does not speak TLS so. Correct COUNTERFOIL_SMTP_SECURITY"),
        ({"smtp_ca_file": "other.pem"}, "shows a certificate that nobody vouches for"),
    ],
)
def test_a_server_that_lets_us_not_in_is_told_by_the_setting_to_correct(
    mailing_shop: Desk, office: PostOffice, wrong: dict[str, str], named: str
) -> None:
    other = mailing_shop.folder / "other"
    other.mkdir()
    make_certificate(other).rename(mailing_shop.folder / "other.pem")
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4, **wrong)
    assert named in answer["says"] and office.arrived == []
    assert mailing_shop.ask("invite", "people.csv")["invitations"]["due"] == 3


@pytest.mark.thorough
def test_a_sender_that_the_server_does_not_know_is_told_by_its_setting(mailing_shop: Desk, office: PostOffice) -> None:
    office.sender_answer = "553 5.7.1 not your domain"
    mailing_shop.write("people.csv", PEOPLE)
    answer = mailing_shop.ask("invite", "people.csv", *APPLY, code=4)
    assert "(553 5.7.1). Correct COUNTERFOIL_MAIL_SENDER" in answer["says"]
    office.sender_answer = "250 OK"
    assert mailing_shop.ask("invite", "people.csv", *APPLY)["invitations"]["sent"] == 3
