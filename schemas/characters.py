"""Characters that nobody sees, and the sign for one that was lost."""

LOST = "\ufffd"

UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
"""Control characters and those that only format (Unicode's Cc and Cf), as ranges of a pattern that pandera takes.

It has every pattern read by Python as well, which knows no ``\\p{Cf}``.
"""
