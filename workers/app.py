"""The consumer side of Celery: one App per worker process, tasks of a few lines that call a use case."""

from collections.abc import Callable
from functools import cache

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown

from marketing.bootstrap import App, build_app
from marketing.observability import configure_logging
from marketing.queue import TaskName, make_celery
from marketing.settings import load_settings


@cache
def app() -> App:
    """Return this process's App, built at first use (after the fork)."""
    return build_app(load_settings())


celery: Celery = make_celery(load_settings().broker)


def task(name: TaskName) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a use case under its name; tasks take ids only."""

    def register(body: Callable[..., None]) -> Callable[..., None]:
        celery.task(name=name.value, shared=False)(body)
        return body

    return register


def _logging(**_kwargs: object) -> None:
    configure_logging(load_settings().log_level)


def _shutdown(**_kwargs: object) -> None:
    app().close()


setup_logging.connect(_logging)
worker_process_shutdown.connect(_shutdown)


import workers.campaigns  # noqa: E402  registers its tasks on the application above
import workers.catalog  # noqa: E402
import workers.delivery  # noqa: E402
import workers.imports  # noqa: E402
import workers.ledger  # noqa: E402
import workers.marketplaces  # noqa: E402
import workers.sign_in  # noqa: E402
import workers.subscriptions  # noqa: E402, F401
