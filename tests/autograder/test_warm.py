"""The warm process: quick kernels that share nothing, and limits on what one uses in all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import OutOfMemory, SandboxLost
from autograder.sandbox.fork_server import ForkServer, close_fork_servers, shared_fork_server
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[2]

SMALL = Limits(memory_bytes=2**30, processes=40, folder_bytes=2**26, cell_seconds=20)


@pytest.fixture
def session() -> Iterator[KernelSession]:
    with KernelSession(SMALL) as started:
        yield started


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def test_kernels_are_forked_from_one_process_and_know_nothing_of_each_other() -> None:
    with KernelSession(SMALL) as first, KernelSession(SMALL) as second:
        first.run_cell("secret = 'mine'\nopen('/tmp/note', 'w').write('mine')")
        run = second.run_cell(
            "import os\nprint('secret' in globals(), os.path.exists('/tmp/note'))"
        )
        assert _printed(run).strip() == "False False"
        folders = "print([n for _, ns, _ in os.walk('/tmp') for n in ns if 'autograder' in n])"
        assert _printed(second.run_cell(folders)).count("autograder-") == 2
        run = second.run_cell("print([p for p in os.listdir('/proc') if p.isdigit()])")
        assert _printed(run).strip() == "['1', '2']"
        assert shared_fork_server().alive


def test_a_preloaded_library_is_there_at_once_and_trains() -> None:
    train = """
import keras, numpy as np
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
x = np.random.default_rng(0).normal(size=(64, 4))
history = model.fit(x, x @ np.ones((4, 1)), epochs=5, verbose=0).history["loss"]
print(history[-1] < history[0])
"""
    warm = ForkServer(["tensorflow", "keras"])
    try:
        with KernelSession(Limits(), preload=["tensorflow", "keras"]) as session:
            run = session.run_cell("import sys\nprint('tensorflow' in sys.modules)")
            assert _printed(run).strip() == "True"
            assert "True" in _printed(session.run_cell(train))
    finally:
        warm.close()


def test_a_kernel_has_no_rights_and_cannot_get_any(session: KernelSession) -> None:
    status = _printed(session.run_cell("print(open('/proc/self/status').read())"))
    for name in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
        assert f"{name}:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    attempt = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if os.fork() == 0:
    os._exit(0 if libc.unshare(0x10000000) == 0 else 7)
print(os.waitstatus_to_exitcode(os.wait()[1]), libc.mount(b"x", b"/tmp", b"tmpfs", 0, None))
"""
    assert _printed(session.run_cell(attempt)).splitlines()[0] == "7 -1"  # then Python warns


SPREAD = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        held = b"x" * (300 * 2**20)
        time.sleep(60)
time.sleep(60)
"""


def test_memory_of_all_processes_together_has_a_limit(session: KernelSession) -> None:
    assert session.run_cell(SPREAD).died
    assert not session.alive


def test_a_call_that_takes_too_much_memory_is_told_as_such(session: KernelSession) -> None:
    with pytest.raises(OutOfMemory, match="more than 1 GiB"):
        session._execute(SPREAD, time.monotonic() + 30)


def test_a_fork_bomb_is_stopped_and_the_next_kernel_starts() -> None:
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    with KernelSession(replace(SMALL, cell_seconds=3)) as session:
        run = session.run_cell(bomb)
        assert run.died or run.timed_out
    with KernelSession(SMALL) as after:
        assert after.run_cell("1").error == ""


def test_folders_are_limited_and_the_exchange_is_closed(session: KernelSession) -> None:
    assert session.run_cell("open('big', 'wb').write(b'x' * 2**27)").error == "OSError"
    assert session.folder is not None
    place = str(session.folder / "more")
    for _ in range(100):  # it is closed as soon as the kernel's sockets are there
        if session.run_cell(f"open({place!r}, 'w')").error == "OSError":
            break
    else:
        pytest.fail("the exchange folder stayed open")


def test_the_first_process_of_the_namespace_cannot_be_killed_from_inside(
    session: KernelSession,
) -> None:
    run = session.run_cell("import os\nos.kill(1, 9)\nprint('still here')")
    assert run.error == "PermissionError" or "still here" in _printed(run)
    assert session.run_cell("1").error == ""


def test_when_the_warm_process_is_killed_its_kernels_end_and_the_next_one_starts(
    session: KernelSession,
) -> None:
    warm = shared_fork_server()
    os.killpg(warm._process.pid, signal.SIGKILL)
    warm._process.wait()
    with pytest.raises(SandboxLost):
        session.run_cell("1")
    with pytest.raises(SandboxLost):
        session.ask("anything")
    with KernelSession(SMALL) as after:
        assert after.run_cell("1").error == ""


def test_closing_ends_the_process_and_removes_its_folder() -> None:
    warm = shared_fork_server()
    folder, pid = warm.folder, warm._process.pid
    close_fork_servers()
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_kernels_cannot_leave_files_for_each_other() -> None:
    places = [f"{folder}/left" for folder in ("", "/etc", "/dev", "/tmp", "/dev/shm", str(ROOT))]
    with KernelSession(SMALL) as first, KernelSession(SMALL) as second:
        for place in places:
            first.run_cell(f"open({place!r}, 'w')")
        run = second.run_cell(f"import os\nprint([p for p in {places!r} if os.path.exists(p)])")
    assert _printed(run).strip() == "[]"


def test_a_course_below_a_writable_folder_is_seen_all_the_same(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    for package in ("autograder", "coursekit"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("datasets"))
    code = (
        "from autograder.sandbox.session import KernelSession\n"
        "from autograder.sandbox.limits import Limits\n"
        "with KernelSession(Limits()) as session:\n"
        "    run = session.run_cell('import coursekit; print(coursekit.__file__)')\n"
        "    print(run.outputs[0].text)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith(str(copy / "coursekit")), done.stderr


def test_the_hosts_settings_cannot_be_written(session: KernelSession) -> None:
    for name in ("sys/kernel/core_pattern", "sys/vm/overcommit_memory", "sysrq-trigger"):
        run = session.run_cell(f"open('/proc/{name}', 'r+')")
        assert run.error in ("OSError", "PermissionError", "FileNotFoundError"), name
