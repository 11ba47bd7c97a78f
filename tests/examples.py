"""How many examples a property is tried with where one takes a tenth of a second or more."""

from hypothesis import settings

_QUICK = 20
_most = settings().max_examples
costly = settings(max_examples=_most // 2 if _most <= _QUICK else _most)
"""Half as many in the quick profile, which tries the same ones each time, and all in any other. A decorator too."""
