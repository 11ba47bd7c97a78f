"""UTF-8 text -> records, with lines and widths."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import FileNeedsFixing
from tasks.core.reading import positions, records
from tasks.core.reading.records import Records, cells_of, count_cells, split_records


def split(text: str, separator: str = ",") -> Records:
    return split_records(text.encode(), separator, name="cards.csv")


def drawn(text: str, separator: str = ",") -> list[tuple[int, str, int]]:
    """Line, text and number of cells of each record."""
    found = split(text, separator)
    texts = [found.text[start:end].decode() for start, end in zip(found.starts, found.ends, strict=True)]
    return list(zip(found.lines.tolist(), texts, count_cells(found, separator).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a,b", [(1, "a,b", 2)]),
        ("a,b\nc,d\n", [(1, "a,b", 2), (2, "c,d", 2)]),
        ("a\r\nb\rc\nd", [(1, "a", 1), (2, "b", 1), (3, "c", 1), (4, "d", 1)]),
        ("a\r\r\nb", [(1, "a", 1), (2, "", 1), (3, "b", 1)]),
        ("\n\na\n\n", [(1, "", 1), (2, "", 1), (3, "a", 1), (4, "", 1)]),
        ('"a\nb",c\nd,e\n', [(1, '"a\nb",c', 2), (3, "d,e", 2)]),
        ('"a\r\nb\rc",d\r\ne,f', [(1, '"a\r\nb\rc",d', 2), (4, "e,f", 2)]),
        ('"a,b","c""d"\n"",""""\n', [(1, '"a,b","c""d"', 2), (2, '"",""""', 2)]),
        ('5" card,1\n6" card,2\n', [(1, '5" card,1', 2), (2, '6" card,2', 2)]),
        ('="001",1\n"a\nb",2\n', [(1, '="001",1', 2), (2, '"a\nb",2', 2)]),
        ('"a"b,1\nc "d",2\n', [(1, '"a"b,1', 2), (2, 'c "d",2', 2)]),
        ('"a,b"c,"d\n"\n', [(1, '"a,b"c,"d\n"', 3)]),
    ],
)
def test_records_keep_their_line_their_text_and_their_width(text: str, expected: list[tuple[int, str, int]]) -> None:
    assert drawn(text) == expected


@pytest.mark.parametrize(
    ("text", "newline", "uneven"),
    [
        ("a\nb\n", "\n", 0),
        ("a\r\nb\r\n", "\r\n", 0),
        ("a\rb\rc", "\r", 2),
        ("a\r\nb\nc\r\n", "\r\n", 1),
        ("a\nb\rc\n", "\n", 1),
        ('"a\r\nb"\nc\n', "\n", 0),
    ],
)
def test_the_newline_of_most_records_is_that_of_the_file(text: str, newline: str, uneven: int) -> None:
    found = split(text)
    assert (found.newline, found.uneven) == (newline, uneven)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n"c,d\ne,f\n', 2),
        ('a,b\nc,d\ne,"', 3),
        ('"', 1),
        ('a,b\n"GC1,5\nGC2,6\n"GC3",7\n', 2),
        ('5" card,1\n"GC1,5\n', 2),
    ],
)
def test_a_quote_that_is_not_closed_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(FileNeedsFixing, match=rf"cards.csv, line {line}: a quote opens a cell"):
        split(text)


@given(st.text(alphabet='a",\n\r ', max_size=30))
def test_text_with_its_quotes_in_order_is_split_as_pythons_csv_module_splits_it(text: str) -> None:
    try:
        expected = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return  # a quote that is not closed, or not at the end of its cell
    found = split(text)
    assert [cells_of(found, i, ",") for i in range(len(found.starts))] == [cells or [""] for cells in expected]
    assert count_cells(found, ",").tolist() == [max(1, len(cells)) for cells in expected]


@given(st.text(alphabet='a",\n', max_size=30))
def test_no_byte_of_any_text_is_lost_between_records(text: str) -> None:
    try:
        found = split(text)
    except FileNeedsFixing:
        return
    pieces = [found.text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    assert b"\n".join(pieces) == text.removesuffix("\n").encode()


def test_a_file_of_nothing_but_newlines_is_turned_away_before_it_takes_all_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "MOST_LINES", 10)
    with pytest.raises(FileNeedsFixing, match="more than 10 lines"):
        split("\n" * 21)


def test_a_text_read_in_pieces_is_split_as_one_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'a,"b\n,",c\n' * 7 + "d,e\n"
    whole = drawn(text)
    monkeypatch.setattr(positions, "CHUNK", 5)
    monkeypatch.setattr(records, "CHUNK", 5)
    assert drawn(text) == whole
