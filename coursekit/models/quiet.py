"""Silence TensorFlow's start-up messages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_start() -> Iterator[None]:
    """Discard what TensorFlow's C++ code writes to stderr when it starts.

    The messages list instruction sets and GPUs, but look like errors in a notebook, and no setting
    silences all of them. In a notebook, Python's own warnings and errors are not affected.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
