"""Runs Python as an account without rights, so that what root may do cannot be what makes it work.

``python -m scripts.as_ordinary_user -m pytest tests/attacks`` and the like. Root becomes the
account 65534 ("nobody"), in a mount namespace in which that account can reach the interpreter, the
environment and the project, even where they lie below a closed folder; nothing on the host is
changed. Anyone else is an ordinary user already.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
_BECOME = (
    "import os, sys\n"
    f"os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
)


def command(needed: Sequence[Path] = ()) -> list[str]:
    """Return what to put before a Python's arguments so that an account without rights runs it.

    Args:
        needed: folders to be read beside the interpreter, the environment and the project.
    """
    if os.geteuid() != 0:
        return [sys.executable]
    folders = [Path(sys.base_prefix).resolve(), Path(sys.prefix), ROOT, *needed]
    return [*_opened(folders), sys.executable, "-c", _BECOME]


def why_not() -> str:
    """Return why nobody can be made an ordinary user here; empty if it works."""
    tried = subprocess.run(
        [*command(), "-c", "import autograder"], capture_output=True, text=True, check=False
    )
    return f"root cannot become another account here: {tried.stderr[-300:]}" * (
        tried.returncode > 0
    )


def _closed_parents(paths: Sequence[Path]) -> list[Path]:
    """Return the topmost folders above some paths that other accounts may not enter."""
    parents = dict.fromkeys(p for path in paths for p in reversed(path.parents))
    closed = [p for p in parents if not p.stat().st_mode & stat.S_IXOTH]
    return [p for p in closed if not any(p.is_relative_to(q) for q in closed if q != p)]


def _opened(needed: Sequence[Path]) -> list[str]:
    """Return a command that lets other accounts enter the folders above some paths."""
    program, made = ["bwrap", "--dev-bind", "/", "/"], set()
    for top in _closed_parents(needed):
        program += ["--perms", "0755", "--tmpfs", str(top)]
        below = [path for path in needed if path.is_relative_to(top)]
        for parent in (p for path in below for p in reversed(path.parents)):
            if parent.is_relative_to(top) and parent != top and parent not in made:
                made.add(parent)
                program += ["--perms", "0755", "--dir", str(parent)]
        for path in below:
            program += ["--ro-bind", str(path), str(path)]
    return program


def main(arguments: Sequence[str]) -> int:
    """Run Python with some arguments in the project's folder; return its exit code.

    Its home and its temporary files lie in a folder of its own, which is removed afterwards.
    """
    if why := why_not():
        print(why, file=sys.stderr)
        return 1
    home = Path(tempfile.mkdtemp(prefix="ordinary-"))
    try:
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        places = {"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home)}
        places["PYTEST_ADDOPTS"] = f"-o cache_dir={home}/pytest"  # the project is not theirs
        program = [*command(), *arguments]
        return subprocess.run(program, cwd=ROOT, env=os.environ | places, check=False).returncode
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
