"""Where a byte stands in a text: the ground on which records are found."""

import numpy as np
from numpy.typing import NDArray

CHUNK = 16 * 2**20
LF, CR, QUOTE = b'\n\r"'
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


def find_bytes(text: bytes, code: int) -> Positions:
    """Return all positions of a byte, piece by piece: a mask of the whole would weigh as much as the text."""
    if text.find(code) < 0:
        return np.empty(0, np.int64)
    array = np.frombuffer(text, np.uint8)
    pieces = range(0, len(text), CHUNK)
    return np.concatenate([np.flatnonzero(array[at : at + CHUNK] == code) + at for at in pieces])
