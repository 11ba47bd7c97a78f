"""What the documents say exists: commands, targets of make, settings, codes, files and links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.__main__ import counterfoil
from infra.settings import Settings
from schemas.catalogue import CATALOGUE
from schemas.domains import DOMAINS
from tasks.core.wording.words import TITLES
from tests.conventions.code_origins import origins
from tests.conventions.documents import DOCUMENTS, OTHER_CODES, ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RUNBOOKS = sorted((ROOT / "docs/runbooks").glob("*.md"))
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
EXAMPLE = "supplier-costs"
"""A domain that is only there where the document on adding one was carried out; these tests run there too."""
OUTSIDE_SETTINGS = {"COUNTERFOIL_CODE"}
"""Where the code is: read by prefect.yaml, not by us."""


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=named)


def code_of(text: str) -> list[str]:
    """Lines of fenced blocks without their comments, and inline code."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.S | re.M)
    lines = [line.split(" # ")[0].strip() for block in fenced for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    return [*lines, *inline]


def commands_of(page: Path) -> Iterator[list[str]]:
    for line in code_of(page.read_text()):
        if line.startswith("counterfoil "):
            yield shlex.split(line)[1:]


def unknown_part(words: list[str]) -> str:
    """The first word that is neither a command nor an option of the command before it; empty where all are known."""
    command: click.Command = counterfoil
    for word in words[2:] if words[:1] == ["--shop"] else words:  # whose value is no command
        if word.startswith("--"):
            known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
            if word not in known:
                return word
        elif isinstance(command, click.Group):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return ""


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def targets() -> set[str]:
    rules = re.findall(r"^([a-z][a-z -]*):", (ROOT / "Makefile").read_text(), flags=re.M)
    return {target for rule in rules for target in rule.split()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_document_is_in_date(name):
    assert (ROOT / name).read_text() == DOCUMENTS[name](), "Run: make docs"


@each_page
def test_every_command_that_is_named_exists_with_its_options(page):
    named = [words for words in commands_of(page) if EXAMPLE not in words or EXAMPLE in DOMAINS]
    assert [" ".join(words) for words in named if unknown_part(words)] == []


def test_an_unknown_command_or_option_is_seen():
    assert unknown_part(["run", "gift-cards", "cards.csv", "--mode", "apply"]) == ""
    assert unknown_part(["--shop", "lyon", "undo", "RUN"]) == "undo"
    assert unknown_part(["undo", "RUN"]) == "undo"
    assert unknown_part(["restore", "RUN", "--force"]) == "--force"


@each_page
def test_every_target_of_make_that_is_named_exists(page):
    asked = {line.split()[1] for line in code_of(page.read_text()) if line.startswith("make ")}
    assert asked - targets() == set()


@each_page
def test_every_link_between_documents_leads_somewhere(page):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        file = (page.parent / path).resolve() if path else page
        headings = re.findall(r"^#+ (.*)$", file.read_text(), flags=re.M) if file.is_file() else []
        if not file.is_file() or (anchor and anchor not in map(slug, headings)):
            broken.append(link)
    assert broken == []


@each_page
def test_every_file_and_folder_of_the_code_that_is_named_exists(page):
    pattern = r"(?:flows|tasks|schemas|infra|tests|docs|examples)/[\w./-]*"
    paths = [text for text in code_of(page.read_text()) if re.fullmatch(pattern, text)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@each_page
def test_every_setting_that_is_named_exists(page):
    names = [name.upper() for name in Settings.model_fields]
    of_a_shop = {f"COUNTERFOIL_LYON_{name}" for name in names}  # the shop that documents speak of
    known = OUTSIDE_SETTINGS | of_a_shop | {f"COUNTERFOIL_{name}" for name in names}
    assert set(re.findall(r"COUNTERFOIL_[A-Z0-9_]+", page.read_text())) - known == set()


@each_page
def test_every_code_that_is_named_exists(page):
    prefixes = "|".join(sorted({code.split("_")[0] for code in {*CATALOGUE, *OTHER_CODES}}))
    text = re.sub(r"^```diff\n.*?^```", "", page.read_text(), flags=re.S | re.M)  # names of Python look like codes
    asked = set(re.findall(rf"\b(?:{prefixes})_[A-Z_]+\b", text))
    assert asked - {*CATALOGUE, *OTHER_CODES} == set()


def test_every_code_that_the_product_gives_is_explained():
    prefixes = "|".join(sorted({code.split("_")[0] for code in {*CATALOGUE, *OTHER_CODES}}))
    sources = [file.read_text() for file in (ROOT / "tasks").rglob("*.py")]
    given = {code for source in sources for code in re.findall(rf'"((?:{prefixes})_[A-Z_]+)"', source)}
    assert given - {*CATALOGUE, *OTHER_CODES} == set()
    given |= {domain.limits.amount_code for domain in DOMAINS.values()}
    assert set(OTHER_CODES) - CATALOGUE.keys() <= given


def test_every_code_of_a_reject_says_which_column_or_which_reader_raises_it():
    assert [code for code, by in origins().items() if not by] == []


def test_every_ending_of_a_run_is_explained_to_people():
    text = re.findall(
        r"^\| ([A-Z][a-z ]+) \|", (ROOT / "docs/runbooks/importing-gift-cards.md").read_text(), flags=re.M
    )
    assert set(TITLES.values()) - set(text) == set()


def test_every_runbook_and_decision_can_be_found():
    linked = "".join(page.read_text() for page in (ROOT / "README.md", ROOT / "ARCHITECTURE.md"))
    assert [named(page) for page in (*RUNBOOKS, *DECISIONS) if named(page) not in linked] == []


def test_decisions_are_numbered_without_gaps():
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_a_decision_says_context_decision_why_and_consequences_on_one_screen():
    for page in DECISIONS:
        text = page.read_text()
        assert text.startswith(f"# {page.name[:4]}: "), named(page)
        assert re.findall(r"^## (.*)$", text, flags=re.M) == ["Context", "Decision", "Why", "Consequences"], named(page)
        assert len(text.splitlines()) <= 55, named(page)


def test_the_readme_fits_on_a_screen():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80


@pytest.mark.parametrize("page", [*PAGES, ROOT / ".env.example"], ids=named)
def test_no_document_names_a_machine_or_a_package_index(page):
    text = page.read_text()
    assert re.findall(r"(?<![\w.:/])/(?:home|root|tmp|work|Users|mnt|opt)/\S*", text) == []
    assert re.findall(r"index[-]url|https?://\S*/simple\b|https?://pyp[i]\S*", text) == []
