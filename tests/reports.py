"""Reports of runs, small and large, as the flows would hand them to rendering."""

from datetime import UTC, datetime

import polars as pl

from schemas.records import Artifact, ChangeCounts, RowCounts, RunReport, Total, Totals
from schemas.report_tables import Chart, ReportTable
from schemas.tables import Concern

CHANGES_SCHEMA = {
    "line": pl.UInt32,
    "kind": pl.String,
    "code": pl.String,
    "number": pl.String,
    "currency_before": pl.String,
    "currency_after": pl.String,
    "balance_cents_before": pl.Int64,
    "balance_cents_after": pl.Int64,
    "status_before": pl.String,
    "status_after": pl.String,
    "operation_id": pl.String,
    "operation": pl.String,
    "outcome": pl.String,
    "currency_now": pl.String,
    "balance_cents_now": pl.Int64,
    "status_now": pl.String,
}
REJECTS_SCHEMA = {"line": pl.UInt32, "heading": pl.String, "value": pl.String, "code": pl.String, "message": pl.String}


def change(line, kind, code, number, before, after, status, outcome, now=None):
    """One gift card in EUR: *before*, *after* and *now* are cents, None where there is no card."""
    unit = [None if cents is None else "EUR" for cents in (before, after, now)]
    states = [None if cents is None else status for cents in (before, after, now)]
    sides = [unit[0], unit[1], before, after, states[0], states[1] and "ACTIVE"]
    return (line, kind, code, number, *sides, None, None, outcome, unit[2], now, states[2])


def changes(*rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=CHANGES_SCHEMA, orient="row")


MESSY_CHANGES = changes(
    change(2, "create", "", "00123", None, 12_50, "ACTIVE", "written"),
    change(3, "create", "", "GC0001<script>", None, 1_234_50, "ACTIVE", "done"),
    change(5, "update", "", "GC0002", 50_00, 25_00, "ACTIVE", "written"),
    change(6, "update", "", "GC0003", 1_000_00, 1_500_00, "ACTIVE", "written"),
    change(8, "held", "GIFT_EXISTS_DIFF", "GC0004", 10_00, 12_00, "ACTIVE", ""),
    change(9, "held", "GIFT_VOIDED", "GC0005", 20_00, 30_00, "VOIDED", ""),
    change(10, "update", "", "GC0006", 10_00, 12_00, "ACTIVE", "conflict", 11_00),
    change(11, "update", "", "GC0007", 5_00, 6_00, "ACTIVE", "refused"),
    change(12, "create", "", "GC0008", None, 7_00, "ACTIVE", "unknown"),
)
MESSY_REJECTS = pl.DataFrame(
    [
        (4, "Balance", "12,5o", "AMOUNT_NOT_A_NUMBER", "Balance '12,5o': not an amount; write it like 12.50"),
        (7, "Number", "=1+1", "CELL_FORMULA", "Number '=1+1': begins like a formula; write the value itself"),
        (13, "", "GC9;1;2", "FILE_ROW_WIDTH", "3 cells where the headings have 2; put every cell in its column"),
    ],
    schema=REJECTS_SCHEMA,
    orient="row",
)
NO_CHANGES = MESSY_CHANGES.clear()
NO_REJECTS = MESSY_REJECTS.clear()

MESSY = RunReport(
    run_id="4f2a91c07be3",
    domain="gift-cards",
    title="Gift cards",
    mode="apply",
    target="sql",
    source="inbox/gift-cards/solde <juin>.csv",
    outcome="partly_applied",
    says="2 new, 2 changed, 1 unchanged, 2 held, 1 in conflict, 1 refused, 1 unknown, 3 rejected",
    plan_id="9d1c5e2f7a",
    rows=RowCounts(rows_in=13, accepted=10, rejected=3),
    changes=ChangeCounts(created=2, updated=2, unchanged=1, held=2, conflict=1, refused=1, unknown=1),
    totals=Totals(
        file=(Total(currency="EUR", count=10, sum_cents=2_850_00),),
        before=(Total(currency="EUR", count=7, sum_cents=1_105_00),),
        expected=(Total(currency="EUR", count=9, sum_cents=2_827_00),),
        after=(Total(currency="EUR", count=9, sum_cents=2_828_00),),
    ),
    concerns=(
        Concern(
            code="LIMIT_CARD",
            says="1 card would be worth more than 1,000, the largest 1,500 (rounded up)",
            override="max_amount=1500",
        ),
        Concern(code="FILE_HIDDEN_ROWS", says="rows 5-9 are hidden in the sheet and were read"),
    ),
    reading=("windows-1252, separator ';', headings in French", "amounts: decimal comma (340 of 350 cells)"),
    next_steps=(
        "Correct the rejects file and drop it in the inbox: only those rows go in again.",
        "Look at the held rows: they differ from what the target holds. Nothing was done to them.",
    ),
    discrepancies=("1 card does not hold what was written",),
    still_open=3,
    artifacts={
        "rejects.csv": Artifact(name="rejects.csv", key="runs/4f2a/rejects.csv", sha256="a" * 64, size_bytes=812),
        "report.html": Artifact(name="report.html", key="runs/4f2a/report.html", sha256="b" * 64, size_bytes=30_000),
    },
    started_at=datetime(2026, 11, 22, 17, 58, 3, tzinfo=UTC),
    finished_at=datetime(2026, 11, 22, 17, 58, 9, tzinfo=UTC),
)

