"""What a mail says, in the person's language: our templates, or the shop's own.

The templates hold ``[[reset_link]]`` as the shop's own mail template must (contracts/lightspeed-ecom.md,
"Account password"); in a mail of ours the shop's page for forgotten passwords stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import ChoiceLoader, DictLoader, PackageLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import escape

from schemas.invitations import Sender
from schemas.problems import FileNeedsFixing

RESET_LINK = "[[reset_link]]"


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a mail says, in one language."""

    subject: str
    plain: str
    html: str


def write_text(person: Mapping[str, str], sender: Sender) -> Text:
    """Fill in the templates of the person's language; without a name where none is known.

    The first line of the text template is the subject.

    Raises:
        FileNeedsFixing: A template of the shop's own cannot be filled in, or does not say where to set a password.
    """
    subject, _, plain = _filled(f"{person['language']}.txt.j2", person, sender).partition("\n")
    html = _filled(f"{person['language']}.html.j2", person, sender)
    return Text(
        subject=" ".join(subject.replace(RESET_LINK, "").split()),
        plain=plain.strip("\n").replace(RESET_LINK, sender.reset_link) + "\n",
        html=html.replace(RESET_LINK, str(escape(sender.reset_link))),
    )


def _filled(name: str, person: Mapping[str, str], sender: Sender) -> str:
    templates = _environment(tuple(sorted(sender.templates.items())))
    try:
        text = templates.get_template(name).render(shop_name=sender.shop_name, first_name=person["first_name"])
    except TemplateError as error:
        raise FileNeedsFixing(f"Mail template {name}: {error.message}. Correct it, then run again.") from None
    if RESET_LINK not in text:
        raise FileNeedsFixing(f"Mail template {name} holds no {RESET_LINK}. Write it where the link belongs.")
    return text


@lru_cache(maxsize=4)
def _environment(own: tuple[tuple[str, str], ...]) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(dict(own)), PackageLoader("tasks.core.invitations")]),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
