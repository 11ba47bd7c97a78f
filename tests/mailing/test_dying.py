"""A run that is killed while it mails: nobody gets two mails, and nobody is lost without a word."""

from dataclasses import replace

import pytest

from tests.desk import Desk
from tests.mailing.dying import AT, dying_command
from tests.mailing.files import ADDRESSES, PEOPLE, outcomes, people_named
from tests.mailing.post_office import PostOffice
from tests.without_prefect_engine import new_flow_run_id

KILLED = -9
INVITE = ("invite", "people.csv", "--mode", "apply", "--max-recipients", "2")
APPLY = ("--mode", "apply")


@pytest.mark.thorough
@pytest.mark.parametrize("again", ["the same run", "another run"])
@pytest.mark.parametrize(("when", "arrived"), [("before", ADDRESSES - {"jean@example.com"}), ("after", ADDRESSES)])
def test_a_mail_that_may_have_gone_is_unknown_and_everyone_else_gets_theirs(
    mailing_shop: Desk, office: PostOffice, when: str, arrived: set[str], again: str
) -> None:
    run = new_flow_run_id()
    fatal = {"FLOW_RUN_ID": run, AT: f"{when} jean@example.com"}
    dying = replace(mailing_shop, environment={**mailing_shop.environment, **fatal})
    mailing_shop.write("people.csv", PEOPLE)
    assert dying.type("invite", "people.csv", *APPLY, be=dying_command).code == KILLED
    assert office.letters()["asa@example.com"] == 1 and office.letters()["bob@example.com"] == 0

    run_again = {"FLOW_RUN_ID": run if again == "the same run" else new_flow_run_id()}
    retried = replace(mailing_shop, environment={**mailing_shop.environment, **run_again})
    answer = retried.ask("invite", "people.csv", *APPLY, code=4)
    assert office.letters() == dict.fromkeys(arrived, 1)
    found = {address: outcome for address, (outcome, _) in outcomes(mailing_shop, answer["run_id"]).items()}
    mailed_by_the_first = "sent" if again == "the same run" else "already"
    assert found == {"asa@example.com": mailed_by_the_first, "jean@example.com": "unknown", "bob@example.com": "sent"}


def test_an_attempt_goes_on_with_what_the_one_before_left_of_the_most_recipients(
    mailing_shop: Desk, office: PostOffice
) -> None:
    run = new_flow_run_id()
    mailing_shop.write("people.csv", people_named("ann", "ben", "cid", "dan"))
    dying = {**mailing_shop.environment, "FLOW_RUN_ID": run, AT: "before ben@example.com"}
    assert replace(mailing_shop, environment=dying).type(*INVITE, be=dying_command).code == KILLED
    retried = replace(mailing_shop, environment={**mailing_shop.environment, "FLOW_RUN_ID": run})
    retried.ask(*INVITE, code=4)
    assert office.letters() == {"ann@example.com": 1, "cid@example.com": 1}
