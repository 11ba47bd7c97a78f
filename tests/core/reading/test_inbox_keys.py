"""A file that somebody hands in stands for the one of its name that failed, wherever that lay."""

import pytest

from tasks.core.reading.inbox_keys import stands_for

UPLOADED = "inbox/by-hand/gift-cards/20261129-0001/cards.csv"
UPLOADED_LATER = "inbox/by-hand/gift-cards/20261130-0002/cards.csv"


@pytest.mark.parametrize(
    ("later", "earlier", "stands"),
    [
        (UPLOADED_LATER, UPLOADED, True),
        (UPLOADED, "inbox/gift-cards/cards.csv", True),
        (UPLOADED, "inbox/gift-cards/others.csv", False),
        ("inbox/gift-cards/cards.csv", "inbox/gift-cards/cards.csv", True),
        ("inbox/gift-cards/2026/cards.csv", "inbox/gift-cards/cards.csv", False),
        ("inbox/gift-cards/cards.csv", UPLOADED, False),
    ],
)
def test_only_what_was_handed_in_is_known_by_its_name_alone(later: str, earlier: str, stands: bool):
    assert stands_for(later, earlier) == stands
