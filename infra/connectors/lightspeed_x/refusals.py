"""What Lightspeed says when it says no, so that people can act on it, and without anybody's data.

Its texts have no fixed form and may quote what was sent: of them only words are kept that name nobody.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from schemas.problems import Declined

_LONGEST = 200
_MASK = "..."
_SAYS = "It says: "
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*[.,:;!?)]*")
_OPENINGS = re.compile(
    "(a|amount|bad|balance|can't|cannot|card|client|customer|duplicate|forbidden|gift|insufficient|invalid|missing|no|"
    "not|number|permission|request|scope|the|this|too|transaction|type|unauthorized|unknown|unprocessable)[.,:;!?]?",
    re.IGNORECASE,
)
"""Words that may begin a sentence: any other with a capital letter may be a name."""

_SCOPES = (
    "Lightspeed says no (403): {what} needs the permission {scope}, which this login does not have. With a personal "
    "token: its user needs the rights, and the shop a plan with the API. With an application: add {scope} to its "
    "scopes, then run counterfoil connect lightspeed-x again."
)
_LOGIN = (
    "Lightspeed does not let us in (401): the token was withdrawn, or is not of this shop. Make a new personal token "
    "and set COUNTERFOIL_LIGHTSPEED_X_TOKEN, or run counterfoil connect lightspeed-x again."
)


def explain(data: object) -> str:
    """Return what an answer says of its reason; empty where it says nothing that can be repeated."""
    words = " ".join(word for text in _texts(data) for word in _plain(text))
    shown = re.sub(r"(\.\.\. )+", f"{_MASK} ", words + " ").strip()[:_LONGEST]
    return f"{_SAYS}{shown}" if re.search("[a-z]", shown) else ""


def in_plain_words(no: Declined, *, what: str, scope: str) -> Declined:
    """Say of a refusal that is about us and not about what was asked, who can put it right."""
    if no.status == 401:
        return Declined(_LOGIN, status=401)
    if no.status == 403:
        return Declined(_SCOPES.format(what=what, scope=scope), status=403)
    return no


def without_quotes(no: Declined, sent: Iterable[object]) -> Declined:
    """Mask the words of a refusal that stood in what was *sent*: in lower case a name looks like any other word."""
    words = {word for text in sent if isinstance(text, str) for word in re.findall(r"\w+", text.lower())}
    ours, begins, theirs = no.says.partition(_SAYS)
    masked = re.sub(r"\w+", lambda found: _MASK if found[0].lower() in words else found[0], theirs)
    return Declined(ours + begins + masked, status=no.status, code=no.code)


def _texts(data: object) -> Iterator[str]:
    """Yield the texts in an answer of any form; where there is a message, it says more than its title."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for each in [data["message"]] if data.get("message") else data.values():
            yield from _texts(each)
    elif isinstance(data, list):
        for each in data:
            yield from _texts(each)


def _plain(text: str) -> Iterator[str]:
    """Yield the words of a text; whatever may be a name, a number or an address is masked."""
    begins = True
    for word in text.split():
        known = _WORD.fullmatch(word) or (begins and _OPENINGS.fullmatch(word))
        yield word if known else _MASK
        begins = word.endswith((".", "!", "?", ":"))
