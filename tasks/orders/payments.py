"""What sales are paid with, where the target keeps it and the settings say which payment method is which."""

from infra.connectors import KeepsPayments
from infra.context import target
from schemas.domain import Domain
from schemas.orders.records import ORDERS, PAID_ORDERS
from schemas.orders.steps import PaymentTypes
from schemas.records import Run
from tasks.chain.step import step


@step
def orders_as_kept(run: Run) -> Domain:
    """Return the domain that orders are planned as: with what each sale is paid with, or without.

    Raises:
        SettingsNeedFixing: The settings name a payment type that the target does not have, or none.
    """
    return PAID_ORDERS if types_of_payment(run) else ORDERS


def types_of_payment(run: Run) -> PaymentTypes | None:
    """Return which payment types a run's sales are paid with; None where all are paid alike, or nobody keeps it.

    Raises:
        SettingsNeedFixing: The settings name a payment type that the target does not have, or none.
    """
    connector = target(run.target)
    types = connector.payment_types() if isinstance(connector, KeepsPayments) else None
    return types if types and types.by_method else None
