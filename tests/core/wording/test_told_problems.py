"""What is wrong with a file or a decision is said in the language of whoever hands it in or decides."""

import ast
import re
from collections.abc import Iterator

import pytest

from infra.catalogues import speech_in
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.sentences import SENTENCES
from tasks.core.reading.encodings import undecodable
from tasks.core.reading.signatures import FOREIGN, MARKUP
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import read_table
from tasks.core.wording.localization import localize
from tests.conventions.texts import ROOT
from tests.told import untold

SIZES = Sizes(max_file_bytes=10_000, max_cell_chars=100, max_columns=10)
PLACE = re.compile(r"%\(\w+\)s")
KNOWN = "\n".join(
    part
    for each in SENTENCES
    for form in ((each,) if isinstance(each, str) else each)
    for part in PLACE.split(form.replace("%%", "%"))
)
SAID = {
    "tasks/chain/approval_proofs.py": 3,
    "tasks/chain/approve.py": 1,
    "tasks/chain/extract.py": 2,
    "tasks/chain/inbox_files.py": 1,
    "tasks/chain/lease.py": 1,
    "tasks/core/planning/chosen_lines.py": 1,
    "tasks/core/reading/headings.py": 2,
    "tasks/core/reading/quotes.py": 1,
    "tasks/core/reading/records.py": 1,
    "tasks/core/reading/sheets.py": 1,
    "tasks/core/reading/signatures.py": 1,
    "tasks/core/reading/sizes.py": 4,
    "infra/ledger/approvals.py": 4,
}
"""By file, of how many problems every word is said."""


def refusal(content: bytes) -> str:
    with pytest.raises(FileNeedsFixing) as refused:
        read_table(content, name="cards.csv", dialect=LIGHTSPEED_X, code_page="cp1252", sizes=SIZES)
    return refused.value.says


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Number,Balance\n",
        b"a,b\n1,2\n",
        b"Number\n1\n",
        b"Numbr,Balanc\n1,2\n",
        b"Numbr,Other\n1,2\n",
        b"Number,Balance,Balance\n1,2,3\n",
        b'Number,Balance\n1,"2\n3,4\n5,6\n',
        b"Number,Balance\n1," + b"2" * 200 + b"\n",
        b"Number,Balance" + b",x" * 20 + b"\n",
        b"x" * 20_000,
        b"Number,Balance\n1,\x81\n",
        b"\xef\xbb\xbfNumber,Balance\n1,\xff\n",
        b"Number,Balance\n1,\0\n",
        b"N\0u\0m\0b\0e\0r\0,\0",
        b"PK\x03\x04 damaged",
        *(begins for begins, _ in (*FOREIGN, *MARKUP)),
    ],
)
def test_no_word_of_why_a_file_cannot_be_read_stays_english(content: bytes):
    assert untold(refusal(content)) == []


@pytest.mark.parametrize("marked", [True, False])
def test_bytes_that_fit_no_encoding_are_said(marked):
    assert untold(undecodable("cards.csv", "UTF-8", marked)) == []


def test_each_heading_that_lacks_is_said_and_the_code_stays():
    english = (
        "cards.csv, line 1: 'Numbr' is not a heading we know; did you mean 'Number'?; the heading 'Balance' is "
        "missing; the heading 'Currency' is missing. Correct it and run again. Replace the file under the same name "
        "and press Retry. (FILE_HEADER_RENAMED)"
    )

    assert localize(english, speech_in("sv")) == (
        "cards.csv, rad 1: 'Numbr' är ingen rubrik som vi känner till; menade du 'Number'?; rubriken 'Balance' saknas; "
        "rubriken 'Currency' saknas. Rätta det och kör igen. Ersätt filen under samma namn och tryck på Retry. "
        "(FILE_HEADER_RENAMED)"
    )


def test_what_moved_since_a_plan_was_shown_is_said_record_by_record():
    english = (
        "Since plan 7c1e90ab was shown: ****1234 (Balance), line 7 and 1,200 more moved in the target meanwhile; "
        "3 records would not be written any more; it was made with other settings (existing_cards)."
    )

    assert localize(english, speech_in("nl")) == (
        "Sinds plan 7c1e90ab getoond werd: intussen in het doel gewijzigd: ****1234 (Balance), regel 7 en nog 1.200; "
        "wordt niet meer geschreven: 3 records; het is met andere instellingen gemaakt (existing_cards)."
    )


def test_the_name_of_whoever_approved_stays():
    told = localize("Plan 7c1e90ab was approved already, by Held. Nothing was changed.", speech_in("fr"))

    assert told == "Le plan 7c1e90ab a déjà été approuvé, par Held. Rien n'a été modifié."


def pieces_of(file: str) -> Iterator[list[str]]:
    """List the literal pieces of each problem that a file raises, those made elsewhere left out."""
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("FileNeedsFixing", "Refused", "Unavailable"):
            pieces = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
            texts = [each for each in pieces if isinstance(each, str) and " " in each]
            if texts:
                yield texts


@pytest.mark.parametrize(("file", "problems"), SAID.items())
def test_no_problem_of_files_and_decisions_is_missing(file: str, problems: int):
    found = list(pieces_of(file))

    assert len(found) >= problems
    assert [text for texts in found for text in texts if text.strip(" .,:;()%'") not in KNOWN] == []
