"""What a run of this shop may change before it asks: the limits of the domain, where the shop has none of its own."""

from infra.context import settings
from schemas.domain import Domain, Limits


def usual_limits(domain: Domain) -> Limits:
    """Return the limits of *domain* as this shop has them; a run may raise them."""
    own = settings().limits.get(domain.name)
    return domain.limits.raised(**own.model_dump()) if own else domain.limits
