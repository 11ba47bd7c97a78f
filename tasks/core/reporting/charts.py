"""Report tables as drawings: SVG that stands in a page, without script, style of its own or anything to fetch.

pygal lays them out; colours, letters and lines come from the page's own style, so that a drawing can be read
in the dark and on paper too.
"""

from collections.abc import Callable

import polars as pl
import pygal
from lxml import etree
from pygal.style import Style

from schemas.report_tables import Chart, ChartKind, ReportTable
from tasks.core.reading.currencies import minor_digits
from tasks.core.reporting.rows import UNIT, currencies_in
from tasks.core.reporting.sheets import NOT_XML
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.words import heading

MOST_POINTS = 400
MOST_RANKED = 20
"""More marks than these say nothing on a page of this width; the table below a drawing goes on."""

_WIDTH = 1100
_HEIGHT = 340
_RANKED_ROW = 26
_LONGEST_LABEL = 34
_MOST_LABELS = 12
_DROPPED = {"script", "style", "defs", "desc", "title"}
_LAYOUT = Style(label_font_size=13, major_label_font_size=13, legend_font_size=14, no_data_font_size=16)
"""The sizes that the page's style gives the letters: pygal leaves room by them."""

_MAKERS: dict[ChartKind, Callable[..., pygal.Graph]] = {
    "line": pygal.Line,
    "bar": pygal.Bar,
    "stacked": pygal.StackedBar,
    "ranked": pygal.HorizontalBar,
}


def draw(report_table: ReportTable, rows: pl.DataFrame, speech: Speech = ENGLISH) -> list[tuple[str, str]]:
    """Draw a report table, each drawing under what its axis counts in.

    Nothing where it has no chart or no rows; one drawing a currency where it shows amounts.
    """
    if report_table.chart is None or rows.is_empty():
        return []
    if UNIT not in rows.columns or not any(name.endswith("_cents") for name in report_table.chart.series):
        return [(_counted_in(report_table.chart), _drawing(report_table, rows, "", speech))]
    parts = ((unit, rows.filter(pl.col(UNIT) == unit)) for unit in currencies_in(rows[UNIT]))
    return [(unit, _drawing(report_table, part, unit, speech)) for unit, part in parts]


def _counted_in(chart: Chart) -> str:
    return "%" if all(name.endswith("_share") for name in chart.series) else ""


def _drawing(report_table: ReportTable, rows: pl.DataFrame, unit: str, speech: Speech) -> str:
    chart = report_table.chart
    assert chart is not None  # noqa: S101 - only what has one is drawn
    shown = rows.head(MOST_RANKED).reverse() if chart.kind == "ranked" else rows.head(MOST_POINTS)
    graph = _MAKERS[chart.kind](**_settings(chart, shown))
    graph.x_labels = [_label(value) for value in shown[chart.along].cast(pl.String).fill_null("")]
    graph.x_labels_major_every = max(1, -(-shown.height // _MOST_LABELS)) if chart.kind != "ranked" else 1
    for name in chart.series:
        graph.add(report_table.headings.get(name) or speech.gettext(heading(name)), _numbers(shown[name], name, unit))
    title = f"{report_table.title}, {unit}" if unit else report_table.title
    return _as_figure(graph.render_tree(), f"{report_table.name}{unit}", title, report_table.says)


def _settings(chart: Chart, rows: pl.DataFrame) -> dict[str, object]:
    many = chart.kind != "ranked" and rows.height > _MOST_LABELS
    return {
        "js": (),
        "style": _LAYOUT,
        "width": _WIDTH,
        "height": _RANKED_ROW * rows.height * len(chart.series) + 80 if chart.kind == "ranked" else _HEIGHT,
        "legend_at_bottom": True,
        "show_legend": len(chart.series) > 1,
        "show_minor_x_labels": not many,
        "truncate_label": -1,
        "include_x_axis": chart.kind != "line",
        "dots_size": 3,
        "margin": 12,
        "max_scale": 8,
        "value_formatter": _in_words,
    }


def _label(text: str) -> str:
    """Shorten a label, and leave out what XML cannot hold."""
    text = NOT_XML.sub("\ufffd", text)
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _numbers(values: pl.Series, name: str, unit: str) -> list[float | None]:
    """Turn a column into what an axis shows: whole units, whole quantities, hundredths of a share."""
    scale = _scale(name, unit)
    return [None if value is None else value / scale for value in values.cast(pl.Float64)]


def _scale(name: str, unit: str) -> float:
    if name.endswith("_cents"):
        return float(10 ** minor_digits(unit))
    return 1000 if name.endswith("_milli") else 0.01 if name.endswith("_share") else 1


def _in_words(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _as_figure(drawn: etree._Element, name: str, title: str, says: str) -> str:
    """Leave only marks and letters, and tell what is drawn to those who cannot see it."""
    for node in list(drawn.iter()):
        if _is_needless(node):
            _take_out(node)
        else:
            etree.strip_attributes(node, "id", "style")
    for attribute, value in _named(name).items():
        drawn.set(attribute, value)
    for at, (tag, text) in enumerate((("title", title), ("desc", says))):
        element = etree.Element(tag, id=f"{name}-{tag}")
        element.text = text
        drawn.insert(at, element)
    return etree.tostring(drawn, encoding="unicode", with_tail=False)


def _is_needless(node: etree._Element) -> bool:
    is_comment = not isinstance(node.tag, str)
    return is_comment or node.tag in _DROPPED or node.get("class", "").endswith("tooltip-overlay")


def _named(name: str) -> dict[str, str]:
    return {"class": "chart", "role": "img", "aria-labelledby": f"{name}-title {name}-desc"}


def _take_out(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
