"""How much a kernel has computed, as the sandbox sees it from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

_MOST_BEGUN = 50
"""Processes of others that may begin meanwhile; the least range of numbers is larger."""


@dataclass(frozen=True)
class ProcessorUse:
    """What a kernel and all the processes that it started have used of the processors.

    Args:
        nanoseconds: processor time of the processes that live.
        processes: their numbers, after the number that was given last to a process or a thread.
        begun: how many processes and threads the host has begun.
    """

    nanoseconds: int
    processes: tuple[int, ...]
    begun: int

    def seconds_since(self, earlier: ProcessorUse) -> float | None:
        """Return the seconds of processor time since then.

        None if a process began or ended meanwhile, or a thread began: then work may be missing.
        Numbers of processes recur, but not before many have begun.

        Args:
            earlier: what was used then.
        """
        if self.processes != earlier.processes or self.begun - earlier.begun > _MOST_BEGUN:
            return None
        return (self.nanoseconds - earlier.nanoseconds) / 1e9

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "processes": list(self.processes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProcessorUse:
        """Return what plain data describe."""
        return cls(data["nanoseconds"], tuple(data["processes"]), data["begun"])


Clock = Callable[[], ProcessorUse | None]
"""Tells what a kernel has used of the processors; None where nothing can tell."""


def no_clock() -> None:
    """Tell nothing, as for a kernel without a sandbox."""
