"""Why changes of a batch were refused or left open: what a target keeps to say it once the batch is answered for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.records import BatchName


@dataclass(frozen=True)
class BatchReasons:
    """Reasons by batch, each once, in the order in which they came. Called with a batch, it returns them."""

    _kept: dict[BatchName, tuple[str, ...]] = field(default_factory=dict)

    def keep(self, batch: BatchName, reasons: Iterable[str]) -> None:
        """Keep the reasons of a batch; those that are empty are none."""
        self._kept[batch] = tuple(dict.fromkeys(reason for reason in reasons if reason))

    def __call__(self, batch: BatchName) -> tuple[str, ...]:
        return self._kept.get(batch, ())
