"""Tixly's own interface for reading customers: it tells what became of an upload without another export.

Known from one client of it (contracts/tixly.md 3.3), not from Tixly: names, pages and dates may differ.
It takes no change, and shows no telephone number and nothing that only an export has. Gender and language are
numbers whose meaning is not public, so they are not read either.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import polars as pl

from infra.clock import now
from infra.connectors.json_values import as_text
from infra.http.transport import Call, Http
from schemas.domain import Resource
from schemas.problems import Refused
from schemas.register_exports import Export, Shown

PAGE_ROWS = 500
CLOCKS_DIFFER = timedelta(hours=1)
"""By how much their clock may be ahead of ours: a customer too many is no harm."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = len("2000-01-01")
_FIELDS: Mapping[str, str] = {
    "first_name": "FirstName",
    "name_prefix": "LastNamePrefix",
    "last_name": "LastName",
    "email": "Email",
    "born_on": "DateOfBirth",
    "street": "AddressOne",
    "address_2": "AddressTwo",
    "postcode": "ZipCode",
    "city": "City",
    "country": "Country",
}

Asks = Literal["changed", "all"]


class TixlyApi:
    """The interface. Asked for ``changed`` customers, it must take an upload for a change of theirs: assumed."""

    def __init__(self, http: Http, *, asks: Asks) -> None:
        self._http = http
        self._asks = asks

    def ask(self, since: datetime, resource: Resource) -> tuple[Export, Shown]:
        """Return its answer as it came, and the customers that were changed or made since then, or all.

        Raises:
            Refused: The token is not accepted, or the answer is in no form that we know.
            Unavailable: It did not answer.
        """
        whole = self._asks == "all"
        customers = list(self._customers(_EVER if whole else since - CLOCKS_DIFFER))
        content = "\n".join(json.dumps(each, ensure_ascii=False, default=str) for each in customers).encode()
        schema = pl.Schema(dict.fromkeys((resource.key, *_FIELDS), pl.String))
        records = pl.DataFrame([_record(each) for each in customers], schema=schema, orient="row")
        latest = records.unique(resource.key, keep="last", maintain_order=True)  # one that moved while we paged
        export = Export(name="the interface of Tixly.jsonl", content=content, stored_at=now())
        return export, Shown(records=latest, whole=whole)

    def time(self) -> datetime | None:
        """Return what time it is by Tixly's own clock; None where it does not say."""
        return self._http.ask(_changed_since(now())).answered_at

    def _customers(self, since: datetime) -> Iterator[dict[str, Any]]:
        call = _changed_since(since)
        gone_to: set[str] = set()
        while True:
            customers, following = _page(self._http.ask(call).data)
            yield from customers
            if not following:
                return
            if following in gone_to:
                raise Refused("Tixly sends us round in circles: a page of customers leads back to an earlier one.")
            gone_to.add(following)
            call = Call(path=following, what="the list of customers")


def _changed_since(since: datetime) -> Call:
    """Return the question for the first page of customers."""
    first = {"pageSize": str(PAGE_ROWS), "DateFrom": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return Call(path="customers", what="the list of customers", params=first)


def _page(answer: object) -> tuple[list[dict[str, Any]], str]:
    """Return the customers of a page, and where the next one is; nothing where there is none.

    Raises:
        Refused: That is no page of customers.
    """
    rows = answer.get("Data") if isinstance(answer, dict) else None
    following = answer.get("Next") or "" if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not isinstance(following, str) or not all(map(_is_customer, rows)):
        raise Refused(
            "Tixly answered with customers in a form that we do not know. Confirm by the next export instead: "
            "counterfoil confirm RUN FILE."
        )
    return rows, following


def _is_customer(row: object) -> bool:
    return isinstance(row, dict) and type(row.get("Id")) is int and row["Id"] > 0


def _record(customer: Mapping[str, Any]) -> tuple[str, ...]:
    cells = {column: as_text(customer.get(field)) for column, field in _FIELDS.items()}
    return str(customer["Id"]), *(cells | {"born_on": cells["born_on"][:_DAY]}).values()
