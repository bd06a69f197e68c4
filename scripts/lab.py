"""Opens the course in JupyterLab; arguments are passed on, such as ``--no-browser``."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scripts import prepare_labs, prepare_lessons

ROOT = Path(__file__).resolve().parent.parent


def project_environment(root: Path) -> dict[str, str]:
    """Return the variables under which Jupyter finds its programs and writes in the project only.

    Args:
        root: the project's folder; files go below its ``.jupyter``.
    """
    kept = root / ".jupyter"
    # The root too: nbgrader looks for nbgrader_config.py from other folders than this one.
    settings = [str(root / "scripts" / "jupyter"), str(root)]
    programs = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    return {
        "PATH": os.pathsep.join(programs),  # nbgrader starts `alembic` by name
        "JUPYTER_CONFIG_PATH": os.pathsep.join(settings),
        "JUPYTER_CONFIG_DIR": str(kept / "config"),
        "JUPYTER_DATA_DIR": str(kept / "data"),
        "JUPYTER_RUNTIME_DIR": str(kept / "runtime"),
        "IPYTHONDIR": str(kept / "ipython"),
        "MPLCONFIGDIR": str(kept / "matplotlib"),
        "KERAS_HOME": str(kept / "keras"),
    }


def server_arguments(root: Path) -> list[str]:
    """Return JupyterLab's arguments: where it starts, what it shows first, what it says."""
    arguments = [
        f"--ServerApp.root_dir={root}",
        "--LabApp.default_url=/lab/tree/welcome.md",
        "--Application.log_level=WARN",  # the address is printed at any level
        "--LanguageServerManager.autodetect=False",  # it would run npm, which writes at home
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")  # JupyterLab refuses to serve root without it
    return arguments


def main() -> None:
    """Prepare the student's copies and serve the course until it is stopped."""
    os.chdir(ROOT)
    os.environ.update(project_environment(ROOT))
    os.environ.pop("MPLBACKEND", None)  # a window's back end would leave notebooks without pictures
    for folder in (".exchange", "work"):  # nbgrader's lists fail where they are missing
        (ROOT / folder).mkdir(exist_ok=True)
    prepare_labs.main()
    prepare_lessons.main()
    if shutil.which("bwrap") is None:
        print("note: bubblewrap is not installed; lessons and labs do not need it, grading does.")
    # Only now: Jupyter reads the variables above when it is imported.
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance([*server_arguments(ROOT), *sys.argv[1:]])


if __name__ == "__main__":
    main()
