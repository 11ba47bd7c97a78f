"""The worklist: what people have to do about failures, as a file with room for what they decided, and read back.

Whether a decision can be right is judged in ``decisions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from schemas.loyalty.decision_words import DECISION_WORDS
from schemas.loyalty.records import Decision
from schemas.loyalty.reports import Decided
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, pick
from tasks.core.checking.findings import column_findings, count_rows, without_rejects
from tasks.core.checking.pandera_checks import other_lines
from tasks.core.checking.readers import whole_cells
from tasks.core.checking.texts import read_text
from tasks.core.checking.word_lists import fold
from tasks.core.loyalty.advice_sentences import ADVICE_SENTENCES
from tasks.core.wording.localization import localize
from tasks.core.wording.money import plain_amount
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.writing.files import write_escaped, write_form

_KEY = "failure_key"
MOST_ROWS = 10_000
"""Nobody works through more, and the next worklist has what this one leaves out."""
PAGE = r"(?i)^https?://[^\s]+$"
"""What is worth pressing: a link within a page that was saved leads nowhere from a list."""
_SHOWN = (
    *("section", "customer_name", "customer_id", "failure_class", "reward_id", "upc", "occurred_on", "expires_on"),
    *("at_risk_cents", "who", "proof", "steps", "cause", "customer_link", _KEY),
)
WORDS: Mapping[Decision, str] = DECISION_WORDS["en"]
"""How people write a decision; in a worklist of another language they write it in that."""
_MEANT: Mapping[str, Decision] = {
    fold(word): decision for words in DECISION_WORDS.values() for decision, word in words.items()
}


@dataclass(frozen=True, kw_only=True)
class ReadWorklist:
    """What came of a worklist: ``decided`` (Decided) are the rows in which something was decided.

    ``rows.accepted`` counts those too that were left blank, and ``undecided`` says how many these are.
    """

    decided: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    undecided: int


def to_do(failures: pl.DataFrame, diagnoses: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Put beside each other what a worklist shows of *failures* (FailureStates).

    *names* (``failure_key, customer_name, customer_link``) are known of those that a source of today tells.
    """
    diagnosed = failures.drop("failure_class", "at_risk_cents").join(diagnoses, on=_KEY)
    return diagnosed.join(names.unique(_KEY), on=_KEY, how="left", maintain_order="left").select(_SHOWN)


def most_pressing(parts: Sequence[pl.DataFrame], most: int) -> pl.DataFrame:
    """Return what comes first of what is to do: redemptions, then by how little time is left, then by the money.

    What costs nothing comes last of its section; of what nobody knows the cost, that cannot be said.
    """
    harmless = pl.col("at_risk_cents").eq_missing(0)
    return pl.concat(parts).sort(
        ["section", harmless, "expires_on", "at_risk_cents", _KEY],
        descending=[False, False, False, True, False],
        nulls_last=True,
    )[:most]


def lay_out(rows: pl.DataFrame, *, currency: str, speech: Speech = ENGLISH) -> pl.DataFrame:
    """Lay out a worklist as people read it, one row a failure. All cells are text; columns keep their English names."""
    amount = plain_amount(pl.col("at_risk_cents"), pl.lit(currency), [currency])
    said = partial(_said, rows=rows, speech=speech)
    shown = {
        "decision": pl.lit(""),
        "note": pl.lit(""),
        "customer": pl.col("customer_name").fill_null(""),
        "customer_id": pl.col("customer_id"),
        "what": said("failure_class"),
        "reward or item": pl.when(pl.col("section") == "redemption").then("reward_id").otherwise("upc"),
        "failed on": pl.col("occurred_on").dt.to_string("%Y-%m-%d"),
        "until": pl.col("expires_on").dt.to_string("%Y-%m-%d"),
        f"at risk ({currency})": amount.fill_null(speech.gettext("unknown")),
        "who": said("who"),
        "how we know": said("proof"),
        "steps": said("steps"),
        "cause": pl.col("cause"),
        "page in Astro": pl.when(pl.col("customer_link").str.contains(PAGE)).then("customer_link").fill_null(""),
        _KEY: pl.col(_KEY),
    }
    return rows.select(**shown)


def _said(name: str, *, rows: pl.DataFrame, speech: Speech) -> pl.Expr:
    """Say a column in the language of *speech*, line by line; each text that occurs once."""
    texts = rows[name].unique().drop_nulls().to_list()
    if name == "failure_class":
        return pl.col(name).replace_strict({text: speech.gettext(text.replace("_", " ")) for text in texts}, default="")
    return pl.col(name).replace({text: advice_in(text, speech) for text in texts})


