"""Holds requests and answers against OpenAPI descriptions: ours, and the vendor's own where a variable names its file.

What no schema says is looked at too: query names that nobody declared.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

OURS = (
    Path(__file__).with_name("lightspeed_x_openapi.yaml"),
    Path(__file__).with_name("lightspeed_x_sales_openapi.yaml"),
)
"""Our description, in parts that share their components."""
VENDORS = "LIGHTSPEED_X_OPENAPI"
"""The variable that names the vendor's file."""
HOST = "http://localhost"


@dataclass
class SentRequest:
    """A request, as the library wants to see it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes | None
    content_type: str
    host_url: str = HOST
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(self.query), header=Headers(list(self.headers.items()))
        )


@dataclass
class SentAnswer:
    """An answer, as the library wants to see it."""

    status_code: int
    data: bytes
    content_type: str = "application/json"
    headers: Headers = field(default_factory=Headers)


@cache
def descriptions() -> Mapping[str, OpenAPI]:
    """Return what there is to hold against, by name."""
    found = {"ours": OpenAPI.from_dict(_our_description())}
    vendors = os.environ.get(VENDORS)
    if vendors:
        document = json.loads(Path(vendors).read_text())
        document.pop("security", None)  # whether a token came is for the fake to say, as a 401
        found["the vendor's"] = OpenAPI.from_dict(document)
    return found


def _our_description() -> dict[str, Any]:
    first, *others = (yaml.safe_load(part.read_text()) for part in OURS)
    for other in others:
        first["paths"] |= other["paths"]
        first["components"]["schemas"] |= other["components"]["schemas"]
    return first  # type: ignore[no-any-return]


@cache
def our_paths() -> Mapping[str, Any]:
    """Return what our description says of each path."""
    return _our_description()["paths"]  # type: ignore[no-any-return]


def violations(request: SentRequest, answer: SentAnswer) -> list[str]:
    """Say how a request or its answer breaks a description; a request that was refused may."""
    found = []
    for name, description in descriptions().items():
        if name != "ours" and request.path.startswith("/api/1.0/"):
            continue  # the vendor's file is of one version
        seen = replace(request)  # the library writes into it what it finds
        errors = [] if answer.status_code in (400, 401) else list(description.iter_request_errors(seen))
        errors += list(description.iter_response_errors(seen, answer))
        found += [f"{name}: {request.method} {request.path}: {error!r} {error.__cause__!r}" for error in errors]
    return found + _undeclared(request)


def _undeclared(request: SentRequest) -> list[str]:
    """Say which names of a query our description has not; schemas let them pass."""
    for path, calls in our_paths().items():
        if request.method in calls and re.fullmatch(f"/api{re.sub('{[a-z_]+}', '[^/]+', path)}", request.path):
            declared = {each.get("name") for each in calls[request.method].get("parameters", [])}
            return [f"{request.path}: nobody declared {name}" for name in request.query if name not in declared]
    return []


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode()
