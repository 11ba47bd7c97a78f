"""The texts that pages say, and the catalogues that hold them in each language: ``python -m tests.conventions.texts``.

A text is what ``_()``, ``ngettext()`` or ``later()`` is called with in the desk and ``gettext()`` in the core, what
pages show of the words of the core (``desk.localization.fixed_texts``), what report tables are called, and what the
forms of flows ask. Without ``--write`` this says what lacks; with it, catalogues take new texts up, empty, and let go
of those that nobody says any more.
"""

import ast
import importlib
import re
import sys
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract
from prefect.utilities.callables import parameter_schema

from desk.localization import fixed_texts
from desk.pages.run_now import WITHOUT_FILE
from desk.prefect_runs import choices_in
from desk.recognition import FILE_KINDS
from infra.catalogues import LANGUAGES, catalogue_file
from schemas.tables import Language
from tasks.core.wording.words import flow_title

ROOT = Path(__file__).parents[2]
RENEW = "python -m tests.conventions.texts --write"
CALLS = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
TRANSLATED = [language for language in LANGUAGES if language != "en"]
SPEAKING = ("desk", "tasks/core/loyalty", "tasks/core/reporting", "tasks/core/notifications", "tasks/core/wording")
"""Folders whose code says texts in any language."""
TEMPLATES = [*sorted((ROOT / "desk/templates").glob("*.j2")), ROOT / "tasks/core/reporting/templates/report.html.j2"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Text = str | tuple[str, ...]
"""What is said; of what is counted, for one and for many."""


def said() -> dict[Text, set[str]]:
    """Return every text that a page may say, and where it is said."""
    found: dict[Text, set[str]] = {}
    for text, place in (*_in_code(), *_in_templates(), *_of_the_core(), *_of_report_tables(), *_of_flows()):
        if text:
            found.setdefault(text, set()).add(place)
    return found


def _in_code() -> Iterator[tuple[Text, str]]:
    for file in sorted(each for folder in SPEAKING for each in (ROOT / folder).rglob("*.py")):
        with file.open("rb") as opened:
            for _line, text, _comments, _context in extract("python", opened, CALLS):
                yield text, _place(file)


def _in_templates() -> Iterator[tuple[Text, str]]:
    for file in TEMPLATES:
        with file.open("rb") as opened:
            for _line, _function, text, _comments in babel_extract(opened, list(CALLS), [], {}):
                yield _literals(text), _place(file)


def _literals(text: Any) -> Text:
    """Return the texts of a call, without the names and numbers that it is given beside them."""
    if isinstance(text, str):
        return text
    literals = tuple(each for each in text if isinstance(each, str))
    return literals if len(literals) > 1 else "".join(literals)


def _place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _of_the_core() -> Iterator[tuple[Text, str]]:
    for text in fixed_texts():
        yield text, "desk/localization.py"


def _of_report_tables() -> Iterator[tuple[Text, str]]:
    """List what report tables are called and say, and the headings that they name; what is composed is a sentence."""
    for file in sorted((ROOT / "tasks").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ReportTable":
                for keyword in call.keywords:
                    if keyword.arg in ("title", "says", "headings"):
                        yield from ((text, _place(file)) for text in _constants(keyword.value))


def _constants(node: ast.expr) -> Iterator[str]:
    """Return the texts that an expression stands for: its own, or the values of a table."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Dict(values=values):
            for value in values:
                yield from _constants(value)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from (*_constants(left), *_constants(right))


def _of_flows() -> Iterator[tuple[Text, str]]:
    """List the names of flows, what those do that run by themselves, and what forms ask with a file or without one."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    for deployment in deployments:
        yield flow_title(deployment["name"]), "prefect.yaml"
        if deployment.get("schedules"):
            yield deployment["description"], "prefect.yaml"
    flows = {deployment["name"]: deployment["entrypoint"] for deployment in deployments}
    for kind in FILE_KINDS.values():
        for text in (kind.title, *(form.name.replace("_", " ") for form in kind.dialects)):
            yield text, "desk/recognition.py"
        yield from _of_form(flows[kind.flow])
    for name, each in WITHOUT_FILE.items():
        yield from _of_form(flows[name], typed=each.typed)


def _of_form(flow: str, *, typed: Collection[str] = ()) -> Iterator[tuple[Text, str]]:
    """List the modes of a flow, and what its form asks."""
    module, _, name = flow.rpartition(".")
    schema = parameter_schema(getattr(importlib.import_module(module), name)).model_dump_for_openapi()
    words: list[str] = [*schema["properties"].get("mode", {}).get("enum", ())]
    for choice in choices_in(schema, typed=typed):
        names = (value.replace("_", " ") for value in choice.values if value[0].isalpha())
        words += [choice.title, choice.says, *names]
    yield from ((text, f"{module.replace('.', '/')}.py") for text in words)


def catalogue(language: Language) -> Catalog:
    """Return what a language has."""
    file = catalogue_file(language)
    if not file.exists():
        return _empty(language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language, domain="desk")


def _empty(language: Language) -> Catalog:
    return Catalog(
        locale=language,
        domain="desk",
        project="Counterfoil",
        header_comment=f"# The texts of the desk: {LANGUAGES[language]}. To take up new ones: {RENEW}",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )


def wrong_in(language: Language) -> list[str]:
    """Say what lacks or is wrong in a catalogue, a line each."""
    expected, has = said(), catalogue(language)
    entries = {message.id: message for message in has if message.id}
    lacking = [f"{language}: lacks {text!r}" for text in expected if text not in entries]
    unsaid = [f"{language}: nobody says {text!r} any more" for text in entries.keys() - expected.keys()]
    obsolete = [f"{language}: obsolete {text!r}" for text in has.obsolete]
    return lacking + unsaid + obsolete + [line for each in entries.values() for line in faults(language, each)]


def faults(language: Language, message: Message) -> Iterator[str]:
    """Say what is wrong with one entry."""
    ours = [message.id] if isinstance(message.id, str) else list(message.id)
    theirs = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(theirs):
        yield f"{language}: nothing for {message.id!r}"
    elif message.fuzzy:
        yield f"{language}: nobody looked at {message.id!r}"
    elif any(_placeholders(each) != _placeholders(ours[-1]) for each in theirs):
        yield f"{language}: other placeholders in {message.string!r} than in {message.id!r}"


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def renewed(language: Language) -> bytes:
    """Return a catalogue with every text that is said, and none else."""
    has, new = catalogue(language), _empty(language)
    new.creation_date = new.revision_date = has.creation_date
    for text, places in sorted(said().items(), key=lambda each: str(each[0])):
        known = has.get(text if isinstance(text, str) else text[0])
        same = known is not None and known.id == text
        new.add(text, known.string if same and known else None, locations=[(place, 0) for place in sorted(places)])
    written = BytesIO()
    write_po(written, new, width=110, include_lineno=False)
    return written.getvalue()


def main(arguments: list[str]) -> int:
    """Check, or renew with ``--write``; say which texts wait to be translated."""
    if "--write" in arguments:
        for language in TRANSLATED:
            file = catalogue_file(language)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(renewed(language))
    wrong = [line for language in TRANSLATED for line in wrong_in(language)]
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if wrong:
        sys.stderr.write(f"Renew the catalogues ({RENEW}), then translate what is empty.\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
