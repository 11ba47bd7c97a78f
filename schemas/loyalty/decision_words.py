"""How people write decisions into a worklist, in the language of the shop."""

from collections.abc import Mapping

from schemas.loyalty.records import Decision
from schemas.tables import Language

DECISION_WORDS: Mapping[Language, Mapping[Decision, str]] = {
    "en": {
        "hide": "hide",
        "done": "done",
        "added_by_hand": "added by hand",
        "enrolled": "enrolled",
        "exception_added": "exception added",
        "wrong": "wrong",
    },
    "fr": {
        "hide": "masquer",
        "done": "fait",
        "added_by_hand": "ajouté à la main",
        "enrolled": "inscrit",
        "exception_added": "exception ajoutée",
        "wrong": "faux",
    },
    "nl": {
        "hide": "verbergen",
        "done": "gedaan",
        "added_by_hand": "met de hand toegevoegd",
        "enrolled": "ingeschreven",
        "exception_added": "uitzondering toegevoegd",
        "wrong": "fout",
    },
    "sv": {
        "hide": "dölj",
        "done": "gjort",
        "added_by_hand": "tillagt för hand",
        "enrolled": "anslutet",
        "exception_added": "undantag tillagt",
        "wrong": "fel",
    },
}
