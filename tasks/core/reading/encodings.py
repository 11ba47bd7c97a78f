"""Bytes as they arrived -> UTF-8 text: by mark, else strict UTF-8, else the declared code page.

No guessing by statistics: a detector that is right in most files is wrong in silence in the rest.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from tasks.core.reading.signatures import not_a_table

CHUNK = 4 * 2**20
_FIRST_OF_SEVERAL = 0xC0
"""From this on a byte begins a character of several bytes; those from 0x80 on go on with one."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A file as UTF-8 without mark; ``encoding`` and ``bom`` tell how it came."""

    text: bytes
    encoding: str
    bom: bool


def decode(content: bytes, *, name: str, code_page: str) -> Decoded:
    """Return the text of a file; content that already is clean UTF-8 is not copied.

    Raises:
        FileNeedsFixing: It is no text, or not in the encoding that it is marked or declared to have.
    """
    mark, encoding = next(((mark, codec) for mark, codec in MARKS if content.startswith(mark)), (b"", ""))
    if not mark and is_utf8(content):
        encoding, text = "utf-8", content
    else:
        encoding = encoding or code_page
        text = to_utf8(content[len(mark) :], name=name, encoding=encoding, marked=bool(mark))
    refuse_nul(text, name=name)
    return Decoded(text=text, encoding=encoding, bom=bool(mark))


def is_utf8(content: bytes) -> bool:
    """Judge the whole content, not a sample: by polars, nine times as fast as decoding it."""
    if content.isascii():
        return True
    try:
        for piece in _whole_characters(content):
            pl.Series([piece]).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _whole_characters(content: bytes) -> Iterator[bytes]:
    """Yield pieces that begin and end where a character does, if the content is UTF-8."""
    start = 0
    while start < len(content):
        end = _start_of_character(content, start + CHUNK)
        yield content[start:end]
        start = end


def _start_of_character(content: bytes, near: int) -> int:
    """Return where the character begins of which a byte stands at a place: no more than three before it."""
    places = (near - back for back in range(4))
    return next((at for at in places if content[at : at + 1] < b"\x80" or content[at] >= _FIRST_OF_SEVERAL), near)


def decode_parts(content: bytes, encoding: str) -> Iterator[str]:
    """Decode piece by piece, so that a large file is never held twice as text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), CHUNK):
        yield decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))


def to_utf8(content: bytes, *, name: str, encoding: str, marked: bool) -> bytes:
    """Return the content as UTF-8. ``marked``: the file itself says so, hence it must be damaged if not.

    Raises:
        FileNeedsFixing: The bytes do not fit the encoding, or there is no such encoding.
    """
    try:
        return b"".join(part.encode() for part in decode_parts(content, encoding))
    except LookupError:
        raise SettingsNeedFixing(f"There is no encoding called {encoding!r}: correct COUNTERFOIL_CODE_PAGE.") from None
    except UnicodeDecodeError:
        raise FileNeedsFixing(undecodable(name, encoding, marked)) from None


def undecodable(name: str, encoding: str, marked: bool) -> str:
    """Word what is wrong with bytes that fit no encoding we may assume."""
    if marked:
        return (
            f"{name} is marked as {encoding} but holds bytes that are not: it is damaged or cut off. Export it again."
        )
    return (
        f"{name} is neither UTF-8 nor {encoding}, the encoding expected of this shop. "
        "Save it as 'CSV UTF-8', or declare the right code page."
    )


def refuse_nul(text: bytes, *, name: str) -> None:
    """Turn away text with NUL bytes: no table has them.

    Raises:
        FileNeedsFixing: Naming UTF-16 without its mark where the NULs come as in UTF-16.
    """
    at = text.find(b"\0")
    if at < 0:
        return
    head = text[: 2**12]
    if max(head[::2].count(0), head[1::2].count(0)) > len(head) // 4:
        raise not_a_table(name, "UTF-16 text without the mark (BOM) that says so")
    line = text.count(b"\n", 0, at) + 1
    raise not_a_table(name, f"no text, or damaged text: line {line} holds a NUL byte")