REPORT_TABLES = [
    (
        ReportTable(
            name="sales-by-month",
            title="Sales by month",
            says="What was sold each month, in the money of the shop.",
            private=False,
            chart=Chart(kind="stacked", along="month", series=("sold_cents", "shipping_cents")),
            headings={"sold_cents": "Goods"},
        ),
        pl.DataFrame(
            {
                "month": [f"2024-{month:02d}" for month in range(1, 13)] + ["2024-12"],
                "currency": ["EUR"] * 12 + ["SEK"],
                "orders": [month * 397 for month in range(1, 13)] + [1],
                "sold_cents": [month * month * 1234_50 for month in range(1, 13)] + [99_00],
                "shipping_cents": [month * 95_00 for month in range(1, 13)] + [49_00],
            }
        ),
    ),
    (
        ReportTable(
            name="stock-by-product",
            title="Stock by product",
            says="The products of which most leaves, and what is left of them.",
            private=False,
            chart=Chart(kind="ranked", along="product", series=("sold_milli",)),
        ),
        pl.DataFrame(
            {
                "product": [f"Jacket <b>no. {number}</b> with a very long name indeed" for number in range(60)],
                "sold_milli": [60_500 - number * 1_000 for number in range(60)],
                "left_milli": [number * 250 - 3_000 for number in range(60)],
                "negative": [number < 12 for number in range(60)],
            }
        ),
    ),
    (
        ReportTable(
            name="members",
            title="Members",
            says="How many came back.",
            private=True,
            chart=Chart(kind="line", along="week", series=("back_share", "away_share")),
        ),
        pl.DataFrame(
            {
                "week": [f"week {week}" for week in range(30)],
                "back_share": [week / 40 for week in range(30)],
                "away_share": [None if week == 4 else 1 - week / 40 for week in range(30)],
                "first_name": ["Ann"] * 30,
            }
        ),
    ),
]


def large(count: int, *, held: int = 100) -> tuple[RunReport, pl.DataFrame]:
    """A run of *count* changes of which the last *held* are held, the rest half new, half changed."""
    at = pl.int_range(count, dtype=pl.Int64)
    kind = (
        pl.when(at >= count - held)
        .then(pl.lit("held"))
        .when(at % 2 == 0)
        .then(pl.lit("create"))
        .otherwise(pl.lit("update"))
    )
    frame = pl.select(
        line=(at + 2).cast(pl.UInt32),
        kind=kind,
        number=pl.format("GC{}", (10_000_000 + at).cast(pl.String)),
        cents=at * 7919 % 25_000,
    ).with_columns(exists=pl.col("kind") != "create")
    exists, cents = pl.col("exists"), pl.col("cents")
    made = frame.select(
        "line",
        "kind",
        pl.when(pl.col("kind") == "held").then(pl.lit("GIFT_EXISTS_DIFF")).otherwise(pl.lit("")).alias("code"),
        "number",
        pl.when(exists).then(pl.lit("EUR")).alias("currency_before"),
        pl.lit("EUR").alias("currency_after"),
        pl.when(exists).then(cents + 500).alias("balance_cents_before"),
        cents.alias("balance_cents_after"),
        pl.when(exists).then(pl.lit("ACTIVE")).alias("status_before"),
        pl.lit("ACTIVE").alias("status_after"),
        pl.lit(None, pl.String).alias("operation_id"),
        pl.lit(None, pl.String).alias("operation"),
        pl.when(pl.col("kind") == "held").then(pl.lit("")).otherwise(pl.lit("written")).alias("outcome"),
    )
    kinds = dict(made.group_by("kind").len().iter_rows())
    counts = ChangeCounts(created=kinds.get("create", 0), updated=kinds.get("update", 0), held=kinds.get("held", 0))
    return RunReport(
        run_id="0b77de4412aa",
        domain="gift-cards",
        title="Gift cards",
        mode="apply",
        target="sql",
        source="inbox/gift-cards/all.csv",
        outcome="applied_with_rejects",
        says=f"{counts.created:,} new, {counts.updated:,} changed, {counts.held:,} held",
        plan_id="77aa01",
        rows=RowCounts(rows_in=count, accepted=count, rejected=0),
        changes=counts,
        totals=Totals(),
    ), made
