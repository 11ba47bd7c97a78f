"""Text of others with half a character in it: what cut a text in two may have cut one that takes two places.

No file, database or page can hold such a half. It becomes U+FFFD, the sign for a character that was lost, before
anything is read, so that what stands there is neither repaired nor lost in silence.
"""

import re

LOST = "\ufffd"

UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Control characters and those that only format (Unicode's Cc and Cf), as ranges of a pattern that pandera takes.

It has every pattern read by Python as well, which knows no ``\\p{Cf}``.
"""

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
