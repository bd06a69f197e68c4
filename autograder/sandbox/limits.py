"""The limits of a submission; each has a finite default."""

from __future__ import annotations

from dataclasses import dataclass

_GIB = 2**30
_SIGNALS = 1024
"""Waiting signals and timers of a submission; Linux counts them for the host's user, too."""


@dataclass(frozen=True)
class Limits:
    """Limits of one submission's kernel.

    Args:
        start_seconds: wall time for a kernel to become ready.
        cell_seconds: wall time of one cell.
        call_seconds: wall time of one call that a hidden test makes.
        submission_seconds: wall time of all cells and calls together.
        cpu_seconds: processor time of each process.
        memory_bytes: private writable memory of each process (``RLIMIT_DATA``) and, sandboxed,
            memory of all processes together, including folders, sockets and pipes.
        processes: processes of a submission at a time; threads count, too.
        file_bytes: size of one file.
        folder_bytes: size of each writable folder, if sandboxed; it counts as memory.
        open_files: file descriptors of each process.
        output_bytes: size of a cell's outputs; the rest is cut, and a line says so.
        all_output_bytes: size of the outputs of all cells together; the rest is cut, too.
        sent_bytes: bytes that the kernel may send, outputs included, during one cell or call; if
            it sends more it is ended.
        test_seconds: processor time of one test in the process that examines it.
        examining_seconds: wall time of all tests of a submission in that process.
        test_bytes: memory that this process may take in addition to what it starts with.
        gpu: whether the kernel has GPU devices.

    Raises:
        ValueError: a limit is not a finite number over 0.
    """

    start_seconds: float = 60
    cell_seconds: float = 60
    call_seconds: float = 20
    submission_seconds: float = 900
    cpu_seconds: int = 1800
    memory_bytes: int = 6 * _GIB
    processes: int = 1024
    file_bytes: int = _GIB // 4
    folder_bytes: int = _GIB // 2
    open_files: int = 1024
    output_bytes: int = 2**20
    all_output_bytes: int = 2**24
    sent_bytes: int = _GIB
    test_seconds: int = 60
    examining_seconds: float = 900
    test_bytes: int = 3 * _GIB
    gpu: bool = False

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name != "gpu" and not 0 < value < float("inf"):
                raise ValueError(f"{name} must be a finite number over 0; got {value!r}")

    def resource_limits(self, *, beside: int = 0) -> dict[str, int]:
        """Return the limits that ``setrlimit`` knows, by its names.

        Args:
            beside: processes and threads of other programs that Linux counts together with the
                submission's, see `tasks_of_this_account`.
        """
        return {
            "CPU": self.cpu_seconds,
            "DATA": self.memory_bytes,
            "NPROC": self.processes + beside,
            "FSIZE": self.file_bytes,
            "NOFILE": self.open_files,
            "CORE": 0,
            "SIGPENDING": _SIGNALS,
        }
