"""Transition tables: the only way a state may change (design section 5)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from marketing.errors import TransitionError

State = TypeVar("State", bound=StrEnum)


def change(table: Mapping[State, frozenset[State]], old: State, new: State) -> State:
    """Return `new` when the table allows it from `old`; TransitionError otherwise."""
    if new not in table[old]:
        raise TransitionError(f"{type(old).__name__}: {old} → {new}")
    return new
