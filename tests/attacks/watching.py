"""Eyes outside the sandbox: listeners, processes, files, the grader's own memory."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path


class Listeners:
    """Servers on this host's loopback that note who reaches them; close them with `close`.

    Args:
        folder: where the socket with a path lies.
    """

    def __init__(self, folder: Path) -> None:
        self.reached: list[str] = []
        self.places: dict[str, str] = {}
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        abstract = f"attacked-{os.getpid()}-{id(self)}"
        path = str(folder / "host.sock")
        self._listen("TCP", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self._listen("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._listen("TCP6", socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0))
        self._listen("SOCKET", socket.AF_UNIX, socket.SOCK_STREAM, path)
        self._listen("ABSTRACT", socket.AF_UNIX, socket.SOCK_STREAM, f"\0{abstract}")
        self.places |= {"SOCKET": path, "ABSTRACT": abstract}

    def _listen(self, name: str, family: int, kind: int, where: object) -> None:
        listener = socket.socket(family, kind)
        try:
            listener.bind(where)
        except OSError:  # a host without IPv6: nobody can be reached there either
            listener.close()
            self.places[name] = "9"
            return
        if kind == socket.SOCK_STREAM:
            listener.listen(8)
        address = listener.getsockname()
        self.places[name] = str(address[1]) if isinstance(address, tuple) else ""
        self._sockets.append(listener)
        thread = threading.Thread(target=self._serve, args=(name, listener), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self, name: str, listener: socket.socket) -> None:
        listener.settimeout(0.2)
        while listener.fileno() >= 0:
            try:
                if listener.type == socket.SOCK_STREAM:
                    listener.accept()[0].close()
                else:
                    listener.recv(100)
            except TimeoutError:
                continue
            except OSError:
                return
            self.reached.append(name)

    def taken(self) -> tuple[str, ...]:
        """Who was reached since it was last asked."""
        found = tuple(self.reached)
        self.reached.clear()
        return found

    def close(self) -> None:
        """Ends all servers."""
        for listener in self._sockets:
            listener.close()
        for thread in self._threads:
            thread.join(timeout=2)


def processes() -> dict[int, tuple[int, str]]:
    """Parent and command of every process, by its number."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(errors="replace")
                command = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
            except OSError:
                continue
            fields = stat.rpartition(")")[2].split()
            if fields[0] != "Z":
                found[int(entry.name)] = (int(fields[1]), command)
    return found


def family(pid: int) -> set[int]:
    """A process with all its descendants."""
    all_of_them, found = processes(), {pid}
    while more := {p for p, (parent, _) in all_of_them.items() if parent in found} - found:
        found |= more
    return found


def left_over(before: set[int], now: Callable[[], set[int]], patience: float = 10.0) -> set[int]:
    """Processes that are new and do not go away within some seconds."""
    deadline = time.monotonic() + patience
    while (new := now() - before) and time.monotonic() < deadline:
        time.sleep(0.02)  # between two looks
    return new


def with_mark(mark: str) -> set[int]:
    """Processes whose command has a text in it."""
    return {pid for pid, (_, command) in processes().items() if mark in command}


def fingerprints(folders: Iterable[Path]) -> dict[str, str]:
    """A hash of every file below some folders, by its path; folders and links have their kind."""
    found = {}
    for top in folders:
        for path in [top, *sorted(top.rglob("*"))] if top.is_dir() else [top]:
            if path.is_symlink() or not path.is_file():
                found[str(path)] = "link" if path.is_symlink() else "folder"
            else:
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def differences(before: dict[str, str], now: dict[str, str]) -> tuple[str, ...]:
    """Paths that were changed, made or removed."""
    return tuple(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def reset_peak() -> int:
    """Forgets this process' largest size so far; returns its present size in bytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def peak() -> int:
    """This process' largest size since `reset_peak`, in bytes."""
    return _status("VmHWM")


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))
