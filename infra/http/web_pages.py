"""What came where data were expected: a web page, by its title, or messages of PHP. In words, for people.

Nothing else of a page is told: it may hold anything.
"""

import re
from html import unescape

_HEAD_BYTES = 20_000
_LONGEST = 80
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_PHP = re.compile(rb"\s*(<br ?/?>\s*)?(<b>)?(PHP )?(Warning|Notice|Deprecated|Fatal error|Parse error)(</b>)?:")


def what_came(content: bytes) -> str:
    """Say what this is instead of data, with whoever can put it right."""
    head = content[:_HEAD_BYTES]
    if _PHP.match(head):
        return (
            "messages of PHP before its data, which cannot be read so. Whoever looks after it switches their display "
            "off (WP_DEBUG_DISPLAY in WordPress), and sees to the plugin that causes them"
        )
    if _PAGE.match(head):
        return (
            f"a web page{_titled(head)} instead of data. That may be maintenance, a check for robots or a firewall "
            "before it. If it does not pass, whoever runs its server lets us through"
        )
    return "something else than data"


def _titled(head: bytes) -> str:
    found = _TITLE.search(head)
    text = " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else ""
    shown = "".join(sign for sign in text if sign.isprintable())[:_LONGEST]
    return f' ("{shown}")' if shown and "@" not in shown else ""
