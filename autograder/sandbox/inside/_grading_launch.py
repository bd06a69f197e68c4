"""Starts the kernel: sets its limits, loads the examiner's agent, then becomes ipykernel.

Run as a script with the limits as JSON in the first argument; the rest goes to ipykernel.
"""

from __future__ import annotations

import json
import sys


def set_limits(limits: dict[str, int]) -> None:
    """Lower this process' resource limits for good.

    Args:
        limits: limit in the unit of ``setrlimit`` by the name after ``RLIMIT_``, such as ``CPU``.
    """
    import resource

    for name, value in limits.items():
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (lowest, lowest))


if __name__ == "__main__":
    set_limits(json.loads(sys.argv.pop(1)))
    import _grading_agent  # noqa: F401  (loaded before any student code can shadow it)
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance()
