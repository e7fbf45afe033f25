"""Modules that are imported when they are first needed: a worker that hands mail over never pays for pictures or spreadsheets."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module by its full name; any number of threads may be the first to ask."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def later(name: str) -> ModuleType:
    """Return what stands for this module; an ImportError comes where something of it is first asked for.

    Type checkers are told by an import under TYPE_CHECKING; annotations that name the module's types are texts.
    """
    return _Later(name)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries imported in the block do without optional modules that they would import for what nobody here uses."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python notes that there is none
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
