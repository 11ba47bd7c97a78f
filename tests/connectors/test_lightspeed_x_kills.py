"""However often an import into Lightspeed is killed, and wherever: every change is made once, and known to be ours."""

import random
from typing import Any

import pytest

from tests.connectors.lightspeed_crash import Moments, done_by, import_cards, import_until_done, wanted
from tests.connectors.lightspeed_shop import Shop
from tests.fakes.lightspeed_x import Trouble

FILE = {"NEW1": 500, "OLD1": 1500, "OLD2": 250}
THEN = {
    "set": ["NEW1 5.00 ACTIVE", "OLD1 15.00 ACTIVE", "OLD2 2.50 ACTIVE", "OTHER 7.00 ACTIVE"],
    "top_up": ["NEW1 5.00 ACTIVE", "OLD1 25.00 ACTIVE", "OLD2 12.50 ACTIVE", "OTHER 7.00 ACTIVE"],
}
MOMENTS = 21
"""Of an import of three cards: before and after each intent, request and outcome, and two to spare."""
REPRESENTATIVE = (0, 3, 10, 17)
"""The first, one after a request whose outcome is not entered yet, a middle one, and the last."""


def stock(shop: Shop) -> None:
    for number, amount in (("OLD1", "10.00"), ("OLD2", "10.00"), ("OTHER", "7.00")):
        shop.fake.cards.add(number, amount)


def expect_once(shop: Shop, policy: str, attempts: list[str]) -> None:
    """See that every card is as wanted, by one transaction each, which the journal says is ours."""
    assert shop.fake.cards.shown() == THEN[policy]
    assert [len(shop.fake.cards.kinds(number)) for number in FILE] == [1, 2, 2]
    ours = done_by(shop, len(attempts))
    assert (ours.count("done"), ours.count("unknown")) == (3, 0)


def test_an_import_of_three_cards_has_that_many_moments(shop: Shop) -> None:
    stock(shop)
    moments = Moments(-1)

    import_cards(moments.watch(shop.connect()), wanted(FILE), "set", 0)

    assert len(moments.passed) in range(MOMENTS - 3, MOMENTS)
    assert moments.passed[:4] == ["before begin", "after begin", "before create_gift_card", "after create_gift_card"]


@pytest.mark.parametrize("policy", ["set", "top_up"])
@pytest.mark.parametrize(
    "fatal",
    [*REPRESENTATIVE, *(pytest.param(n, marks=pytest.mark.slow) for n in range(MOMENTS) if n not in REPRESENTATIVE)],
)
def test_killed_at_any_moment_every_change_is_made_once(shop: Shop, policy: Any, fatal: int) -> None:
    stock(shop)

    attempts = list(import_until_done(shop, wanted(FILE), policy, [fatal]))

    expect_once(shop, policy, attempts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_killed_again_and_again_while_answers_are_lost_every_change_is_made_once(shop: Shop, seed: int) -> None:
    dice = random.Random(seed)
    stock(shop)
    policy: Any = dice.choice(["set", "top_up"])
    kinds: list[Any] = ["error", "error after", "drop", "drop after", "truncated", "reset", "busy"]
    shop.fake.trouble = [
        Trouble(dice.choice(kinds), method=dice.choice(["POST", "GET"])) for _ in range(dice.randrange(3))
    ]

    attempts = list(
        import_until_done(shop, wanted(FILE), policy, [dice.randrange(MOMENTS) for _ in range(dice.randrange(4))])
    )

    expect_once(shop, policy, attempts)
