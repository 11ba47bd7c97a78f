"""What a run writes for people is in the language of the shop; what it writes for programs never is."""

import json

from tests.command_line.files import LARGE, MIXED
from tests.desk import Desk


def test_the_report_speaks_the_language_of_the_shop_and_the_document_stays_english(desk: Desk):
    desk.write("mixed.csv", MIXED)
    answer = desk.run("mixed.csv", code=0, language="sv")

    page = desk.read(desk.fetch(answer["run_id"], "report.html"))
    document = json.loads(desk.read(desk.fetch(answer["run_id"], "report.json")))

    assert '<html lang="sv">' in page and "Vad du gör nu" in page and "What to do next" not in page
    assert answer["says"] == document["says"] and "rejected" in document["says"]


def test_a_concern_is_said_in_the_language_with_its_numbers(desk: Desk):
    desk.write("large.csv", LARGE)
    answer = desk.run("large.csv", "--mode", "apply", code=3, language="nl")

    page = desk.read(desk.fetch(answer["run_id"], "report.html"))

    assert answer["concerns"] and "would be" not in page and "zou" in page
    assert [concern["says"] for concern in answer["concerns"] if "would" not in concern["says"]] == []
