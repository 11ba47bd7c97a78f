"""A pet shop at closing time: its till, its failures, and an Astro that answers."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.astro import Astro, open_astro
from tests.fakes.astro_books import Program
from tests.sweeping.shop import UPC, Shop, open_shop


@pytest.fixture
def astro() -> Iterator[Astro]:
    """An Astro with one programme."""
    with open_astro() as astro:
        astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food 2 kg"}))
        yield astro


@pytest.fixture
def shop(stack: Mapping[str, str], seeds: Path, tmp_path: Path, astro: Astro) -> Shop:
    """A shop of this test's own; its inbox begins empty."""
    return open_shop(stack, seeds, tmp_path, astro, {})
