"""Bytes as they arrive -> UTF-8 text."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from tasks.core.reading import encodings
from tasks.core.reading.encodings import CHUNK, Decoded, decode, is_utf8

TEXT = "Numéro,Solde\nGC1,5 €\n"


def read(content: bytes, code_page: str = "windows-1252") -> Decoded:
    return decode(content, name="cards.csv", code_page=code_page)


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_decides_the_encoding(mark: bytes, codec: str) -> None:
    assert read(mark + TEXT.encode(codec)) == Decoded(text=TEXT.encode(), encoding=codec, bom=True)


def test_clean_utf8_is_taken_as_it_is_without_a_copy() -> None:
    content = TEXT.encode()
    decoded = read(content)
    assert decoded == Decoded(text=content, encoding="utf-8", bom=False)
    assert decoded.text is content


@pytest.mark.parametrize("code_page", ["windows-1252", "iso8859-15", "mac-roman", "cp850", "windows-1251"])
def test_what_is_not_utf8_is_read_by_the_declared_code_page(code_page: str) -> None:
    text = "Saldo,Мир\n" if code_page == "windows-1251" else "Numéro,Solde\n"
    assert read(text.encode(code_page), code_page).text == text.encode()


def test_a_character_cut_by_the_border_of_two_pieces_is_read_whole() -> None:
    text = "x" * (CHUNK - 1) + "é€" + "x" * 10
    assert read(text.encode()).text == text.encode()
    assert read(codecs.BOM_UTF16_LE + text.encode("utf-16-le")).text == text.encode()


def decodes_as_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


_WHOLE = st.text("aé€😀\ud7ff\ue000", min_size=1).map(str.encode)
_DAMAGED = st.lists(
    st.sampled_from([b"a", b"\x80", b"\xbf", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf0\x9f", b"\xff"])
)


@given(content=st.builds(bytes.__add__, _WHOLE, st.one_of(_WHOLE, _DAMAGED.map(b"".join))), chunk=st.integers(4, 9))
def test_content_is_utf8_where_it_decodes_however_it_is_cut(content: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "CHUNK", chunk)
        assert is_utf8(content) == decodes_as_utf8(content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (codecs.BOM_UTF8 + b"Num\xe9ro", "is marked as utf-8 but holds bytes that are not"),
        (codecs.BOM_UTF16_LE + b"N\x00u", "is marked as utf-16-le but holds bytes that are not"),
        (b"Num\xe9ro\x81", "is neither UTF-8 nor windows-1252"),
        ("Number,Balance\n".encode("utf-16-le"), r"UTF-16 text without the mark \(BOM\)"),
        ("Number,Balance\n".encode("utf-16-be"), r"UTF-16 text without the mark \(BOM\)"),
        (b"Number,Balance\nGC1,5\nGC\x002,5\n", "line 3 holds a NUL byte"),
        (b"Number,Balance\n\xe9" + b"\x81", "neither UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_turned_away_in_words(content: bytes, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        read(content)


def test_a_code_page_that_does_not_exist_names_the_setting() -> None:
    with pytest.raises(SettingsNeedFixing, match="no encoding called 'windows-9999': correct COUNTERFOIL_CODE_PAGE"):
        read(b"\xe9", "windows-9999")
