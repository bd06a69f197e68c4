"""The fork server of examiners: imports what tests use once and forks one for each submission.

Run as ``python -m autograder.examiner.server`` with its settings as JSON. It runs no test and gets
no value from a student's code. The grader sends ``start`` with one end of a connection, or
``kill``.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable

_SET_PARENT_DEATH_SIGNAL = 1
_PACKET = 65536


def main() -> None:
    """Serve until the grader closes the socket, which ends all examiners as well."""
    settings = json.loads(sys.argv[1])
    sys.path[:] = settings["path"]
    grader = socket.socket(fileno=settings["socket"])
    from autograder.examiner.child import serve
    from autograder.examiner.messages import READY

    for name in settings["preload"]:
        with contextlib.suppress(Exception, SystemExit):  # a test that needs it will say so
            importlib.import_module(name)
    gc.freeze()  # or the first collection in each child would copy all of its parent's memory
    pids: dict[str, int] = {}
    while True:
        grader.send(READY)  # the grader waits for it, so that one packet is one request
        packet, descriptors, _, _ = socket.recv_fds(grader, _PACKET, 1)
        if not packet:
            os._exit(0)
        request = json.loads(packet)
        _reap(pids)
        if request["op"] == "start":
            pids[request["name"]] = _forked(descriptors[0], grader, serve)
        elif request["name"] in pids:
            os.kill(pids[request["name"]], signal.SIGKILL)


def _forked(descriptor: int, grader: socket.socket, serve: Callable[[int], None]) -> int:
    pid = os.fork()
    if pid == 0:
        grader.close()
        _become_examiner(descriptor, serve)
    os.close(descriptor)
    return pid


def _reap(pids: dict[str, int]) -> None:
    """Forget the examiners that have ended; until then no other process gets their numbers."""
    for name, pid in list(pids.items()):
        if os.waitpid(pid, os.WNOHANG)[0]:
            del pids[name]


def _become_examiner(descriptor: int, serve: Callable[[int], None]) -> None:
    """Examine until there is nothing more to examine. Never return."""
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        serve(descriptor)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
