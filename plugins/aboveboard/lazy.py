"""Lists and mappings whose members are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, overload

T = TypeVar("T")

KEPT = 1000
"""How many of a mapping are kept: of a large site all of them would take more memory than everything else."""


@dataclass(frozen=True, slots=True)
class Lazy(Sequence[T], Generic[T]):
    """A list that is known by its keys; what they stand for is made when somebody looks at it."""

    keys: Sequence[str]
    get: Callable[[str], T]

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Lazy[T]: ...
    def __getitem__(self, at: int | slice) -> T | Lazy[T]:
        return Lazy(self.keys[at], self.get) if isinstance(at, slice) else self.get(self.keys[at])

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class LazyMap(Mapping[str, T], Generic[T]):
    """A mapping that is known by its keys; what they stand for is made when somebody looks at it, and the last kept."""

    keys_: Mapping[str, object]
    make: Callable[[str], T]
    made: dict[str, T] = field(default_factory=dict)

    def __getitem__(self, key: str) -> T:
        if key not in self.made:
            if key not in self.keys_:
                raise KeyError(key)
            if len(self.made) >= KEPT:
                del self.made[next(iter(self.made))]
            self.made[key] = self.make(key)
        return self.made[key]

    def __contains__(self, key: object) -> bool:
        return key in self.keys_

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys_)

    def __len__(self) -> int:
        return len(self.keys_)
