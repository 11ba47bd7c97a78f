"""The counterfoils of sales that a system has no place for, and what a run moved of its stock, in the bucket.

They hold values of rows, as the plans of runs do: ``kept_sales/<target>/<sale>.json``, and beside the files of a run
``runs/<run>/moved/<name>.json``.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from infra.artifacts.run_files import view_key
from infra.connectors.lightspeed_x.sale_book import Moved, SaleEntry
from infra.context import storage
from infra.parallel import in_parallel

_AT_A_TIME = 8


class KeptSales:
    """The counterfoils of one target."""

    def __init__(self, target: str) -> None:
        self._folder = f"kept_sales/{target}"

    def recall(self, sale_id: str) -> list[SaleEntry]:
        """Return the changes of a sale, oldest first."""
        place = self._place(sale_id)
        kept = json.loads(storage().get(place)) if storage().head(place) else []
        return [SaleEntry(**entry) for entry in kept]

    def keep(self, sale_id: str, entry: SaleEntry) -> None:
        """Keep a change; one that leads to the same documents is kept in the place of the other."""
        others = [each for each in self.recall(sale_id) if each.documents != entry.documents]
        content = json.dumps([asdict(each) for each in (*others, entry)], default=dict)
        storage().put(self._place(sale_id), content.encode())

    def booked(self, after: str, before: str) -> list[str]:
        """Return the keys of orders whose sales were between two instants, as far as they were kept."""
        names = [each.key.rpartition("/")[2].removesuffix(".json") for each in storage().list(f"{self._folder}/")]
        last = [entries[-1] for entries in in_parallel(self.recall, names, _AT_A_TIME) if entries]
        return [each.order_key for each in last if each.order_key and after <= each.record["sold_at"] <= before]

    def keep_moved(self, run_id: str, name: str, rows: Sequence[Moved]) -> None:
        """Keep what a change moved of the stock."""
        place = view_key(run_id, f"moved/{name}.json")
        storage().put(place, json.dumps(rows).encode())

    def moved(self, run_id: str) -> list[Moved]:
        """Return what the changes of a run moved."""
        keys = [each.key for each in storage().list(view_key(run_id, "moved/"))]
        return [row for rows in in_parallel(_load_rows, keys, _AT_A_TIME) for row in rows]

    def _place(self, sale_id: str) -> str:
        return f"{self._folder}/{sale_id}.json"


def _load_rows(key: str) -> list[Moved]:
    return [tuple(row) for row in json.loads(storage().get(key))]
