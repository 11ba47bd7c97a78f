"""Hashes by which the journal of single writes names records and what was done with them."""

import hashlib


def hash_of(*parts: object) -> str:
    """Name something by a hash of its parts, so that nothing of it is stored."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def key_hash(key: str) -> str:
    """Return the hash of a record's key, in any letter case."""
    return hash_of(key.lower())
