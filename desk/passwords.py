"""Passwords of local accounts: only hashes are kept, and a name that nobody has takes as long as a wrong one."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from desk.texts import _
from schemas.problems import FileNeedsFixing

LEAST_CHARACTERS = 12
_HASHER = PasswordHasher()
_OF_NOBODY = _HASHER.hash("a password that nobody has")
_FEW = BoundedSemaphore(4)
"""Each takes 64 MiB while it is worked on: strangers who ask all at once wait, and the machine does not."""


def password_hash(password: str) -> str:
    """Return what to keep of a password.

    Raises:
        FileNeedsFixing: It is too short.
    """
    if len(password) < LEAST_CHARACTERS:
        raise FileNeedsFixing(_("A password has %s characters at least. Choose a longer one.") % LEAST_CHARACTERS)
    return _HASHER.hash(password)


def is_right(password: str, kept: str) -> bool:
    """Say whether a password is the one of which a hash was *kept*; where none was, none is."""
    try:
        with _FEW:
            return _HASHER.verify(kept or _OF_NOBODY, password) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False
