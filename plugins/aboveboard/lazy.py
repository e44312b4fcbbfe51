"""Lists and mappings whose members are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

T = TypeVar("T")

KEPT = 1000
"""How many of a mapping are kept: of a large site all of them would take more memory than everything else."""


class Lazy(Sequence[T]):
    """A list that is known by its keys; what they stand for is made when somebody looks at it."""

    def __init__(self, keys: Sequence[str], get: Callable[[str], T]) -> None:
        self.keys, self.get = keys, get

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Lazy[T]: ...
    def __getitem__(self, at: int | slice) -> T | Lazy[T]:
        return Lazy(self.keys[at], self.get) if isinstance(at, slice) else self.get(self.keys[at])

    def __len__(self) -> int:
        return len(self.keys)


class LazyMap(Mapping[str, T]):
    """A mapping that is known by its keys; what they stand for is made when somebody looks at it, and the last kept."""

    def __init__(self, keys: Mapping[str, object], make: Callable[[str], T]) -> None:
        self._keys, self._make = keys, make
        self.made: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self.made:
            if key not in self._keys:
                raise KeyError(key)
            if len(self.made) >= KEPT:
                del self.made[next(iter(self.made))]
            self.made[key] = self._make(key)
        return self.made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
