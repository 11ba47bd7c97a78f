"""What of a text would stay English: told in a language whose catalogue puts marks around every text that it has."""

import re
from gettext import NullTranslations

from schemas.sentences import SENTENCES, Sentences
from tasks.core.wording.localization import localize
from tasks.core.wording.speech import Speech
from tests.conventions.texts import catalogue

_KNOWN = {
    text
    for message in catalogue("sv")
    for text in ((message.id,) if isinstance(message.id, str) else tuple(message.id))
    if text
}
_MARKED = re.compile(r"«[^«»]*»")


class _Marks(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"«{message}»" if message in _KNOWN else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def untold(text: str, among: Sentences = SENTENCES) -> list[str]:
    """Return the words of *text* that no catalogue says: of what is known as a sentence, there are none."""
    told = localize(text, Speech(language="sv", catalogue=_Marks()), among)
    while _MARKED.search(told):
        told = _MARKED.sub(" ", told)
    return re.findall(r"[^\W\d]{2,}", told)
