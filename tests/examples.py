"""How many examples a property is tried with where one takes a tenth of a second or more, and which of many moments."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import settings

_QUICK = 20
_most = settings().max_examples
costly = settings(max_examples=_most // 4 if _most <= _QUICK else _most)
"""A quarter of them in the quick profile, which tries the same ones each time, all in any other. A decorator too."""


Choice = Callable[[Sequence[int]], list[int]]


def spread(moments: Sequence[int]) -> list[int]:
    """Pick the first, a middle and the last, each once."""
    return list(dict.fromkeys((moments[0], moments[len(moments) // 2], moments[-1])))


MOMENTS = [spread, pytest.param(list, id="every", marks=pytest.mark.thorough)]
"""How a test of moments picks them: three in ``make test``, every one in ``make test-thorough``."""
