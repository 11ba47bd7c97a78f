"""XML of others, element by element: nothing is fetched, no entity is followed, no more is held than one element."""

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree
from lxml.etree import _Element as Element

__all__ = ["Element", "XmlBroken", "elements", "local_name", "namespace_of", "text_of"]

XmlBroken = etree.XMLSyntaxError
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML cannot hold."""


def elements(stream: IO[bytes], *names: str) -> Iterator[Element]:
    """Yield the elements of these local names, whatever their namespace, each when it is complete.

    What was yielded, and what stands before it, is forgotten.

    Raises:
        XmlBroken: It is no XML.
        ValueError: It declares a document type, which no workbook does.
    """
    tags = [f"{{*}}{name}" for name in names]
    found = etree.iterparse(
        stream, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for number, (_, element) in enumerate(found):
        if not number and element.getroottree().docinfo.doctype:
            raise ValueError("a document type is declared")
        yield element
        _forget(element)


def _forget(element: Element) -> None:
    """Free an element and those before it; to its own parent it is of no use any more either."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace_of(element: Element) -> str:
    """Return the namespace of an element as it stands before names: ``{...}``, or nothing."""
    tag = str(element.tag)
    return tag[: tag.rfind("}") + 1]


def text_of(item: Element) -> str:
    """Return the text of a cell or a shared text, which may have runs of several looks.

    How it is pronounced does not belong to it.
    """
    inside = namespace_of(item)
    pronounced = f"{inside}rPh"
    texts = [
        t.text or "" for t in item.iter(f"{inside}t") if (above := t.getparent()) is None or above.tag != pronounced
    ]
    return _ESCAPED.sub(_unescaped, "".join(texts))


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))
