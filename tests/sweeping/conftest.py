"""A pet shop at closing time: its till, its failures, and an Astro that answers."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.desk import Desk, open_desk
from tests.fakes.astro import Astro, open_astro
from tests.fakes.astro_books import Program
from tests.mailing.conftest import with_settings
from tests.sweeping.shop import SHOP, UPC, Shop


@pytest.fixture
def astro() -> Iterator[Astro]:
    """An Astro with one programme."""
    with open_astro() as astro:
        astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food 2 kg"}))
        yield astro


@pytest.fixture
def shop(stack: Mapping[str, str], seeds: Path, tmp_path: Path, astro: Astro) -> Shop:
    """A shop of this test's own; its inbox begins empty."""
    desk: Desk = with_settings(open_desk(stack, seeds, tmp_path), SHOP | astro.settings)
    for folder in ("loyalty", "loyalty-decisions", "loyalty-sales"):
        for info in list(desk.storage.list(f"inbox/{folder}/")):
            desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    return Shop(desk=desk, astro=astro)
