"""All that advice says, as sentences that can be said in any language; Astro's own words stay in them."""

import re

from schemas.sentences import Sentences
from tasks.core.loyalty.advice import ADVICE
from tasks.core.loyalty.reason_texts import WORDS

_BLANK = re.compile(r"\{(\w+)\}")


def _as_sentence(template: str) -> str:
    return _BLANK.sub(r"%(\1)s", template)


ADVICE_SENTENCES: Sentences = (
    *dict.fromkeys(_as_sentence(text) for each in ADVICE.values() for text in (each.proof, *each.steps)),
    *WORDS,
)