def advice_in(text: str, speech: Speech) -> str:
    """Say advice in the language of *speech*; Astro's own words stay."""
    return "\n".join(localize(line, speech, ADVICE_SENTENCES) for line in text.split("\n"))


def fill_in(laid_out: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """Write decisions into a worklist, as people do by hand; what nobody decided about is left out.

    *decided* has ``failure_key, decision, note``, all of them text; a blank decision is none.
    """
    chosen = decided.filter(pl.col("decision") != "").select(_KEY, chosen="decision", said="note")
    rows = laid_out.join(chosen, on=_KEY, how="inner", maintain_order="left")
    return rows.with_columns(decision="chosen", note="said").select(laid_out.columns)


def write_csv(rows: pl.DataFrame, speech: Speech = ENGLISH) -> bytes:
    """Write a worklist as CSV; nothing in it runs in a spreadsheet."""
    return write_escaped(rows.rename(_headings(rows, speech)))


def write_xlsx(rows: pl.DataFrame, speech: Speech = ENGLISH) -> bytes:
    """Write a worklist as a workbook of text cells, to be worked through and filled in."""
    headings = _headings(rows, speech)
    widths = {headings[name]: width for name, width in _WIDTHS.items() if name in headings}
    choices = {headings["decision"]: tuple(DECISION_WORDS[speech.language].values())}
    return write_form(speech.gettext("Worklist"), rows.rename(headings), widths=widths, choices=choices)


def _headings(rows: pl.DataFrame, speech: Speech) -> dict[str, str]:
    """Head the columns in the language; that of the key is for us alone."""
    return {name: name if name == _KEY else localize(name, speech) for name in rows.columns}


HEADINGS = (
    *("decision", "note", "customer", "customer_id", "what", "reward or item", "failed on", "until", "who"),
    *("how we know", "steps", "cause", "page in Astro", "Worklist"),
)
"""What the columns are called, beside that of the money (``at risk (EUR)``, which is a sentence)."""
_WIDTHS = {"decision": 16, "note": 24, "customer": 22, "what": 20, "reward or item": 16, "how we know": 44, "steps": 90}
_WIDTHS |= {"cause": 26, "page in Astro": 40}


def read_worklist(table: Table, known: pl.Series) -> ReadWorklist:
    """Read the decisions of a worklist; *known* are the keys of all failures that we remember."""
    cells = whole_cells(table, Decided)
    columns = {
        _KEY: _read_keys(cells[_KEY], known),
        "decision": _read_decisions(cells["decision"]),
        "note": read_text(cells["note"]),
    }
    rows = cells.select("line", **{name: column.values for name, column in columns.items()})
    found = [column_findings(table, name, column) for name, column in columns.items() if column.rejects.height]
    findings = pl.concat([table.findings, *found, _contradictions(table, rows)]).sort("line", maintain_order=True)
    accepted = Decided.validate(without_rejects(rows, findings))
    decided = accepted.filter(pl.col("decision") != "").unique(_KEY, keep="first", maintain_order=True)
    return ReadWorklist(
        decided=decided,
        findings=findings,
        rows=count_rows(table, accepted, findings),
        undecided=accepted.filter(decision="").height,
    )


def _read_keys(cells: pl.Series, known: pl.Series) -> ReadColumn:
    odd = pick(cells, ~cells.str.to_lowercase().is_in(known.implode()))
    rejects = odd.select("index", code=pl.lit("LOYALTY_KEY_UNKNOWN"), detail=pl.lit(""))
    return ReadColumn(values=cells.str.to_lowercase(), rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def _read_decisions(cells: pl.Series) -> ReadColumn:
    """Read what people decided; a blank decides nothing."""
    met = {word: _MEANT.get(fold(word), "") for word in cells.unique() if word}
    values = cells.replace_strict(met, default="", return_dtype=pl.String)
    odd = pick(cells, (cells != "") & (values == ""))
    rejects = odd.select("index", code=pl.lit("LOYALTY_DECISION"), detail=pl.lit(""))
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def _contradictions(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Find the failures about which the file decides two things; nobody can tell which is meant."""
    decided = rows.filter(pl.col("decision") != "")
    torn = decided.filter(pl.col("decision").n_unique().over(_KEY) > 1)
    others = other_lines(torn.select("line", same=_KEY), table.originals)
    return (
        torn.join(others, on="line", how="left", maintain_order="left")
        .select(
            "line",
            heading=pl.lit(table.headings["decision"]),
            value="decision",
            code=pl.lit("LOYALTY_DECISION_TWICE"),
            detail=pl.col("others").fill_null(""),
        )
        .cast(FINDINGS_SCHEMA)
    )
