"""TensorFlow's start without its start-up lines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_start() -> Iterator[None]:
    """Keep what TensorFlow's C++ code writes when it starts out of a notebook.

    It says which instructions and graphics cards it found, in red and looking like errors; no
    setting silences all of it. Python's own warnings and errors take another way in a notebook.
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
