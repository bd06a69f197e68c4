"""The processor time of a kernel, measured from outside the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

_MOST_BEGUN = 50
"""Processes of others that may begin meanwhile; the least range of numbers is larger."""


@dataclass(frozen=True)
class ProcessorUse:
    """Processor time of a kernel and all the processes that it started.

    Args:
        nanoseconds: processor time of the running processes.
        processes: the latest process or thread id, then the ids of the running processes.
        begun: how many processes and threads the host has started since boot.
    """

    nanoseconds: int
    processes: tuple[int, ...]
    begun: int

    def seconds_since(self, earlier: ProcessorUse) -> float | None:
        """Return the processor time since an earlier measurement.

        Process ids recur, but not before many processes have started.

        Args:
            earlier: the earlier measurement.

        Returns:
            Seconds; None if a process started or ended or a thread started meanwhile, so that
            work may be missing.
        """
        if self.processes != earlier.processes or self.begun - earlier.begun > _MOST_BEGUN:
            return None
        return (self.nanoseconds - earlier.nanoseconds) / 1e9

    def as_json(self) -> dict[str, Any]:
        """Return the measurement as plain data."""
        return {**asdict(self), "processes": list(self.processes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProcessorUse:
        """Return the measurement that plain data describe."""
        return cls(data["nanoseconds"], tuple(data["processes"]), data["begun"])


Clock = Callable[[], ProcessorUse | None]
"""Returns a kernel's processor use; None if it is unknown."""


def no_clock() -> None:
    """Return None, as for a kernel without a sandbox."""
