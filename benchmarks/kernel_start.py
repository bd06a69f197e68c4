"""How long until a kernel with NumPy, TensorFlow and Keras loaded is ready: cold against warm.

Both sides in one go, turn about, so that a busy computer is busy for both::

    python -m benchmarks.kernel_start
"""

from __future__ import annotations

import statistics
import time

from jupyter_client.manager import start_new_kernel

from autograder.sandbox.fork_server import shared_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

LIBRARIES = ("numpy", "tensorflow", "keras")
IMPORT = f"import {', '.join(LIBRARIES)}"
ROUNDS = 5


def cold_seconds() -> float:
    """Return an ordinary kernel's start and imports, without any isolation."""
    started = time.perf_counter()
    manager, client = start_new_kernel()
    try:
        client.execute_interactive(IMPORT, timeout=120, output_hook=str)
        return time.perf_counter() - started
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def warm_seconds() -> float:
    """Return a kernel forked from the fork server into its own namespaces, and the same imports."""
    started = time.perf_counter()
    with KernelSession(Limits(), preload=LIBRARIES) as session:
        run = session.run_cell(IMPORT)
        assert not run.error, run.outputs
        return time.perf_counter() - started


def main() -> None:
    """Print both medians and their ratio."""
    started = time.perf_counter()
    shared_fork_server(LIBRARIES)
    once = time.perf_counter() - started
    pairs = [(cold_seconds(), warm_seconds()) for _ in range(ROUNDS)]
    cold, warm = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"cold kernel, imports included   {cold:6.2f} s")
    print(f"forked, sandboxed kernel        {warm:6.2f} s")
    print(f"ratio                           {cold / warm:6.1f}")
    print(f"(the fork server itself took {once:.2f} s, once for a run)")


if __name__ == "__main__":
    main()
