"""Files that are no files of gift cards: each is rejected in one plain line, and nothing is changed."""

import io
import zipfile

import pytest

from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from tasks.chain.extract import inbox_path
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import read_table
from tests.hostile.expectations import expect_turned_away

MANY = 10_000
SIZES = Sizes(max_file_bytes=2**28, max_cell_chars=32_767, max_columns=200)


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


FILES = {
    "empty.csv": b"",
    "header only.csv": b"Number,Balance\n",
    "junk.csv": bytes(range(256)) * 40,
    "zip renamed.csv": zipped("cards.csv", b"Number,Balance\nGC1,10.00\n"),
    "zip bomb.xlsx": zipped("xl/worksheets/sheet1.xml", bytes(600 * 2**20)),
    "not a workbook.xlsx": b"Number,Balance\nGC1,10.00\n"[::-1],
    "ten thousand columns.csv": ("Number,Balance," + ",".join(f"c{n}" for n in range(MANY)) + "\nGC1,1\n").encode(),
    "other headings.csv": b"Name,Colour\nAda,red\n",
    "open quote.csv": b'Number,Balance\n"GC1,10.00\nGC2,20.00\n',
    "no ending": b"\x00\x01\x02",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_turned_away_in_words(name):
    expect_one_line(name, FILES[name])


@pytest.mark.parametrize("name", ["empty.csv", "zip bomb.xlsx"])
def test_so_it_is_on_the_command_line_and_the_till_stays_as_it_was(shared_desk, name):
    shared_desk.write(name, FILES[name])
    ended = shared_desk.type("run", "gift-cards", name, "--mode", "apply")
    expect_turned_away(shared_desk, ended, code=2, says=f"gift-cards/{name}")


def test_a_line_of_20_mb_is_turned_away_in_words():
    expect_one_line("one line.csv", line_of(20))


@pytest.mark.slow
def test_a_line_of_200_mb_is_turned_away_on_the_command_line(shared_desk):
    shared_desk.write("one line.csv", line_of(200))
    ended = shared_desk.type("run", "gift-cards", "one line.csv", "--mode", "apply")
    expect_turned_away(shared_desk, ended, code=2, says="one line.csv")


def line_of(megabytes: int) -> bytes:
    return b"Number,Balance\n" + b"GC1" * (megabytes * 2**20 // 3)


def expect_one_line(name: str, content: bytes) -> None:
    """The reader turns the file away in one plain line that names it."""
    with pytest.raises(FileNeedsFixing) as raised:
        read_table(content, name=name, dialect=LIGHTSPEED_X, code_page="windows-1252", sizes=SIZES)
    assert name in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_file_larger_than_allowed_is_not_even_stored(shared_desk):
    shared_desk.write("too large.csv", "Number,Balance\nGC1,10.00\n")
    ended = shared_desk.type("run", "gift-cards", "too large.csv", max_file_bytes="20")
    expect_turned_away(shared_desk, ended, code=2, says="too large.csv: larger than the 20 bytes allowed.")
    assert shared_desk.storage.head("inbox/gift-cards/too large.csv") is None


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd/x", "inbox/../runs/x.csv", "gift-cards//x.csv", "gift-cards/./x.csv", "a\nb.csv", ""]
)
def test_a_name_that_leads_out_of_the_inbox_is_turned_away(name):
    with pytest.raises(FileNeedsFixing, match="cannot be the name of a file in the inbox"):
        inbox_path(name)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd/x", "inbox/../runs/x.csv", ""])
def test_so_it_is_where_it_is_typed(shared_desk, name):
    ended = shared_desk.type("run", "gift-cards", name)
    expect_turned_away(shared_desk, ended, code=2, says="cannot be the name of a file in the inbox")


def test_a_name_that_is_not_in_the_inbox_is_said_to_be_missing(shared_desk):
    ended = shared_desk.type("run", "gift-cards", "gift-cards/nobody dropped it.csv")
    expect_turned_away(
        shared_desk, ended, code=2, says="inbox/gift-cards/nobody dropped it.csv: there is no such file."
    )


@pytest.mark.parametrize(
    "command",
    [
        ("show", "0123456789ab"),
        ("get", "0123456789ab", "report"),
        ("verify-run", "0123456789ab"),
        ("restore", "0123456789ab"),
        ("confirm", "0123456789ab"),
        ("show", "%"),
        ("show", "' OR 1=1 --"),
    ],
)
def test_a_run_that_does_not_exist_is_said_not_to(shared_desk, command):
    ended = shared_desk.type(*command)
    expect_turned_away(shared_desk, ended, code=2, says=f"There is no run {command[1]}.")
