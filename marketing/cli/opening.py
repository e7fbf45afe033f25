"""The App for as long as a command needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketing.cli.starting import ready

if TYPE_CHECKING:
    from marketing.bootstrap import App
    from marketing.tenants.profile import TenantProfile


@contextmanager
def opened(tenant: str) -> "Iterator[tuple[App, TenantProfile]]":
    """Open the App on a database of this program's version, with the profile of a Daerah; closed at the end."""
    from marketing.tenants.profile import profile_of

    app = ready(tenant)
    try:
        yield app, profile_of(tenant)
    finally:
        app.close()
