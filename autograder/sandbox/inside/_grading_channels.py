"""Keeps a kernel's outputs complete, whatever the speed of who reads them."""

from __future__ import annotations

import zmq


def keep_all_outputs() -> None:
    """Let the kernel wait where a thousand outputs have not been read, not drop the next.

    Among those that are dropped otherwise may be the word that the kernel is idle.
    """
    from IPython import get_ipython

    thread = get_ipython().kernel.iopub_thread
    socket = thread.socket
    thread.schedule(lambda: socket.setsockopt(zmq.XPUB_NODROP, 1))
