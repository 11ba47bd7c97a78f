"""Registers drawn at random: those from which a spreadsheet took zeros are asked about, whole ones hardly ever.

The samples are the same in every run: what chance leaves open would else fail a run now and then (decision 0032).
"""

from collections.abc import Callable
from random import Random

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.core.checking.lost_zeros import lost_zeros

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(50, 600)
LENGTHS = st.integers(6, 18)


def is_asked_about(codes: list[str]) -> bool:
    return bool(lost_zeros(pl.Series(codes, dtype=pl.String), "numbers"))


def register(random: Random, size: int, length: int, first: str = "0123456789") -> list[str]:
    """Draw codes of one length; *first* are the digits that one may begin with."""
    return [random.choice(first) + "".join(random.choices("0123456789", k=length - 1)) for _ in range(size)]


def as_numbers(codes: list[str]) -> list[str]:
    """Do what a spreadsheet does with codes that it takes for numbers."""
    return [code.lstrip("0") or "0" for code in codes]


@given(seed=SEEDS, size=SIZES, length=LENGTHS)
def test_a_register_that_lost_its_zeros_is_asked_about(seed: int, size: int, length: int) -> None:
    whole = register(Random(seed), size, length)
    assume(as_numbers(whole) != whole)
    assert is_asked_about(as_numbers(whole))


@given(seed=SEEDS, size=SIZES, length=LENGTHS, typed=st.floats(0.01, 0.5))
def test_a_register_of_which_only_a_part_kept_its_zeros_is_asked_about(
    seed: int, size: int, length: int, typed: float
) -> None:
    random = Random(seed)
    whole = register(random, size, length)
    by_hand = {at for at in range(size) if random.random() < typed}
    mixed = [code if at in by_hand else code.lstrip("0") for at, code in enumerate(whole)]
    assume(any(whole[at][0] == "0" for at in by_hand))
    assume(mixed != whole)
    assert is_asked_about(mixed)


@given(seed=SEEDS, size=st.integers(1, 600), length=LENGTHS)
def test_a_register_with_all_its_zeros_is_never_asked_about(seed: int, size: int, length: int) -> None:
    assert not is_asked_about(register(Random(seed), size, length))


def _with_zeros(random: Random, share: float) -> list[str]:
    """Draw a register of two lengths, both of which may begin with a zero."""
    size, length = random.randint(50, 600), random.randint(7, 16)
    return [code[1:] if random.random() < share else code for code in register(random, size, length)]


def _without_zeros(random: Random, share: float) -> list[str]:
    """Draw a register of two lengths of which no code begins with a zero, as where they are counted."""
    size, length = random.randint(50, 600), random.randint(7, 16)
    return [register(random, 1, length - (random.random() < share), first="123456789")[0] for _ in range(size)]


@pytest.mark.parametrize(
    ("draw", "share", "most"),
    [
        (_with_zeros, 0.5, 5),
        (_with_zeros, 0.8, 5),
        (_without_zeros, 0.3, 3),
        (_without_zeros, 0.5, 0),
        (_without_zeros, 0.8, 0),
    ],
)
def test_a_whole_register_of_two_lengths_is_hardly_ever_asked_about(
    draw: Callable[[Random, float], list[str]], share: float, most: int
) -> None:
    asked = sum(is_asked_about(draw(Random(seed), share)) for seed in range(100))
    assert asked <= most
