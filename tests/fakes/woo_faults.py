"""How a WooCommerce shop says no."""

from typing import Any


class Fault(Exception):  # noqa: N818 - the shop says fault, not error
    """An answer in the shop's own form that says no."""

    def __init__(self, status: int, code: str, message: str = "", **data: Any) -> None:
        super().__init__(code)
        self.status = status
        self.document = {"code": code, "message": message or code, "data": {"status": status, **data}}
