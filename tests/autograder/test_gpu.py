"""GPUs: their devices are in the sandbox where they are asked for, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.errors import SandboxUnavailable
from autograder.grading.course_grader import CourseGrader
from autograder.sandbox.bubblewrap import kernel_environment, warm_arguments
from autograder.sandbox.host import gpu_devices, require_isolation
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import CellRun, KernelSession

needs_gpu = pytest.mark.skipif(not gpu_devices(), reason="there is no GPU here")
needs_none = pytest.mark.skipif(bool(gpu_devices()), reason="there is a GPU here")

LOOK = "import os\nprint([n for n in os.listdir('/dev') if n.startswith(('nvidia', 'dri', 'dxg'))])"
COMPUTE = (
    "import os, tensorflow as tf\nprint(len(tf.config.list_physical_devices('GPU')))\n"
    "print(tf.linalg.trace(tf.eye(500) @ tf.eye(500)).numpy())"
)


def _printed(run: CellRun) -> str:
    return "".join(output.get("text", "") for output in run.outputs)


def _pairs(arguments: list[str]) -> list[tuple[str, ...]]:
    return list(zip(arguments, arguments[1:], arguments[2:], strict=False))


def test_a_gpus_devices_are_bound_when_they_are_named_and_not_else(tmp_path: Path) -> None:
    card = Path("/dev/nvidia0")
    bind = ("--dev-bind", str(card), str(card))
    for gpus, bound in (((), False), ((card,), True)):
        arguments = warm_arguments(["true"], exchange=tmp_path, environment={}, gpus=gpus)
        assert (bind in _pairs(arguments)) is bound
        assert ("/sys/module/nvidia" in arguments) is bound
        assert any("nvidia" in argument for argument in arguments) is bound


def test_all_devices_that_a_driver_makes_are_found(tmp_path: Path) -> None:
    assert gpu_devices(tmp_path) == []
    names = ("nvidia-caps", "nvidia-uvm", "nvidia0", "nvidia1", "nvidiactl")
    (tmp_path / "nvidiactl").touch()
    assert gpu_devices(tmp_path) == [], "a driver without a card"
    for name in (*names, "sda", "dri", "nvram"):
        (tmp_path / name).touch()
    assert [path.name for path in gpu_devices(tmp_path)] == list(names)


def test_kernels_do_not_look_for_a_gpu_that_nobody_asked_for() -> None:
    assert kernel_environment("", "")["CUDA_VISIBLE_DEVICES"] == "-1"
    asked = kernel_environment("", "", gpu=True)
    assert "CUDA_VISIBLE_DEVICES" not in asked
    assert asked["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_a_course_can_ask_for_it(course_folder: Path) -> None:
    assert CourseGrader(Course.load(course_folder)).options().limits.gpu is False
    with (course_folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("c.Grading.gpu = True\n")
    assert CourseGrader(Course.load(course_folder)).options().limits.gpu is True


@needs_none
def test_without_a_gpu_on_the_host_it_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match=r"no device .* or grade without --gpu"):
        require_isolation("process", gpu=True)


@pytest.mark.sandbox
def test_without_asking_no_kernel_has_a_gpus_device() -> None:
    with KernelSession(Limits()) as session:
        assert _printed(session.run_cell(LOOK)).strip() == "[]"


@needs_gpu
@pytest.mark.sandbox
@pytest.mark.slow
def test_where_it_is_asked_for_a_kernel_computes_on_it() -> None:
    with KernelSession(Limits(gpu=True), preload=["tensorflow"]) as session:
        assert "nvidia0" in _printed(session.run_cell(LOOK))
        assert _printed(session.run_cell(COMPUTE)).split() == [str(len(_cards())), "500.0"]


def _cards() -> list[Path]:
    return list(Path("/dev").glob("nvidia[0-9]*"))
