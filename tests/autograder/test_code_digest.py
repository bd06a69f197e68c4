"""A verdict holds only for the code and the libraries that made it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.grading.code_digest import code_digest, digest_of, digest_of_tests, judging_files
from autograder.grading.course_grader import CourseGrader
from autograder.grading.grade import grade
from autograder.nbgrader_plugin.writer import release
from autograder.submissions.hand_in_folder import HandInFolder

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from autograder.app.cli import main; main()"
JUDGING = (
    "autograder/course",
    "autograder/examiner",
    "autograder/exercises",
    "autograder/grading",
    "autograder/results",
    "autograder/sandbox",
    "autograder/submissions",
    "coursekit/checks",
)
SHOWING = ("autograder/app", "autograder/authoring", "autograder/nbgrader_plugin")


def _copy_of(package: str, folder: Path) -> Path:
    """Copy a package's code, without its data."""
    for path in (ROOT / package).rglob("*.py"):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder / package


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("packages")
    return [_copy_of(name, folder) for name in ("autograder", "coursekit")]


def _digest_if_edited(path: Path, packages: list[Path]) -> str:
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    try:
        return digest_of(packages, [])
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("room", JUDGING)
def test_each_module_that_judges_counts(room: str, packages: list[Path]) -> None:
    was, folder = digest_of(packages, []), packages[0].parent
    modules = set((folder / room).rglob("*.py"))
    counted = {path for package in packages for path in judging_files(package)}
    assert modules
    assert modules <= counted
    assert _digest_if_edited(max(modules), packages) != was


@pytest.mark.parametrize("room", SHOWING)
def test_modules_that_only_show_do_not_count(room: str, packages: list[Path]) -> None:
    was, folder = digest_of(packages, []), packages[0].parent
    modules = set((folder / room).rglob("*.py"))
    assert modules
    assert not modules & set(judging_files(packages[0]))
    assert _digest_if_edited(max(modules), packages) == was


def test_names_of_files_and_versions_of_libraries_count(packages: list[Path]) -> None:
    was, module = digest_of(packages, ["numpy 2.4.6"]), packages[1] / "arrays.py"
    assert digest_of(packages, ["numpy 2.4.7"]) != was
    module.rename(module.with_name("other.py"))
    try:
        assert digest_of(packages, ["numpy 2.4.6"]) != was
    finally:
        module.with_name("other.py").rename(module)


def test_data_of_coursekit_count() -> None:
    assert any(path.suffix == ".npz" for path in judging_files(ROOT / "coursekit"))
    assert len(code_digest()) == 64


def test_modules_that_test_cells_import_count_with_what_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    package, helper = tmp_path / "our_tests" / "__init__.py", tmp_path / "our_helper.py"
    package.parent.mkdir()
    package.write_text("import our_helper")
    helper.write_text("tolerance = 1e-5")
    was = digest_of_tests(["our_tests"])
    assert digest_of_tests(["our_tests", "math"]) == was
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in (package.parent, helper):
        path.rename(moved / path.name)
    monkeypatch.syspath_prepend(str(moved))
    assert digest_of_tests(["our_tests"]) == was, "where they lie does not count"
    (moved / helper.name).write_text("tolerance = 1e-4")
    assert digest_of_tests(["our_tests"]) not in (was, digest_of_tests([]))


def test_hidden_tests_and_versions_of_other_libraries_count(tmp_path: Path) -> None:
    convolution = digest_of_tests(["autograder.hidden_tests.convolution"])
    assert (
        convolution == digest_of_tests(["autograder.hidden_tests.pooling"]) != digest_of_tests([])
    )
    assert digest_of_tests(["matplotlib.pyplot"]) != digest_of_tests([])


@pytest.mark.slow
@pytest.mark.sandbox
def test_tests_that_are_edited_while_the_grader_runs_are_used(
    course_folder: Path,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in JupyterLab, whose server grades at the formgrader's button."""
    module = tmp_path / "modules" / "our_marks.py"
    module.parent.mkdir()
    monkeypatch.syspath_prepend(str(module.parent))
    path = course_folder / "labs" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (test,) = (c for c in notebook.cells if c.metadata.nbgrader.get("grade_id") == "test_double")
    test.source = (
        "### BEGIN HIDDEN TESTS\nfrom our_marks import wanted\n\n"
        "assert double(2) == wanted\n### END HIDDEN TESTS"
    )
    nbformat.write(notebook, path)
    hand_in("ada", answered())
    points = []
    for wanted in ("4", "2 + 3"):
        module.write_text(f"wanted = {wanted}")
        course = Course.load(course_folder)
        book = course.lab("tiny").notebooks["tiny"]
        context = CourseGrader(course).context("tiny", book)
        verdict = grade(context, HandInFolder(course, "ada", "tiny").find(book), "ada")
        points.append(verdict.by_id()["test_double"].outcome)
    assert points == ["passed", "failed"]


@pytest.mark.slow
@pytest.mark.sandbox
def test_another_tolerance_is_a_regrade(
    course_folder: Path,
    answered: Callable[..., NotebookNode],
    hand_in: Callable[[str, NotebookNode], Path],
    tmp_path: Path,
) -> None:
    hand_in("ada", answered())
    course = Course.load(course_folder)
    release(course, course.lab("tiny"))
    for package in ("autograder", "coursekit"):
        shutil.copytree(ROOT / package, tmp_path / package)

    def grade() -> str:
        command = [sys.executable, "-W", "ignore", "-c", MAIN, "grade", "tiny"]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "120"}
        done = subprocess.run(
            command, cwd=course_folder, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    unchanged = "(1 unchanged since the last run)"
    assert unchanged not in grade()
    assert unchanged in grade()
    arrays = tmp_path / "coursekit" / "arrays.py"
    source = arrays.read_text()
    assert "ACCURACY = 1e-5" in source
    arrays.write_text(source.replace("ACCURACY = 1e-5", "ACCURACY = 1e-4"))
    assert unchanged not in grade()
    assert unchanged in grade()
