"""What a submission may use. Every limit has a finite default."""

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
            what all processes together hold, in folders, sockets and pipes, too.
        processes: processes of a submission at a time; threads count, too.
        file_bytes: size of one file.
        folder_bytes: what each writable folder may hold, sandboxed; it counts as memory.
        open_files: file descriptors of each process.
        output_bytes: what a cell's outputs may hold; the rest is cut, with a line saying so.
        all_output_bytes: what the outputs of all cells together may hold; the rest is cut, too.
        sent_bytes: what the kernel may send, outputs included, while it runs one cell or call;
            more ends it.
        test_seconds: processor time of one test in the process that examines it.
        examining_seconds: wall time of all tests of a submission in that process.
        test_bytes: memory that this process may take beside what it begins with.
        gpu: whether the devices of GPUs are there.
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
