"""A report opened at the desk speaks the language of whoever opens it; the one that is kept stays as it is."""

from infra.artifacts.run_files import load_bytes
from infra.context import working_with
from schemas import file_names
from tests.pages.desks import OpenDesk

FILE = "Number;Balance\nQZX0001;12,50\nQZX0002;2.000,00\n<b>;1,00\n"


def test_two_people_read_one_report_in_two_languages(opened: OpenDesk):
    maria, louis = opened.sign_in("Maria", "submit"), opened.sign_in("Louis", "look")
    louis.client.headers["accept-language"] = "fr"
    run = opened.preview(maria, "cards.csv", FILE)
    report = f"/shops/here/runs/{run}/files/report.html"

    assert '<html lang="en">' in maria.open(report) and "2,012.50 EUR" in maria.text
    assert '<html lang="fr">' in louis.open(report) and "Que faire maintenant" in louis.text
    assert "2\u202f012,50 EUR" in louis.text

    with working_with(opened.systems):
        kept = opened.systems.ledger().list_latest_artifacts(run)[file_names.REPORT_HTML]
        assert load_bytes(kept) == maria.client.get(report).content
