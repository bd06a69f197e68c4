"""Keeps a kernel's outputs complete, however slowly they are read."""

from __future__ import annotations

import zmq


def keep_all_outputs() -> None:
    """Let the kernel wait while a thousand outputs are unread, where ZeroMQ would drop the next.

    A dropped message might be the one that says that the kernel is idle.
    """
    from IPython import get_ipython

    thread = get_ipython().kernel.iopub_thread
    socket = thread.socket
    thread.schedule(lambda: socket.setsockopt(zmq.XPUB_NODROP, 1))
