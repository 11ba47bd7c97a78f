"""Half a character becomes the sign for a lost one; whole ones, and what only looks like half of one, stay."""

import json

from hypothesis import given
from hypothesis import strategies as st

from schemas.characters import LOST
from tasks.core.reading.half_characters import whole_characters


def test_halves_are_lost_and_pairs_stay():
    escaped = rb'"\ud83d\ude00 \ud83d x \ude00 \\ud83d \/"'
    assert whole_characters(escaped) == rb'"\ud83d\ude00 \ufffd x \ufffd \\ud83d \/"'
    assert whole_characters("a\ud83d".encode("utf-8", "surrogatepass")) == f"a{LOST}".encode()


@given(st.text())
def test_text_without_halves_stays_as_it_is(text):
    for content in (json.dumps(text).encode(), json.dumps(text, ensure_ascii=False).encode()):
        assert json.loads(whole_characters(content)) == text


@given(st.text(st.characters(categories=["Cs", "Lu", "Po"])))
def test_whatever_stood_there_can_be_written(text):
    assert isinstance(json.loads(whole_characters(json.dumps(text).encode())).encode(), bytes)
