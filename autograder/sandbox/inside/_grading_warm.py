"""The fork server: imports what notebooks need once and forks a kernel for each submission.

It runs in bubblewrap's sandbox and never runs a line of a student's code. It talks to the grader
over one socket, one JSON text per packet: ``start``, ``kill`` and ``used`` come in, ``ready``,
``ended`` and ``used`` go out.
Each kernel gets its own namespaces; when their first process ends, all processes in them end. The
fork server also watches what its kernels use and ends one that uses too much.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import _grading_walls as walls
from _grading_filter import refuse_calls
from _grading_launch import set_limits
from _grading_watch import (
    descendants,
    hold_more_than,
    host_wide_uses,
    names_of_open_files,
    processor_use,
)

_TICK_SECONDS = 0.1
_PACKET = 65536
_MAX_LOG = 65536
_MOST_HOST_WIDE = 2500
"""Epoll sets and file locks of one kernel. A process that is forked inherits up to eight sets."""


@dataclass
class _Kernel:
    """A running kernel: the process that waits for it, that one's pidfd, and its limits."""

    pid: int
    pidfd: int
    memory_bytes: int
    processes: int
    folders: tuple[str, ...]
    why: str = ""


def main() -> None:
    """Serve until the grader closes the socket."""
    settings = json.loads(sys.argv[1])
    grader = socket.socket(fileno=settings["socket"])
    for name in settings["preload"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()  # or the first collection in each child would copy all of its parent's memory
    kernels: dict[str, _Kernel] = {}
    _send(grader, {"event": "ready"})
    watched = time.monotonic()
    while True:
        heard = [grader.fileno(), *(kernel.pidfd for kernel in kernels.values())]
        readable, _, _ = select.select(heard, [], [], _TICK_SECONDS if kernels else None)
        if grader.fileno() in readable:
            packet = grader.recv(_PACKET)
            if not packet:
                os._exit(0)  # ends every kernel, because this is their namespace's first process
            _obey(json.loads(packet), grader, kernels)
        if time.monotonic() - watched >= _TICK_SECONDS:
            _watch(kernels)
            watched = time.monotonic()
        _report_ended(grader, kernels)


def _send(grader: socket.socket, message: dict[str, Any]) -> None:
    grader.send(json.dumps(message).encode())


def _obey(request: dict[str, Any], grader: socket.socket, kernels: dict[str, _Kernel]) -> None:
    name = request["name"]
    if request["op"] == "kill":
        if name in kernels:
            os.kill(kernels[name].pid, signal.SIGKILL)
        return
    if request["op"] == "used":
        used = processor_use(kernels[name].pid) if name in kernels else None
        _send(grader, {"event": "used", "name": name, "used": used})
        return
    try:
        pid = os.fork()
    except OSError as error:
        reason = f"could not fork: {error}"
        _send(grader, {"event": "ended", "name": name, "code": 71, "why": reason})
        return
    if pid == 0:
        grader.close()
        _wait_for_kernel(request)
    limits, folders, pidfd = request["watch"], tuple(request["writable"]), os.pidfd_open(pid)
    kernels[name] = _Kernel(pid, pidfd, limits["memory"], limits["processes"], folders)


def _wait_for_kernel(request: dict[str, Any]) -> None:
    """Make namespaces, fork their first process and exit with its status; never return."""
    log = os.open(f"{request['exchange']}/kernel.log", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.setsid()
        new = walls.NEW_MOUNTS | walls.NEW_IPC | walls.NEW_PROCESSES
        walls.unshare(new | walls.NEW_NETWORK | walls.NEW_HOST_NAME)
        first = os.fork()
        if first == 0:
            walls.die_with_parent()
            _be_first_process(request, log)
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    except BaseException as error:
        _fail(log, error)


def _be_first_process(request: dict[str, Any], log: int) -> None:
    """Build the sandbox, fork the kernel, and reap processes until it has ended; never return."""
    try:
        folders = (request["exchange"], request["keep"], request["writable"])
        walls.private_files(*folders, request["folder_bytes"])
        given = Path(request["exchange"], "files")
        if given.is_dir():
            shutil.copytree(given, request["environment"]["HOME"], dirs_exist_ok=True)
        walls.limit_process_numbers(request["watch"]["processes"] + 300)
        said, says = os.pipe()
        kernel = os.fork()
        if kernel == 0:
            _become_kernel(request, says)
        os.close(says)
        _attend(kernel, said, log, request["exchange"])
    except BaseException as error:
        _fail(log, error)


def _attend(kernel: int, said: int, log: int, exchange: str) -> None:
    """Log the kernel's first output and make the exchange folder read-only on request."""
    left, sealed, listening = _MAX_LOG, False, True
    while True:
        readable, _, _ = select.select(
            [said] if listening else [], [], [], 0.3 if sealed else 0.005
        )
        if readable:
            words = os.read(said, 65536)
            listening = bool(words)
            left -= os.write(log, words[: max(left, 0)])
        if not sealed and Path(exchange, "seal").exists():
            walls.make_read_only(exchange)
            walls.close_settings()
            os.write(log, b"sealed\n")
            sealed = True
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == kernel:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _become_kernel(request: dict[str, Any], says: int) -> None:
    """Give up all privileges and become an ordinary IPython kernel; never return."""
    try:
        os.setsid()
        _redirect(says)
        walls.give_up_rights()
        set_limits(request["limits"])
        refuse_calls()
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["environment"]["HOME"])
        sys.argv = ["ipykernel", *request["argv"]]
        import _grading_agent  # noqa: F401  (loaded before any student code can shadow it)
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance()
        os._exit(0)
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    except BaseException as error:
        _fail(2, error)


def _redirect(says: int) -> None:
    """Nothing to read, one pipe for what is written, and no other open file."""
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(says, 1)
    os.dup2(says, 2)
    os.closerange(3, 65536)


def _fail(log: int, error: BaseException) -> None:
    with contextlib.suppress(OSError):
        os.write(log, "".join(traceback.format_exception(error)).encode())
    os._exit(70)


def _report_ended(grader: socket.socket, kernels: dict[str, _Kernel]) -> None:
    for name, kernel in list(kernels.items()):
        pid, status = os.waitpid(kernel.pid, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            _send(grader, {"event": "ended", "name": name, "code": code, "why": kernel.why})
            os.close(kernel.pidfd)
            del kernels[name]


def _watch(kernels: dict[str, _Kernel]) -> None:
    """End kernels that together with their children hold too much memory or too many processes."""
    if not kernels:
        return
    running = descendants(kernel.pid for kernel in kernels.values())
    for kernel in kernels.values():
        kernel.why = kernel.why or _why_too_much(kernel, running[kernel.pid])
        if kernel.why:
            os.kill(kernel.pid, signal.SIGKILL)


def _why_too_much(kernel: _Kernel, pids: list[int]) -> str:
    if len(pids) > kernel.processes:
        return "processes"
    opened = names_of_open_files(pids)
    if host_wide_uses(pids, opened) > _MOST_HOST_WIDE:
        return "handles"
    return "memory" if hold_more_than(kernel.memory_bytes, pids, kernel.folders, opened) else ""


if __name__ == "__main__":
    main()
