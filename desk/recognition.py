"""What an uploaded file is about, before any run: what knows its headings, in which dialect, and what takes it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from desk.runs_started import INVITE, RESOLVE, SWEEP
from infra.context import settings
from schemas.domain import Dialect
from schemas.domains import DOMAINS
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.invitations import INVITATIONS
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.pos_sales import LOYALTY_SALES
from schemas.loyalty.reports import LOYALTY
from schemas.orders.records import ORDERS
from schemas.problems import FileNeedsFixing
from tasks.core.reading.delimited import HEAD_BYTES
from tasks.core.reading.dialects import RecognisedForm, find_form
from tasks.core.reading.signatures import container_of, is_json
from tasks.core.reading.sizes import Sizes


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """What a file may be about. *flow* takes it, by a *parameter* that names one file, or several (*takes_several*)."""

    name: str
    title: str
    dialects: tuple[Dialect, ...]
    flow: str
    parameter: str = "inbox_key"
    takes_several: bool = False

    @property
    def changes_records(self) -> bool:
        """Whether its rows say what records are to be, so that a flow of that name imports it."""
        return self.flow == self.name

    def asks_for(self, inbox_key: str) -> Mapping[str, object]:
        """Return the parameters by which a run of the flow takes a file."""
        return {self.parameter: [inbox_key] if self.takes_several else inbox_key}


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A kind of file that has the headings of a file, and how that is written; JSON is written in no form of ours."""

    kind: FileKind
    form: RecognisedForm | None


def _kinds() -> Iterator[FileKind]:
    for domain in DOMAINS.values():
        if domain.flow and domain.dialects:
            yield FileKind(name=domain.name, title=domain.title, dialects=domain.dialects, flow=domain.name)
    yield _folder(LOYALTY, SWEEP, "inbox_keys", takes_several=True)
    yield _folder(LOYALTY_SALES, SWEEP, "sales_keys", takes_several=True)
    yield _folder(LOYALTY_DECISIONS, RESOLVE, "inbox_keys", takes_several=True)
    yield _folder(INVITATIONS, INVITE, "inbox_key", takes_several=False)


def _folder(name: str, flow: str, parameter: str, *, takes_several: bool) -> FileKind:
    folder = INBOX_FOLDERS[name]
    return FileKind(
        name=name,
        title=folder.title,
        dialects=folder.dialects,
        flow=flow,
        parameter=parameter,
        takes_several=takes_several,
    )


FILE_KINDS: Mapping[str, FileKind] = {kind.name: kind for kind in _kinds()}


def recognised_in(file: BinaryIO, name: str) -> tuple[Recognised, ...]:
    """Return the kinds that know the headings of a file; none where none does. It is left at its beginning.

    A file that changes no records is thought of only where it knows more of the headings than any that does.
    """
    content = _enough_of(file)
    if is_json(content):
        return (Recognised(kind=FILE_KINDS[ORDERS.name], form=None),)
    found = tuple(_recognised(content, name, FILE_KINDS.values()))
    records = tuple(each for each in found if each.kind.changes_records)
    most = max((_known(each) for each in records), default=0)
    return tuple(each for each in found if each not in records and _known(each) > most) or records


def form_in(file: BinaryIO, name: str, kind: FileKind) -> RecognisedForm | None:
    """Return how a file of a kind is written; None where the kind does not know it. It is left at its beginning."""
    return next((each.form for each in _recognised(_enough_of(file), name, (kind,))), None)


def _known(found: Recognised) -> int:
    return found.form.known_headings if found.form else 0


def _enough_of(file: BinaryIO) -> bytes:
    """Read what tells: the head of a text, and all of a workbook."""
    head = file.read(HEAD_BYTES)
    content = head if container_of(head) == "text" else head + file.read()
    file.seek(0)
    return content


def _recognised(content: bytes, name: str, kinds: Iterable[FileKind]) -> Iterator[Recognised]:
    chosen = settings()
    sizes = Sizes(
        max_file_bytes=chosen.max_file_bytes, max_cell_chars=chosen.max_cell_chars, max_columns=chosen.max_columns
    )
    for kind in kinds:
        try:
            form = find_form(content, kind.dialects, name=name, code_page=chosen.code_page, sizes=sizes)
        except FileNeedsFixing:
            continue
        yield Recognised(kind=kind, form=form)
