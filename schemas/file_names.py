"""Names of the files that runs leave behind, each said once; what saves or loads one takes no other text.

They are what the ledger calls the files; where each lies in the bucket is for ``infra.artifacts.run_files`` to say.
"""

from typing import NewType

FileName = NewType("FileName", str)

SOURCE = FileName("source")
"""The file as it came; its own ending follows."""
REFERENCES = FileName("references.parquet")
CAME_BACK = FileName("came-back.parquet")
NUMBER_FORMAT = FileName("number-format.json")
ACCEPTED = FileName("accepted.parquet")
FINDINGS = FileName("findings.parquet")
REJECTS_CSV = FileName("rejects.csv")
REJECTS_XLSX = FileName("rejects.xlsx")
REJECTS_JSON = FileName("rejects.json")

SNAPSHOT = FileName("snapshot.parquet")
CHANGES = FileName("changes.parquet")
PLAN = FileName("plan.json")
DONE = FileName("done.parquet")
"""Of a restore: the changes that it undoes."""
CONFLICTS = FileName("conflicts.csv")
BY_HAND = FileName("by-hand.csv")
"""Changes that a target cannot be told, for a person to make there."""
OUTCOMES = FileName("outcomes.parquet")
READ_BACK = FileName("read-back.parquet")

REPORT_HTML = FileName("report.html")
REPORT_XLSX = FileName("report.xlsx")
REPORT_JSON = FileName("report.json")
MANIFEST = FileName("manifest.json")
APPROVAL = FileName("approval.json")
"""Who approved the plan that the run carried out, signed with their passkey."""

UPLOAD_CSV = FileName("upload.csv")
UPLOAD_XLSX = FileName("upload.xlsx")
REGISTER_CSV = FileName("register.csv")
REGISTER_XLSX = FileName("register.xlsx")
"""The export from which an upload was made."""
SHOP_ANSWER = FileName("shop-answer.csv")
NEXT_EXPORT = FileName("next-export")
"""The export that shows what became of an upload; its own ending follows."""
MISMATCHES = FileName("mismatches.csv")
NOT_SHOWN = FileName("not-shown.csv")
SPOT_CHECK = FileName("spot-check.xlsx")
EXPORT_CSV = FileName("export.csv")
EXPORT_XLSX = FileName("export.xlsx")

PAGES = FileName("pages.parquet")
ORDERS = FileName("orders.parquet")
LINES = FileName("lines.parquet")
CORRECTIONS = FileName("corrections.parquet")
MATCHED = FileName("matched.parquet")
WANTED_PRODUCTS = FileName("wanted-products.parquet")
WANTED_DESCRIBED = FileName("wanted-described.parquet")
WANTED_ORIGINS = FileName("wanted-origins.parquet")
CATALOGUE = FileName("catalogue.parquet")
HELD = FileName("held.csv")
HELD_ORDERS = FileName("held-orders.parquet")
PRODUCTS = FileName("products.parquet")
LEVELS = FileName("levels.parquet")
UNEVEN_LEVELS = FileName("uneven-levels.csv")
STOCK_BEFORE = FileName("stock-before.csv")
STOCK_EFFECT = FileName("stock-effect.parquet")

FAILURES = FileName("failures.parquet")
PARSED_SALES_LINES = FileName("told-sales.parquet")
REMEMBERED = FileName("remembered.parquet")
STATES = FileName("states.parquet")
OPEN = FileName("open.parquet")
DAY = FileName("day.parquet")
NAMES = FileName("names.parquet")
SALES = FileName("sales.parquet")
SOLD_DAYS = FileName("sold-days.parquet")
SOLD_ITEMS = FileName("sold-items.parquet")
TAKEN_FOR_FREE = FileName("taken-for-free.parquet")
ITEMS = FileName("items.parquet")
HEARD = FileName("heard.json")
EVIDENCE = FileName("evidence.parquet")
DIAGNOSES = FileName("diagnoses.parquet")
CAUSES = FileName("causes.parquet")
WANTED = FileName("wanted.parquet")
WORKLIST_CSV = FileName("worklist.csv")
WORKLIST_XLSX = FileName("worklist.xlsx")
DECIDED_ABOUT = FileName("decided-about.parquet")
DECISIONS = FileName("decisions.parquet")

INVITEES = FileName("invitees.parquet")
PEOPLE = FileName("people.parquet")
SUPPRESSIONS = FileName("suppressions.csv")
SAMPLE_MAIL = FileName("sample.eml")
SAMPLE_PAGE = FileName("sample.html")
TEMPLATE_TEXT = FileName("template.txt")
TEMPLATE_PAGE = FileName("template.html")
MAIL = FileName("mail.eml")
MAILING_LIST = FileName("mailing-list.csv")
INVITATIONS = FileName("invitations.csv")

LINKED = (
    REPORT_HTML,
    REPORT_XLSX,
    REJECTS_CSV,
    REJECTS_XLSX,
    REJECTS_JSON,
    HELD,
    CONFLICTS,
    BY_HAND,
    UPLOAD_CSV,
    UPLOAD_XLSX,
    STOCK_BEFORE,
    WORKLIST_XLSX,
    WORKLIST_CSV,
    MISMATCHES,
    NOT_SHOWN,
    SPOT_CHECK,
    EXPORT_CSV,
    EXPORT_XLSX,
    INVITATIONS,
    MAILING_LIST,
)
"""Files that people open; a report links to those that there are."""


def one_of_several(name: FileName, which: object) -> FileName:
    """Name one of several files of a run: ``findings-2.parquet``."""
    stem, dot, ending = name.partition(".")
    return FileName(f"{stem}-{which}{dot}{ending}")


def ending_in(name: FileName, suffix: str) -> FileName:
    """Name a file that keeps the ending it came with, such as ``.csv``."""
    return FileName(f"{name}{suffix.lower() or '.bin'}")


def rejects_file(kind: str) -> FileName:
    """Name a rejects file, which is in the form of the file that came: text, or else a workbook."""
    return REJECTS_CSV if kind == "csv" else REJECTS_XLSX


def register_file(kind: str) -> FileName:
    """Name the export from which an upload was made, in its form."""
    return REGISTER_CSV if kind == "csv" else REGISTER_XLSX


def upload_file(kind: str) -> FileName:
    """Name an upload, which is in the form of the export that it was made from."""
    return UPLOAD_CSV if kind == "csv" else UPLOAD_XLSX


def export_file(kind: str) -> FileName:
    """Name what is exported as text, or else as a workbook."""
    return EXPORT_CSV if kind == "csv" else EXPORT_XLSX


def file_about(domain: str, name: FileName) -> FileName:
    """Name a file of a run that is about the records of another *domain* than its own."""
    return FileName(f"{domain}-{name}")


def report_table_file(report_table: str) -> FileName:
    """Name the file that holds the rows of a report table."""
    return FileName(f"exhibit-{report_table}.parquet")


def page_file(kind: str, number: int) -> FileName:
    """Name a page of a web shop."""
    return FileName(f"{kind}-{number}.json")
