"""Runs lessons and certificates as other processors would: ``python -m scripts.other_processors``.

The last bits of a sum depend on the processor: OpenBLAS, NumPy and TensorFlow choose their routines
by it, and add up in another order on other numbers of threads. What a lesson prints, and what a
test decides, may not depend on them. Each setting runs the comparison of all lessons and the
certificates of all labs once::

    python -m scripts.other_processors                 # all settings, lessons and certificates
    python -m scripts.other_processors --part certificates --setting old
    python -m scripts.other_processors --part lessons -n 2

What the command does not know itself goes to pytest.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "lessons": ["tests/notebooks/test_lessons.py", "-k", "stored_outputs"],
    "certificates": ["tests/certificates"],
}


def numpy_features() -> str:
    """Return the instruction sets beyond the least that NumPy uses on this processor."""
    config: Any = np.show_config(mode="dicts")
    return " ".join(config["SIMD Extensions"]["found"])


def _threads(count: int) -> dict[str, str]:
    blas = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    tensorflow = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    return dict.fromkeys(blas + tensorflow, str(count))


def settings() -> dict[str, dict[str, str]]:
    """Return the variables of the environment of each setting, by its name."""
    return {
        "haswell": {"OPENBLAS_CORETYPE": "Haswell", **_threads(4)},
        "old": {
            "OPENBLAS_CORETYPE": "Prescott",
            "NPY_DISABLE_CPU_FEATURES": numpy_features(),
            "TF_ENABLE_ONEDNN_OPTS": "0",
            **_threads(1),
        },
        "sandybridge": {"OPENBLAS_CORETYPE": "Sandybridge", "TF_ENABLE_ONEDNN_OPTS": "0"},
    }


def run(setting: str, part: str, options: list[str]) -> int:
    """Run one part under one setting, with pytest's report on the terminal.

    Args:
        setting: a name of `settings`.
        part: a name of `PARTS`.
        options: more options for pytest.

    Returns:
        pytest's exit status.
    """
    print(f"== {part}, {setting}: NumPy {np.__version__}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "--timeout", "1800", *PARTS[part], *options]
    environment = {**os.environ, **settings()[setting]}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main() -> None:
    """Run what is asked for; exit with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0], allow_abbrev=False)
    parser.add_argument("--part", action="append", choices=PARTS, default=None)
    parser.add_argument("--setting", action="append", choices=settings(), default=None)
    given, options = parser.parse_known_args()
    chosen = given.setting or [*settings()]
    codes = {
        f"{part}, {setting}": run(setting, part, options)
        for setting in chosen
        for part in given.part or [*PARTS]
    }
    for name, code in codes.items():
        print(f"{name}: {'as stored' if code == 0 else 'differs'}")
    sys.exit(any(codes.values()))


if __name__ == "__main__":
    main()
