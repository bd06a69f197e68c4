"""Sandboxed kernels: what they can do, what they cannot, and how they end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

import autograder
from autograder.errors import KernelDied, StudentTimeout
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def session() -> Iterator[KernelSession]:
    with KernelSession(Limits(cell_seconds=20, output_bytes=100_000)) as started:
        yield started


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def _images(run: CellRun) -> list[NotebookNode]:
    return [output for output in run.outputs if "image/png" in output.get("data", {})]


def test_a_cell_prints_and_shows_its_value(session: KernelSession) -> None:
    run = session.run_cell("print('hello')\n6 * 7")
    assert [output.output_type for output in run.outputs] == ["stream", "execute_result"]
    assert run.outputs[1].data["text/plain"] == "42"
    assert run.error == ""


def test_an_error_is_told_by_name_and_the_kernel_goes_on(session: KernelSession) -> None:
    assert session.run_cell("1 / 0").error == "ZeroDivisionError"
    assert session.run_cell("1").error == ""


def test_a_plot_comes_back_as_a_picture(session: KernelSession) -> None:
    run = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()")
    assert len(_images(run)) == 1


def test_coursekit_is_there_and_the_grader_is_not(session: KernelSession) -> None:
    assert session.run_cell("import coursekit").error == ""
    assert session.run_cell("import autograder.hidden_tests").error == "ModuleNotFoundError"
    grader = Path(autograder.__file__).parent
    run = session.run_cell(f"import os\nprint(os.path.exists({str(grader / 'hidden_tests')!r}))")
    assert _printed(run).strip() == "False"


def test_there_is_no_network(session: KernelSession) -> None:
    run = session.run_cell("import socket\nsocket.create_connection(('127.0.0.1', 9), 2)")
    assert run.error in ("OSError", "ConnectionRefusedError")
    run = session.run_cell("print([name for _, name in socket.if_nameindex()])")
    assert _printed(run).strip() in ("['lo']", "[]")


def test_nothing_but_its_own_folders_can_be_written(session: KernelSession) -> None:
    for place in ("/usr/x", f"{Path(autograder.__file__).parents[1]}/coursekit/x"):
        assert session.run_cell(f"open({place!r}, 'w')").error in ("OSError", "PermissionError")
    assert session.run_cell("open('mine.txt', 'w').write('x')").error == ""


def test_the_environment_holds_nothing_of_the_hosts(
    session: KernelSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADING_TOKEN", "secret")
    with KernelSession(Limits()) as fresh:
        run = fresh.run_cell("import os\nprint('GRADING_TOKEN' in os.environ, os.environ['HOME'])")
    assert _printed(run).strip() == "False /sandbox"


def test_other_processes_cannot_be_seen(session: KernelSession) -> None:
    run = session.run_cell("import os\nprint(len([p for p in os.listdir('/proc') if p.isdigit()]))")
    assert int(_printed(run)) <= 3


def test_long_output_is_cut_with_a_line_that_says_so(session: KernelSession) -> None:
    run = session.run_cell("print('x' * 5_000_000)\nprint('later')")
    assert len(_printed(run)) < 200_000
    assert "output cut" in _printed(run)


def test_an_endless_cell_is_stopped_and_the_kernel_goes_on() -> None:
    with KernelSession(Limits(cell_seconds=1)) as session:
        assert session.run_cell("while True: pass").timed_out
        assert session.run_cell("1").error == ""
        assert session.alive


def test_a_kernel_that_ignores_interrupts_is_ended() -> None:
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    with KernelSession(Limits(cell_seconds=1)) as session:
        assert session.run_cell(stubborn).timed_out
        assert not session.alive


def test_a_cell_that_ends_its_kernel_is_told() -> None:
    with KernelSession(Limits()) as session:
        assert session.run_cell("import os\nos._exit(3)").died
        with pytest.raises(KernelDied):
            session.ask("anything")


def test_memory_has_a_limit() -> None:
    with KernelSession(Limits(memory_bytes=2**30)) as session:
        run = session.run_cell("import numpy as np\nnp.ones(2 * 10**8)")
        assert run.error in ("MemoryError", "_ArrayMemoryError")


def test_all_time_together_has_a_limit() -> None:
    with KernelSession(Limits(cell_seconds=5, submission_seconds=2)) as session:
        assert session.run_cell("import time\ntime.sleep(60)").timed_out
        assert session.run_cell("1").timed_out
        with pytest.raises(StudentTimeout, match="the submission"):
            session.ask("anything")


def test_closing_leaves_no_process_and_no_folder() -> None:
    length = f"600.{os.getpid()}"  # a command line that no other process has
    session = KernelSession(Limits())
    session.start()
    folder = session.folder
    assert folder is not None
    start = f"import subprocess\nsubprocess.Popen(['sleep', '{length}'], start_new_session=True)"
    assert session.run_cell(start).error == ""
    assert _processes_with(length)
    session.close()
    assert not folder.exists()
    assert not _processes_with(length)


def _processes_with(text: str) -> list[Path]:
    return [path for path in Path("/proc").glob("[0-9]*/cmdline") if text in _read(path)]


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def test_without_walls_limits_and_environment_still_hold() -> None:
    with KernelSession(Limits(), isolation="process") as session:
        run = session.run_cell("import os, coursekit\nprint('HOME' in os.environ, os.listdir('.'))")
        assert _printed(run).startswith("True ['.ipython']")
        run = session.run_cell("import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))")
        assert _printed(run).strip() == "(0, 0)"


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_limit_is_finite_and_over_zero(value: float) -> None:
    with pytest.raises(ValueError, match="cell_seconds must be a finite number over 0"):
        Limits(cell_seconds=value)
