"""A report in another language: every word of ours goes through the catalogue, and nothing of the data does."""

import html
import re
from gettext import NullTranslations

import pytest

from infra.catalogues import speech_in
from tasks.core.reporting.page import render_html, render_xlsx, report_document
from tasks.core.wording.speech import Speech
from tests.conventions.texts import said
from tests.core.reporting.test_rendering import cells, packed_rows, workbook
from tests.core.reporting.test_report_tables import REPORT_TABLES, TOLD
from tests.reports import MESSY, MESSY_CHANGES, MESSY_REJECTS

ASKED: set[str] = set()


class Marking(NullTranslations):
    """A catalogue of a language in which every text stands between marks."""

    def gettext(self, message: str) -> str:
        ASKED.add(message)
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        ASKED.update((msgid1, msgid2))
        return f"«{msgid1 if n == 1 else msgid2}»"


MARKED = Speech(language="sv", catalogue=Marking())


@pytest.fixture(scope="module")
def marked_page() -> str:
    return render_html(TOLD, MESSY_CHANGES, MESSY_REJECTS, REPORT_TABLES, speech=MARKED).decode()


def visible(page: str) -> str:
    return html.unescape(re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", "\n", page, flags=re.S))


def test_no_word_of_the_page_stands_outside_of_the_catalogue(marked_page: str):
    ours = re.sub(r"«[^«»]*(«[^«»]*»[^«»]*)*»", "", visible(marked_page))
    headed = [line.strip() for line in re.findall(r"<(?:h2|th|dt|button|summary|label)[^>]*>([^<]*)", marked_page)]

    assert [text for text in headed if re.search(r"[A-Za-z]{3}", text) and "«" not in text] == []
    assert not re.search(r"\b(There is|What to|These rows|This run|Control totals|The first)\b", ours)


def test_every_word_of_the_workbook_goes_through_the_catalogue():
    book = workbook(render_xlsx(TOLD, MESSY_CHANGES, MESSY_REJECTS, REPORT_TABLES, speech=MARKED))

    heads = [cell for sheet in book.worksheets[1:] for cell in cells(sheet)[0]]
    assert [name for name in book.sheetnames if not name.startswith("«")] == []
    assert [head for head in heads if head and not str(head).startswith("«")] == []


def test_every_text_that_a_report_asks_for_is_in_the_catalogues(marked_page: str):
    render_xlsx(TOLD, MESSY_CHANGES, MESSY_REJECTS, REPORT_TABLES, speech=MARKED)
    known = {each for text in said() for each in ((text,) if isinstance(text, str) else text)}
    own = {TOLD.title, TOLD.says, *TOLD.next_steps, *TOLD.reading, *TOLD.discrepancies}
    own |= {concern.says for concern in TOLD.concerns}
    own |= {text for shown, _ in REPORT_TABLES for text in (shown.title, shown.says, *shown.headings.values())}
    columns = {heading for shown, rows in REPORT_TABLES for heading in map(headed, (shown.name, *rows.columns))}

    assert marked_page
    assert ASKED - known - own - columns == set()


def headed(name: str) -> str:
    return re.sub("_(cents|milli|share)$", "", name.replace("-", "_")).replace("_", " ").capitalize()


def test_amounts_and_counts_have_the_marks_of_the_language_and_cells_that_are_no_numbers_stay():
    rows = packed_rows(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS, speech=speech_in("fr")))

    amounts = [text for text in rows["changes"]["balance_cents_after"] if text]
    assert any("\u202f" in text or "," in text for text in amounts) and not any("." in text for text in amounts)
    assert rows["changes"]["key"] == packed_rows(render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS))["changes"]["key"]
    assert rows["words"]["decimal"] == ","


def test_the_document_for_programs_is_the_same_in_every_language():
    assert report_document(MESSY)["says"] == MESSY.says


@pytest.mark.parametrize(
    ("language", "says"), [("sv", "Kontrollsummor"), ("fr", "Totaux de contrôle"), ("nl", "Controletotalen")]
)
def test_a_page_names_its_language_and_speaks_it(language, says):
    page = render_html(MESSY, MESSY_CHANGES, MESSY_REJECTS, speech=speech_in(language)).decode()

    assert f'<html lang="{language}">' in page and says in page and "Control totals" not in page
