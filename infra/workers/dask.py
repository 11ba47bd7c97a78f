"""The workers of a Dask cluster: one that somebody runs, or one of processes that is started here for a run."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from os import cpu_count, environ
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from infra.databases.errors import LATER
from infra.settings import Settings
from infra.workers.places import expect_shared, places_of
from schemas.problems import SettingsNeedFixing, Unavailable

if TYPE_CHECKING:  # at run time only where somebody asks for a cluster: it is an extra
    from distributed import Client, Future

    from infra.workers.on_worker import Answered

Asked = TypeVar("Asked")
Got = TypeVar("Got")
_CONNECT_SECONDS = 15
_LAST_TASKS_SECONDS = 120
"""How long tasks may take that were under way when another failed."""
_LOOKS_AFTER_SECONDS = 0.1
_WAITING_FOR_EACH = 2
"""Tasks a worker has before it, so that it never waits for us."""


class DaskWorkers:
    """A cluster that is connected to."""

    def __init__(self, client: "Client", settings: Settings) -> None:
        self._client, self._scheduler = client, settings.dask_scheduler
        self._for = settings.shop, places_of(settings)

    def map(self, work: Callable[[Asked], Got], all_asked: Iterable[Asked]) -> Iterator[Got]:
        from infra.workers.on_worker import perform  # noqa: PLC0415 - it opens systems, which open us

        waiting: deque[Future[Any]] = deque()
        with _in_words(self._scheduler):
            most = _WAITING_FOR_EACH * max(1, len(self._client.scheduler_info()["workers"]))
            try:
                for asked in all_asked:
                    waiting.append(self._client.submit(perform, work, asked, *self._for, pure=False))
                    if len(waiting) >= most:
                        yield _answer(waiting.popleft())
                while waiting:
                    yield _answer(waiting.popleft())
            finally:
                self._give_up(list(waiting))

    def _give_up(self, waiting: "list[Future[Any]]") -> None:
        """Let nothing begin of what nobody waits for any more, and wait for what a worker is at: nobody can stop it."""
        from infra.workers.on_worker import keys_to_do  # noqa: PLC0415 - see above

        self._client.cancel(waiting)  # type: ignore[no-untyped-call]
        keys, until = {each.key for each in waiting}, monotonic() + _LAST_TASKS_SECONDS
        while keys and monotonic() < until:
            sleep(_LOOKS_AFTER_SECONDS)  # what was sent off last is there by now
            at_work = self._client.run(keys_to_do, on_error="ignore")
            if keys.isdisjoint(key for each in at_work.values() for key in each):
                return


def _answer(waiting: "Future[Answered[Got]]") -> Any:
    answered = waiting.result()
    if answered.problem:
        raise answered.problem
    return answered.got


@contextmanager
def _in_words(scheduler: str) -> Iterator[None]:
    from distributed import KilledWorker  # noqa: PLC0415 - an extra
    from distributed.client import FutureCancelledError  # noqa: PLC0415

    try:
        yield
    except KilledWorker as error:
        raise Unavailable(
            "Dask workers died each time they were given the same part of this run. See that they have memory enough, "
            f"or set COUNTERFOIL_PARTITION_ROWS lower. {LATER}"
        ) from error
    except (FutureCancelledError, OSError, TimeoutError) as error:
        raise Unavailable(_lost(scheduler)) from error


def open_dask(settings: Settings, closing: ExitStack) -> DaskWorkers:
    """Connect to the cluster that the settings name, or start one of so many processes here.

    Raises:
        SettingsNeedFixing: The extra is not installed, or workers elsewhere would write elsewhere.
        Unavailable: The scheduler does not answer.
    """
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise SettingsNeedFixing(
            "COUNTERFOIL_DASK_SCHEDULER or COUNTERFOIL_DASK_WORKERS is set, but Dask is not installed. Install "
            "counterfoil[dask], or leave them empty."
        ) from None
    if settings.dask_scheduler:
        expect_shared(settings)
    logging.getLogger("distributed").setLevel(logging.ERROR)
    address: Any = settings.dask_scheduler or closing.enter_context(_local_cluster(settings.dask_workers))
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise Unavailable(_lost(settings.dask_scheduler)) from error
    closing.callback(client.close)
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except TimeoutError as error:
        where = f"the Dask scheduler at {settings.dask_scheduler}"
        raise Unavailable(f"No worker is connected to {where}. Start one, then run again. {LATER}") from error
    return DaskWorkers(client, settings)


def _local_cluster(workers: int) -> Any:
    """Start processes of our own.

    Raises:
        Unavailable: They do not come up.
    """
    from distributed import LocalCluster  # noqa: PLC0415 - an extra

    shared = str(max(1, (cpu_count() or 1) // workers))  # polars takes every core otherwise, in each of them
    try:
        return LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=None,
            silence_logs=logging.ERROR,
            env={"POLARS_MAX_THREADS": environ.get("POLARS_MAX_THREADS", shared), "DASK_LOGGING__DISTRIBUTED": "error"},
        )
    except (RuntimeError, OSError, TimeoutError) as error:
        raise Unavailable(
            "The Dask workers of this run did not start. See that the machine has memory enough for them, or set "
            f"COUNTERFOIL_DASK_WORKERS lower. {LATER}"
        ) from error


def _lost(address: str) -> str:
    where = f"at {address} " if address else ""
    return (
        f"The Dask scheduler {where}does not answer. See that it runs and COUNTERFOIL_DASK_SCHEDULER is right. {LATER}"
    )
