"""Top-ups that look like one done before."""

import polars as pl

from schemas.gift_cards import GIFT_CARDS
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.gift_cards.repeated_top_ups import repeated_additions
from tests.core.planning.test_inverse_changes import NOTHING, file_rows, records

REGISTER = records({f"GC{n}": (n * 100, "ACTIVE") for n in range(1, 9)})


def top_up(amounts: dict[str, int], reference: str) -> pl.DataFrame:
    changes, _ = decide_changes(
        file_rows(amounts), REGISTER, GIFT_CARDS.resource, existing_cards="top_up", reference=reference, added=NOTHING
    )
    return changes


CHRISTMAS = top_up({f"GC{n}": 500 for n in range(1, 5)}, "a")


def test_the_same_additions_under_another_name_are_a_concern():
    (concern,) = repeated_additions(top_up({f"GC{n}": 500 for n in range(1, 5)}, "b"), [CHRISTMAS])
    assert concern.code == "TOP_UP_SEEN_BEFORE"
    assert concern.says.startswith("4 of these 4 top-ups")


def test_other_amounts_are_none():
    assert repeated_additions(top_up({f"GC{n}": 600 for n in range(1, 5)}, "b"), [CHRISTMAS]) == ()


def test_a_few_in_common_are_none():
    assert repeated_additions(top_up({"GC1": 500, "GC6": 500, "GC7": 500}, "b"), [CHRISTMAS]) == ()


def test_a_single_card_is_enough_to_ask():
    (concern,) = repeated_additions(top_up({"GC1": 500}, "b"), [CHRISTMAS])
    assert concern.override == "reference=A NAME OF ITS OWN"


def test_a_plan_that_adds_nothing_is_never_a_repetition():
    changes, _ = decide_changes(
        file_rows({"GC1": 1}), REGISTER, GIFT_CARDS.resource, existing_cards="set", reference="", added=NOTHING
    )
    assert repeated_additions(changes, [CHRISTMAS]) == ()
