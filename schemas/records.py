"""What one step of a run hands to the next: small, frozen, serialisable references.

Rows never travel in these; they lie in S3 as artifacts, named here by key and SHA-256.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from schemas import file_names
from schemas.capabilities import Effort, Guard
from schemas.file_names import FileName
from schemas.rejects import DroppedRejects
from schemas.report_tables import ReportTable
from schemas.tables import Concern, ValueColumn
from schemas.target_names import Channel, TargetName

Mode = Literal["preview", "review", "apply"]
CustomerDialect = Literal["auto", "lightspeed_ecom", "tixly"]
ExportDialect = Literal["lightspeed_ecom", "tixly"]
"""A file that is yet to be written cannot say itself how."""
HeadingsDialect = Literal[ExportDialect, "astro_redemption_failures", "astro_transaction_failures", "pos_sales"]
"""Files whose headings may be learnt from a sample."""
ExistingCards = Literal["hold", "set", "top_up"]
RunOutcome = Literal[
    "running",
    "interrupted",
    "previewed",
    "exported",
    "looked",
    "differences",
    "applied",
    "applied_with_rejects",
    "partly_applied",
    "needs_approval",
    "waiting",
    "turned_down",
    "nothing_to_do",
    "file_needs_fixing",
    "settings_need_fixing",
    "refused",
    "unavailable",
    "failed",
]
GOES_WITH = "goes_with"
"""The option of a plan that names another, carried out with it: who approves the one approves both."""
RESTORES = "restore"
"""The option of a plan that puts back what a run did: the source of its own run."""


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A stored file of a run. ``name`` is what people ask for (``rejects.csv``)."""

    name: FileName
    key: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Total:
    """A control total: how many records and what they add up to, in one currency."""

    currency: str
    count: int
    sum_cents: int


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """Invariant: ``rows_in == accepted + rejected``."""

    rows_in: int
    accepted: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class ChangeCounts:
    """Invariant: the sum of all fields is the number of accepted rows (or restored records)."""

    created: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    held: int = 0
    conflict: int = 0
    refused: int = 0
    unknown: int = 0


@dataclass(frozen=True, kw_only=True)
class InvitationCounts:
    """Invariant: the sum of all fields is the number of accepted rows (or of customers a run created).

    due: not mailed yet. suppressed: asked for no mails. already: mailed in this campaign by another
    run, or twice in the list. no_address: none that a mail can be sent to.
    """

    due: int = 0
    sent: int = 0
    refused: int = 0
    unknown: int = 0
    suppressed: int = 0
    already: int = 0
    no_address: int = 0


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The control totals of a run, per currency. ``after`` is empty until read back."""

    file: tuple[Total, ...] = ()
    before: tuple[Total, ...] = ()
    expected: tuple[Total, ...] = ()
    after: tuple[Total, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run and what it was asked to do. ``source`` is an inbox key or, for a restore, a run id."""

    run_id: str
    domain: str
    flow: str
    mode: Mode
    target: TargetName | Channel
    source: str
    options: dict[str, str]
    submitted_by: str
    started_at: datetime
    attempt: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The bytes of a file as they arrived, stored write-once; nothing later looks at the inbox."""

    source: Artifact
    etag: str


@dataclass(frozen=True, kw_only=True)
class Validated:
    """What validation made of a batch. ``rejects`` is missing when there are none.

    ``references`` tells which earlier rejects the rows are (line, from_run, from_line).
    ``reference`` names the file among top-ups: the SHA-256 of the first file of its lineage.
    ``lines``: of orders, their lines (OrderLines); ``accepted`` are the orders (Orders). ``corrections``: which
    SKU people put in the place of another (``order_key, line, sku, new_sku``).
    """

    rows: RowCounts
    accepted: Artifact
    findings: Artifact
    rejects: Artifact | None
    totals: tuple[Total, ...]
    concerns: tuple[Concern, ...]
    reading: tuple[str, ...]
    references: Artifact
    follows: str
    reference: str
    lines: Artifact | None = None
    corrections: Artifact | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the target held just before: the backup, and the *before* of the plan."""

    records: Artifact
    totals: tuple[Total, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would be done, and everything a person needs to judge it.

    ``plan_id`` is the hash of the content and of nothing else: no times, no run ids.
    ``changes`` is a Parquet artifact of the frame in tasks.core.planning.changes; ``conflicts`` lists,
    for a restore, the cells that were edited since. ``effort`` is what writing takes of a system that counts calls.
    """

    plan_id: str
    domain: str
    target: TargetName | Channel
    options: dict[str, str]
    counts: ChangeCounts
    totals: Totals
    concerns: tuple[Concern, ...]
    changes: Artifact
    conflicts: Artifact | None = None
    effort: Effort | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of every change. ``outcomes`` is the changes frame with an outcome column.

    ``totals`` is what the target should hold, given what was really written, ``reasons`` why some was not.
    """

    plan_id: str
    outcomes: Artifact
    counts: ChangeCounts
    totals: tuple[Total, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What the target held when every touched record was read back."""

    read_back: Artifact
    after: tuple[Total, ...]
    discrepancies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A decision about one plan by one person. ``proof`` is the signature of their passkey, where it takes one."""

    plan_id: str
    decision: Literal["approve", "reject"]
    approver: str
    reason: str
    decided_at: datetime
    proof: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether a plan may be carried out now. ``says`` tells why not, and what to do.

    ``asked``: the concerns that this run showed when it last asked about this very plan; None where it did not.
    """

    verdict: Literal["preview", "go", "ask", "turned_down", "needs_approval"]
    says: str = ""
    asked: tuple[Concern, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class BatchName:
    """One batch of one plan in one run: the unit that a target commits, and remembers, as a whole.

    All three fields make the name: the same plan may rightly be carried out again by a later
    run (after a restore), and must not be by a retry of this one.
    """

    plan_id: str
    number: int
    run_id: str


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """Everything about a run that its report, its JSON and its command-line output say."""

    run_id: str
    domain: str
    title: str
    mode: Mode
    target: TargetName | Channel
    source: str
    outcome: RunOutcome
    says: str
    plan_id: str
    rows: RowCounts
    changes: ChangeCounts
    totals: Totals
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()
    """How the file was read: encoding, separator, number format, repairs, notes."""
    next_steps: tuple[str, ...] = ()
    effort: Effort | None = None
    guard: Guard | None = None
    discrepancies: tuple[str, ...] = ()
    """What the read-back found that the plan did not say. Empty is good."""
    still_open: int = 0
    dropped: tuple[DroppedRejects, ...] = ()
    follows: str = ""
    """The run whose rejects this file corrects, if any."""
    invitations: InvitationCounts | None = None
    """What became of the people a run invited. Such a run changes no records."""
    report_tables: tuple[ReportTable, ...] = ()
    """Small tables and charts beside the changes; their rows are among the artifacts."""
    artifacts: dict[FileName, Artifact] = field(default_factory=dict)
    columns: tuple[ValueColumn, ...] = ()
    """Those of the changes that people look at, the first first; of runs of earlier versions they are not known."""
    shop: str = ""
    """Of a group of shops, which."""
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def has_upload(self) -> bool:
        """Whether the run wrote a file that a person uploads."""
        return bool({file_names.UPLOAD_CSV, file_names.UPLOAD_XLSX} & self.artifacts.keys())
