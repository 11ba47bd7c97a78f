"""Why changes of a batch were refused or left open: what a target keeps to say it once the batch is answered for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.records import BatchName


@dataclass(frozen=True)
class BatchReasons:
    """Reasons by batch, each once, in the order in which they came. Called with a batch, it returns them."""

    _kept: dict[BatchName, dict[str, None]] = field(default_factory=dict)

    def keep(self, batch: BatchName, reasons: Iterable[str]) -> None:
        """Keep these reasons of a batch in the place of earlier ones; those that are empty are none."""
        self._kept[batch] = dict.fromkeys(reason for reason in reasons if reason)

    def add(self, batch: BatchName, reason: str) -> None:
        """Keep one more reason of a batch; one that is empty is none."""
        if reason:
            self._kept.setdefault(batch, {})[reason] = None

    def __call__(self, batch: BatchName) -> tuple[str, ...]:
        return tuple(self._kept.get(batch, ()))
