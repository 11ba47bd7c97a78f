"""Pages written from templates: every value as text, in the language of whoever reads and the zone of the shop."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from desk.localization import (
    advice_in_words,
    cause_in_words,
    localized,
    reason,
    says_in_words,
    sum_in_words,
    title_in_words,
)
from desk.numbers import local_time, number, size
from desk.safety import TOO_LARGE, form_token
from desk.texts import gettext, language_here, ngettext
from desk.visitors import Visitor
from infra.context import settings
from infra.desk_address import segment
from schemas.domains import DOMAINS
from tasks.core.wording.words import GROUP_LABELS, TITLES, TONES, flow_title

_TEMPLATES = Environment(
    loader=PackageLoader("desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_TEMPLATES.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
_TEMPLATES.filters.update(
    count=number,
    size=size,
    local_time=local_time,
    translated=gettext,
    flow_title=flow_title,
    domain_title=lambda name: DOMAINS[name].title if name in DOMAINS else name,
    title_in_words=title_in_words,
    sum_in_words=sum_in_words,
    reason=reason,
    localized=localized,
    advice_in_words=advice_in_words,
    cause_in_words=cause_in_words,
)
_TEMPLATES.globals.update(titles=TITLES, tones=TONES, group_labels=GROUP_LABELS, says_in_words=says_in_words)
_TEMPLATES.globals.update(most_bytes=lambda: settings().max_file_bytes, too_large=TOO_LARGE)


@cache
def asset(name: str) -> tuple[bytes, str]:
    """Return a file that pages refer to, and the hash in its address; the style begins with that of the reports."""
    content = (resources.files("desk") / "templates" / name).read_bytes()
    if name == "desk.css":
        content = (resources.files("tasks.core.reporting") / "templates/report.css").read_bytes() + content
    return content, hashlib.sha256(content).hexdigest()[:12]


def asset_address(name: str) -> str:
    """Return the address of a file that pages refer to: another one whenever it changes."""
    return f"/assets/{asset(name)[1]}/{name}"


_TEMPLATES.globals.update(asset=asset_address, shop_home=lambda shop: f"/shops/{segment(shop)}")


def page(
    template: str, /, *, visitor: Visitor | None = None, visit: str = "", status: int = 200, **shown: Any
) -> HTMLResponse:
    """Write a page. Forms carry a token of the visitor's session, or of the *visit* of a browser without one."""
    token = visitor.form_token if visitor else form_token(visit) if visit else ""
    values: Mapping[str, Any] = {
        "visitor": visitor,
        "form_token": token,
        "language": language_here(),
        "home": visitor.home if visitor else "",
        **shown,
    }
    return HTMLResponse(_TEMPLATES.get_template(template).render(values), status_code=status)
