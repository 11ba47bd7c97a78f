"""People who could not be invited are among what is left to do, until they are invited or somebody leaves them out."""

from infra.clock import now
from infra.ledger.open_things import LOOKS_BACK, OpenThings
from tests.databases import open_database
from tests.desk import Desk
from tests.mailing.test_whom import APPLY, PEOPLE


def left(shop: Desk) -> list[tuple[str, int]]:
    things = OpenThings(open_database(shop.environment["COUNTERFOIL_LEDGER_URL"]))
    open_now = things.list_all(now=now(), since=now() - LOOKS_BACK)
    return [(each.entry.run.run_id, each.count) for each in open_now if each.left == "rejects"]


def test_somebody_without_an_address_is_left_to_do_until_they_are_invited(shop: Desk):
    shop.write("people.csv", PEOPLE + "No,At,nobody.example.com,en\nNo,Thing,,en\n")
    invited = shop.ask("invite", "people.csv", *APPLY, code=4)
    assert left(shop) == [(invited["run_id"], 2)]
    rejects = shop.read(shop.fetch(invited["run_id"], "rejects"))

    shop.write("corrected.csv", rejects.replace("nobody.example.com,en", "nobody@example.com,en"))
    shop.ask("invite", "corrected.csv")
    assert left(shop) == [(invited["run_id"], 2)]
    again = shop.ask("invite", "corrected.csv", *APPLY, "--channel", "mailing_list", code=4)

    assert left(shop) == [(invited["run_id"], 1), (again["run_id"], 1)]
    assert shop.ask("show", invited["run_id"])["still_open"] == 1


def test_mails_that_only_become_files_leave_it_to_do(shop: Desk):
    shop.write("people.csv", PEOPLE + "No,At,nobody.example.com,en\n")
    invited = shop.ask("invite", "people.csv", *APPLY, code=4)
    rejects = shop.read(shop.fetch(invited["run_id"], "rejects"))
    shop.write("corrected.csv", rejects.replace("nobody.example.com,en", "nobody@example.com,en"))

    shop.ask("invite", "corrected.csv", *APPLY)  # without a mail server nobody is told anything

    assert left(shop) == [(invited["run_id"], 1)]
