"""Text of others with half a character in it: what cut a text in two may have cut one that takes two places.

No file, database or page can hold such a half. It becomes U+FFFD, the sign for a character that was lost, before
anything is read, so that what stands there is neither repaired nor lost in silence.
"""

import re

from schemas.characters import LOST

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def whole_characters(content: bytes) -> bytes:
    """Return JSON without halves of characters, neither escaped nor as bytes."""
    if b"\xed" in content:
        content = _HALF.sub(LOST.encode(), content)
    if b"\\ud" not in content and b"\\uD" not in content:
        return content
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], content)
