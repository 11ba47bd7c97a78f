"""What people are told when Prefect's server does not do what a command needs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from infra.context import settings
from infra.stack.credentials import login_file
from schemas.problems import Refused, Unavailable

if TYPE_CHECKING:
    from httpx import HTTPError


@contextmanager
def reaching_prefect() -> Iterator[None]:
    """Say in words that Prefect's server did not answer, or not well; what a flow itself meets ends in its state."""
    from httpx import HTTPError  # noqa: PLC0415 - commands that need no Prefect do not wait for it

    try:
        yield
    except Exception as error:
        met = next((each for each in _causes(error) if isinstance(each, HTTPError)), None)
        if met is None:
            raise
        raise _no_prefect(met) from None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it was raised for: Prefect wraps the one in the other."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _no_prefect(met: "HTTPError") -> Refused | Unavailable:
    """Say why the server does nothing for us, by what it answered, if it did."""
    from httpx import HTTPStatusError  # noqa: PLC0415 - as above

    server = f"The Prefect server at {os.environ.get('PREFECT_API_URL', '')}"
    status = met.response.status_code if isinstance(met, HTTPStatusError) else None
    again = "then run again: what was done already is not done twice."
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused(
            f"{server} does not accept our login. Set PREFECT_API_AUTH_STRING to its user:password; that of the server "
            f"that make up started lies in {login_file(settings().home.resolve())}. Nothing was done."
        )
    if status is None:
        return Unavailable(f"{server} did not answer. Start it, or correct PREFECT_API_URL, {again}")
    return Unavailable(
        f"{server} cannot do its work ({status}). Look at its log: its database may be away, or the disk full. "
        f"Put that right, {again}"
    )
