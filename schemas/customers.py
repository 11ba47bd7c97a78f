"""Customers: the people a shop knows, as the files of two systems and a register hold them.

Sources: the help articles on the Tixly register and on importing eCom customers, contracts/tixly.md
3.1 and 3.2, contracts/lightspeed-ecom.md 2.2. Which values mean the same is decided in
``tasks.core.checking``, not here.
"""

from schemas.columns import is_private, with_columns_of
from schemas.customer_codes import CUSTOMER_CODES
from schemas.customer_records import CustomerRecords, People
from schemas.customer_rows import CUSTOMER_COLUMNS, Customers
from schemas.domain import Dialect, Domain, Limits, NumberFormat, Resource

__all__ = ["CUSTOMERS", "CUSTOMER_COLUMNS", "LIGHTSPEED_ECOM", "TIXLY", "CustomerRecords", "Customers", "People"]

_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}
_REFERENCE = "Counterfoil row"

TIXLY = with_columns_of(
    Customers,
    Dialect(
        name="tixly",
        number_format=NumberFormat(),
        error_headings=_ERRORS,
        reference_heading=_REFERENCE,
        separator=";",
        passes_through=True,
        numbers_by_zero=True,
        qualifiers=("dead", "live", "status"),
    ),
)
"""Assumed where the user's own export does not say otherwise: the headings are not public (tixly.md 3.2)."""

LIGHTSPEED_ECOM = with_columns_of(
    Customers,
    Dialect(
        name="lightspeed_ecom",
        number_format=NumberFormat(),
        error_headings=_ERRORS,
        reference_heading=_REFERENCE,
        qualifiers=("dead", "live", "status"),
    ),
)
"""The 36 headings of the import (lightspeed-ecom.md 2.2); in other languages assumed."""

CUSTOMERS = Domain(
    name="customers",
    title="Customers",
    flow="flows.customers.import_customers",
    codes=CUSTOMER_CODES,
    dialects=(TIXLY, LIGHTSPEED_ECOM),
    resource=Resource(
        name="customers",
        key="customer_id",
        columns=CUSTOMER_COLUMNS,
        known_by="email",
        names=("first_name", "last_name"),
        private=is_private(Customers),
    ),
    rows=(Customers, People),
    records=CustomerRecords,
    limits=Limits(changed_share=0.20, changed_rows_floor=50, changed_rows=5_000),
)
