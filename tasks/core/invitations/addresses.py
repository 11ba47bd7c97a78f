"""Addresses as mails go to them, and the hash by which a person is known without one."""

import re

import polars as pl

from schemas.invitations import SUPPRESSIONS
from schemas.problems import FileNeedsFixing
from tasks.core.checking.emails import mail_address
from tasks.core.reading.encodings import decode
from tasks.core.reading.signatures import container_of
from tasks.core.rejects.lineage import key_hash

_ANY_ADDRESS = re.compile(r"[^\s,;:<>\"|()]+@[^\s,;:<>\"|()]+")


def with_hash(people: pl.DataFrame) -> pl.DataFrame:
    """Add ``email_sha256``: the same for addresses that differ in letter case only; empty without an address."""
    return people.with_columns(email_sha256=pl.col("email").map_elements(key_hash, pl.String))


def read_suppressions(content: bytes, *, name: str, code_page: str) -> frozenset[str]:
    """Return the hashes of all addresses in a text file, wherever in it they stand.

    Raises:
        FileNeedsFixing: A line below the first names no address, or one that cannot be read.
    """
    return frozenset(map(key_hash, _addresses(_text(content, name, code_page), name)))


def add_suppressions(there: bytes, more: bytes, *, name: str, code_page: str) -> bytes:
    """Return the suppression list *there* with the addresses of *more* below it, each once. What stands there stays.

    Raises:
        FileNeedsFixing: *more* names no address, or one that cannot be read.
    """
    text = _text(there or b"E-mail\n", SUPPRESSIONS, code_page)
    known = set(map(key_hash, _addresses(text, SUPPRESSIONS)))
    found = _addresses(_text(more, name, code_page), name)
    if not found:
        raise FileNeedsFixing("No address was named. Write it like name@example.com, or name a file with one a line.")
    new = {key_hash(address): address for address in found if key_hash(address) not in known}
    return "\n".join([text.rstrip("\n"), *new.values(), ""]).encode()


def _text(content: bytes, name: str, code_page: str) -> str:
    if container_of(content) != "text":
        raise FileNeedsFixing(f"{name} is no text file. Save it as CSV, then run again; nobody is mailed before.")
    return decode(content, name=name, code_page=code_page).text.decode()


def _addresses(text: str, name: str) -> list[str]:
    """Find the addresses; a line that none is found in may hold a person who would then be mailed after all."""
    addresses = [mail_address(found.strip("'")) for found in _ANY_ADDRESS.findall(text)]
    below_headings = text.splitlines()[1:]
    wrong = addresses.count("") + sum("@" not in line for line in below_headings if line.strip(" ,;\t"))
    if wrong:
        raise FileNeedsFixing(
            f"{name}: {wrong} lines or addresses cannot be read. Write one address a line, below one line of headings; "
            "nobody is mailed before."
        )
    return addresses
