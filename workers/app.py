"""The consumer side of Celery: one App per worker process, tasks of a few lines that call a use case."""

import gc
from collections.abc import Callable
from contextlib import suppress
from ctypes import CDLL
from dataclasses import replace
from functools import cache, wraps
from threading import RLock

from celery import Celery, current_task
from celery.signals import setup_logging, worker_process_shutdown, worker_shutting_down

from marketing.bootstrap import App, build_app
from marketing.observability import bound_contextvars, configure_logging, metrics
from marketing.observability.tracing import PARENT, span, trace_id, tracing
from marketing.queue import TaskName, make_celery
from marketing.settings import load_settings

YOUNG = 20_000
"""New objects between two looks for garbage; a range of messages with its people makes about as many."""


_one_at_a_time = RLock()


def app() -> App:
    """Return this process's App, built at first use (after the fork)."""
    with _one_at_a_time:  # threads that begin together would build one each
        return _app()


@cache
def _app() -> App:
    built = build_app(load_settings())
    # All threads together leave no more in doubt than one alone may.
    built = replace(built, pipeline=replace(built.pipeline, threads=celery.conf.worker_concurrency or 1))
    # What stands as long as the process is not walked over again and again: that took 50 us of each message.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 50)
    with suppress(AttributeError):  # glibc alone has it: what importing freed goes back to the system, 7 MB
        CDLL(None).malloc_trim(0)
    return built


celery: Celery = make_celery(load_settings().broker)


WAITS_AFTER_RESTORE = frozenset(
    {
        TaskName.START_CAMPAIGN,
        TaskName.PLAN_CAMPAIGN,
        TaskName.RUN_AUTOMATION,
        TaskName.DELIVER,
        TaskName.PUBLISH,
    }
)
"""What a database restored from a backup would do once more; the sweeper and the clock ask again once a person has decided."""


def task(name: TaskName) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a use case under its name; tasks take ids only."""

    def register(body: Callable[..., None]) -> Callable[..., None]:
        celery.task(name=name.value, shared=False)(_watched(name, body))
        return body

    return register


def _watched(name: TaskName, body: Callable[..., None]) -> Callable[..., None]:
    """Return the task with its time and its errors counted, its number in every line of the log, and its trace gone on with."""

    @wraps(body)
    def run(**ids: int | str) -> None:
        request = current_task.request if current_task else None
        parent = str(getattr(request, PARENT, None) or "")
        with metrics.task(name.value), span(name.value, parent, **ids):
            known = {"task": str(request.id)} if request else {}
            known |= {"trace": trace_id()} if tracing() else {}
            with bound_contextvars(**known):
                if name not in WAITS_AFTER_RESTORE or app().guard.beat():
                    body(**ids)

    return run


def _logging(**_kwargs: object) -> None:
    configure_logging(load_settings().log_level)


def _stopping(**_kwargs: object) -> None:
    """Let turns end after the message in hand: a worker that was asked to end has given everything back within seconds."""
    if _app.cache_info().currsize:  # nothing is in hand where nothing was ever done
        app().stopping.set()


def _shutdown(**_kwargs: object) -> None:
    app().close()


setup_logging.connect(_logging)
worker_shutting_down.connect(_stopping)
worker_process_shutdown.connect(_shutdown)


import workers.campaigns  # noqa: E402  registers its tasks on the application above
import workers.catalog  # noqa: E402
import workers.delivery  # noqa: E402
import workers.imports  # noqa: E402
import workers.ledger  # noqa: E402
import workers.marketplaces  # noqa: E402
import workers.sign_in  # noqa: E402
import workers.social  # noqa: E402
import workers.subscriptions  # noqa: E402
import workers.telegram  # noqa: E402
import workers.whatsapp  # noqa: E402, F401
