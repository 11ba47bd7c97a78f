"""A value goes into a target only if the cell says it: a damaged file says the same, or a person is told.

Every row of ``outcomes.txt`` is one damage of one file and what comes of it: *same* (the records are as from the
valid file), *left* (nothing is written where nothing stands, and that is counted), *reject*, *concern*, or *refused*
(the file goes back as a whole). A record with another value is never an outcome.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Literal

import pytest

from tests.metamorphic.answers import ANSWER_BYTES, ANSWER_DAMAGES, valid_answers, written
from tests.metamorphic.damages import DAMAGES, HONEST
from tests.metamorphic.sheets import Sheet, write
from tests.metamorphic.valid_files import DIALECTS, Outcome, Record, read, valid_sheet

Verdict = Literal["same", "left", "reject", "concern", "refused", "OTHER", "LOST", "FAULT"]
DRAWN = Path(__file__).with_name("outcomes.txt")
ANSWERS = "answers, json"
FILES = (*(f"{dialect}, {kind}" for dialect, kind in product(DIALECTS, ("csv", "xlsx"))), ANSWERS)
PAIRS, FEWER = 1_200, 100
WRONG = ("OTHER", "LOST", "FAULT")


@cache
def undamaged(file: str) -> Outcome:
    return read(dialect_of(file), content_of(file))


def verdict(said: Outcome, came: Outcome) -> Verdict:
    """Say what became of what a file *said* once it was damaged."""
    if came.fault:
        return "FAULT"
    if came.refused:
        return "refused"
    if set(came.concerns) - set(said.concerns):
        return "concern"
    if any(differs(said.records.get(key), record) for key, record in came.records.items()):
        return "OTHER"
    if came.rejected:
        return "reject"
    if set(said.records) - set(came.records):
        return "LOST"
    if any([*map(folded, said.records[key])] != [*map(folded, record)] for key, record in came.records.items()):
        return "left" if came.repairs > said.repairs or came.notes - said.notes else "OTHER"
    return "same"


def differs(said: Record | None, came: Record) -> bool:
    """Say whether a record holds anything that the valid file did not say; what it leaves alone, it does not say."""
    if said is None or len(said) != len(came):
        return True
    pairs = zip(said, came, strict=True)
    return any(folded(new) != folded(old) and new not in (None, "") for old, new in pairs)


def folded(value: object) -> object:
    """Take a line feed or a comma between the lines of an address for a blank."""
    return " ".join(value.replace(",", " ").split()) if isinstance(value, str) else value


def dialect_of(file: str) -> str:
    return file.partition(",")[0]


def content_of(file: str, *damages: str) -> bytes | None:
    """Write the valid *file*, such as ``stock, csv``, with these damages in turn; None where one cannot befall it."""
    if file == ANSWERS:
        return None if any("answers" in HONEST.get(name, ()) for name in damages) else _answers(*damages)
    dialect, kind = file.split(", ")
    sheet: Sheet | None = valid_sheet(dialect, "xlsx" if kind == "xlsx" else "csv")
    for name in damages:
        possible = name in DAMAGES and dialect not in HONEST.get(name, ())
        sheet = DAMAGES[name](sheet) if sheet and possible else None
    return write(sheet) if sheet else None


def _answers(*damages: str) -> bytes | None:
    if not {*damages} <= ANSWER_DAMAGES.keys() | ANSWER_BYTES.keys():
        return None
    orders = valid_answers()
    for name in damages:
        ANSWER_DAMAGES.get(name, lambda orders: None)(orders)
    content = written(orders)
    for name in damages:
        content = ANSWER_BYTES.get(name, bytes)(content)
    return content


def drawn() -> list[tuple[str, str, str]]:
    lines = [line for line in DRAWN.read_text().splitlines() if line.strip()]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines]  # type: ignore[misc]


def every() -> Iterator[tuple[str, str]]:
    """Return each damage with each file that it can befall."""
    names = dict.fromkeys([*DAMAGES, *ANSWER_DAMAGES, *ANSWER_BYTES])
    return ((name, file) for name, file in product(names, FILES) if content_of(file, name) is not None)


def outcome_of(file: str, *damages: str) -> Verdict:
    content = content_of(file, *damages)
    assert content is not None, f"{damages} cannot befall {file}"
    return verdict(undamaged(file), read(dialect_of(file), content))


@pytest.mark.parametrize("file", FILES)
def test_a_valid_file_is_read_whole(file: str) -> None:
    came = undamaged(file)
    assert came.records
    assert (came.rejected, came.concerns, came.refused) == (0, (), "")


def once_each() -> set[tuple[str, str, str]]:
    """Take each damage with one file, the next one for each, and each outcome that a file can have with that file."""
    rows = drawn()
    by_damage = {damage: [row for row in rows if row[0] == damage] for damage, *_ in rows}
    by_end = {(file, outcome): (damage, file, outcome) for damage, file, outcome in rows}
    return {each[nth % len(each)] for nth, each in enumerate(by_damage.values())} | {*by_end.values()}


ONCE_EACH = once_each()


@pytest.mark.parametrize(
    ("damage", "file", "outcome"),
    [pytest.param(*row, marks=[] if row in ONCE_EACH else pytest.mark.slow) for row in drawn()],
)
def test_a_damaged_file_says_the_same_or_a_person_is_told(damage: str, file: str, outcome: str) -> None:
    assert outcome in ("same", "left", "reject", "concern", "refused")
    assert outcome_of(file, damage) == outcome


@pytest.mark.thorough
def test_every_damage_of_every_file_is_drawn() -> None:
    assert sorted((damage, file) for damage, file, _ in drawn()) == sorted(every())
    assert len(drawn()) >= 300


def pairs() -> list[tuple[str, str, str]]:
    """Draw pairs of damages, each with a file that both can befall one after the other."""
    names = [*DAMAGES, *ANSWER_DAMAGES, *ANSWER_BYTES]
    return random.Random(11).sample([*product(FILES, names, names)], PAIRS)


@pytest.mark.parametrize("file", FILES)
def test_no_pair_of_damages_makes_another_value(file: str) -> None:
    assert wrong_of(file, pairs()[:FEWER]) == []


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_nor_does_any_of_many_more_pairs(file: str) -> None:
    assert wrong_of(file, pairs()[FEWER:]) == []


def wrong_of(file: str, drawn: list[tuple[str, str, str]]) -> list[str]:
    """Say which of these pairs make another value of the file."""
    mine = [pair for which, *pair in drawn if which == file]
    return [f"{one} + {two}: {came}" for one, two in mine if (came := _outcome_of_pair(file, one, two)) in WRONG]


def _outcome_of_pair(file: str, first: str, second: str) -> Verdict:
    try:
        content = content_of(file, first, second)
    except (LookupError, TypeError, ValueError):  # the second finds no place in what the first left
        return "same"
    return verdict(undamaged(file), read(dialect_of(file), content)) if content else "same"


def draw() -> str:
    """Draw the table anew, for a person to read what has changed."""
    rows = [(damage, file, outcome_of(file, damage)) for damage, file in every()]
    return "\n".join(f"{damage:<55} | {file:<18} | {outcome}" for damage, file, outcome in rows) + "\n"


if __name__ == "__main__":
    DRAWN.write_text(draw())
