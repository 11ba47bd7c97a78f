"""Which domains have a command, read from the source of their list: to import it would import their tables' library."""

import ast
from collections.abc import Iterator, Mapping

from cli.signatures import definition_of

_LIST = "schemas.domains"


def flows_of_domains() -> Mapping[str, str]:
    """Return the flow that imports the files of each domain, by the domain's name."""
    every, _ = definition_of("_ALL", _LIST)
    names = [each.id for each in ast.walk(every) if isinstance(each, ast.Name)]
    return dict(each for name in names for each in _flow_of(name))


def _flow_of(name: str) -> Iterator[tuple[str, str]]:
    domain, _ = definition_of(name, _LIST)
    named = {each.arg: each.value for each in domain.keywords} if isinstance(domain, ast.Call) else {}
    match named.get("name"), named.get("flow"):
        case ast.Constant(value=str(called)), ast.Constant(value=str(flow)):
            yield called, flow
