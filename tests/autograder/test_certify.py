"""A certificate is given to a lab whose tests tell right from wrong, and to no other."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console

from autograder.app.cli import commands
from autograder.authoring import (
    Certificate,
    as_json,
    certify_lab,
    chosen_labs,
    run_trials,
    undeclared,
)
from autograder.authoring.released import release_faults
from autograder.authoring.solution_run import parts_of
from autograder.authoring.survivors import FILE, explanations_beside
from autograder.authoring.tasks import tasks_of
from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.declaration import FunctionExercise
from autograder.exercises.diagnosis import Mistake
from autograder.results.verdict import CellVerdict, Verdict

ROOT = Path(__file__).resolve().parents[2]
LABS = Course.load(ROOT).lab_names

DECLARATION = """
from autograder.exercises.cases import Case, CaseGroup
from autograder.exercises.diagnosis import MistakeList
from autograder.exercises.declaration import FunctionExercise

mistakes = MistakeList()


def mean(values):
    return sum(values) / len(values)


@mistakes.add("the sum is not divided: divide it by len(values).")
def not_divided(values):
    return sum(values)


def in_a_loop(values):
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def numbers(rng):
    return Case((rng.normal(size=int(rng.integers(2, 6))).tolist(),))


MEAN = FunctionExercise(
    "mean", 4, mean, (CaseGroup("basic", 1.0, (numbers,) * 3),), tuple(mistakes), (in_a_loop,)
)
EXERCISES = (MEAN,)
"""
SOLUTION = """def mean(values):
    ### BEGIN SOLUTION
    total = 0.0
    for value in values:
        total += value
    return total / len(values)
    ### END SOLUTION"""
TEST = """print(mean([1, 2]))
### BEGIN HIDDEN TESTS
import declared

declared.MEAN.grade(mean)
### END HIDDEN TESTS"""
EXPLAINED = """
[[survivor]]
function = "mean"
before = "shown = 1"
after = "shown = 2"
why = "it is only shown"
"""


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Puts a module of hidden tests where it can be imported as ``declared``."""
    folder = tmp_path / "declarations" / "declared"
    monkeypatch.syspath_prepend(str(folder.parent))

    def put(source: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(source, encoding="utf-8")
        sys.modules.pop("declared", None)
        return folder

    yield put
    sys.modules.pop("declared", None)


@pytest.fixture
def mean_lab(course_folder: Path, declare: Callable[[str], Path]) -> Callable[..., Course]:
    """A course with one small lab that deserves its certificate, or a changed one."""

    def make(
        solution: str = SOLUTION,
        test: str = TEST,
        declaration: str = DECLARATION,
        points: float = 4,
    ) -> Course:
        declare(declaration)
        notebook = _notebook(solution, test, points)
        nbformat.write(notebook, course_folder / "labs" / "tiny" / "tiny.ipynb")
        return Course.load(course_folder)

    return make


def _notebook(solution: str, test: str, points: float = 4) -> NotebookNode:
    def cell(name: str, source: str, **flags: object) -> NotebookNode:
        common = {"grade_id": name, "schema_version": 3, "task": False}
        made = new_code_cell(source, id=name)
        made.metadata["nbgrader"] = {"grade": False, "solution": False, **common, **flags}
        return made

    cells = [
        cell("mean", solution, solution=True, locked=False),
        cell("test_mean", test, grade=True, locked=True, points=points),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def printed(certificate: Certificate) -> str:
    page = StringIO()
    certificate.print(Console(width=120, file=page))
    return page.getvalue()


@pytest.mark.parametrize("lab", LABS)
def test_a_test_asks_for_every_labs_certificate(lab: str) -> None:
    file = ROOT / "tests" / "certificates" / f"test_certificate_of_{lab}.py"
    assert f'check_certificate("{lab}"' in file.read_text(encoding="utf-8")


@pytest.mark.sandbox
def test_a_lab_whose_tests_tell_right_from_wrong_is_certified(
    mean_lab: Callable[..., Course],
) -> None:
    seen: list[str] = []
    certificate = certify_lab(mean_lab(), "tiny", progress=seen.append)
    (row,) = certificate.rows
    assert certificate.exit_code == 0, printed(certificate)
    assert (str(row.caught), str(row.named), str(row.variants)) == ("1/1", "1/1", "2/2")
    assert row.mutants.good == row.mutants.of >= 5
    assert certificate.facts["solution"].startswith("4 of 4 points")
    assert certificate.facts["release"].startswith("0 of 4 points")
    assert {"mistake mean/not_divided", "the untouched release"} <= set(seen)
    text = printed(certificate)
    assert "Certificate of tiny" in text
    assert "✓ tiny is certified" in text
    told = json.loads(as_json([certificate]))
    assert told["certified"] is True
    assert told["labs"][0]["total"]["mutants"]["of"] == row.mutants.of


RARELY_SEEN = """@mistakes.add("numbers behind the third are left out: take all of them.")
def first_three(values):
    return sum(values[:3]) / len(values[:3])


def in_a_loop"""


@pytest.mark.sandbox
def test_more_students_find_a_case_that_chance_gave_the_first_ones(
    mean_lab: Callable[..., Course],
) -> None:
    course = mean_lab(declaration=DECLARATION.replace("def in_a_loop", RARELY_SEEN))
    assert certify_lab(course, "tiny", mutate=False).holds
    done = CliRunner().invoke(
        commands,
        ["certify", "tiny", "--no-mutants", "--students", "40", "--course", str(course.root)],
    )
    assert done.exit_code == 1
    assert "mean/first_three loses no points for student" in done.output


@pytest.mark.sandbox
def test_a_mistake_that_costs_students_different_points_is_remarked_upon(
    mean_lab: Callable[..., Course],
) -> None:
    course = mean_lab(declaration=DECLARATION.replace("def in_a_loop", RARELY_SEEN))
    remarks = certify_lab(course, "tiny", mutate=False).remarks
    assert any(remark.startswith("mean/first_three leaves one student") for remark in remarks)
    fewer = certify_lab(course, "tiny", mutate=False, students=1).remarks
    assert not any("leaves one student" in remark for remark in fewer)


@pytest.mark.sandbox
def test_a_survivor_fails_until_it_is_explained_and_an_explanation_until_it_is_needed(
    mean_lab: Callable[..., Course], declare: Callable[[str], Path]
) -> None:
    shown = SOLUTION.replace("    total = 0.0", "    shown = 1\n    total = 0.0", 1)
    course = mean_lab(shown)
    certificate = certify_lab(course, "tiny")
    assert {mutant.after for mutant in certificate.survivors} == {"shown = 2", "shown = 0"}
    text = printed(certificate)
    assert "no test notices: mean, line 3: shown = 1 → shown = 2" in text
    assert 'after = "shown = 2"\nwhy = ""' in text
    assert certificate.exit_code == 1

    explained = declare(DECLARATION) / FILE
    both = EXPLAINED + EXPLAINED.replace("shown = 2", "shown = 0")
    explained.write_text(both, encoding="utf-8")
    certificate = certify_lab(course, "tiny")
    assert certificate.holds, printed(certificate)
    assert certificate.rows[0].explained == 2

    explained.write_text(both + EXPLAINED.replace("shown = 2", "shown = 3"), encoding="utf-8")
    certificate = certify_lab(course, "tiny")
    (fault,) = certificate.faults
    assert "explains a mutant that does not survive" in fault
    assert certify_lab(course, "tiny", mutate=False).holds


@pytest.mark.sandbox
def test_a_mutant_that_never_ends_is_stopped_and_the_others_are_tried(
    mean_lab: Callable[..., Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.authoring.solution_run.CALL_SECONDS", 1.0)
    endless = SOLUTION.replace(
        "for value in values:\n        total += value",
        "left = list(values)\n    while left:\n        total += left.pop()",
    )
    certificate = certify_lab(mean_lab(endless), "tiny")
    assert certificate.holds, printed(certificate)


@pytest.mark.sandbox
def test_a_wrong_solution_and_a_release_that_is_no_stub_are_told(
    mean_lab: Callable[..., Course],
) -> None:
    wrong = "def mean(values):\n    ### BEGIN SOLUTION\n    return 0.0\n    ### END SOLUTION"
    certificate = certify_lab(mean_lab(wrong + "\n\n1 / 0"), "tiny", mutate=False)
    text = printed(certificate)
    assert "the lab's own solution earns 0 of 4 in test_mean" in text
    assert "cell 'mean' of the untouched release stops with ZeroDivisionError" in text
    assert "✗ tiny is not certified: 2 things have to be mended" in text


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("assert mean([1, 3]) == 2", "does not end in EXERCISE.grade"),
        (TEST.replace("MEAN.grade(mean)", "EXERCISES"), "does not end in EXERCISE.grade"),
    ],
)
def test_a_test_cell_without_a_declaration_cannot_be_certified(
    mean_lab: Callable[..., Course], test: str, said: str
) -> None:
    tasks, faults = tasks_of(mean_lab(test=test).lab("tiny").notebooks["tiny"])
    assert tasks == ()
    assert said in faults[0]


def test_points_of_cell_and_declaration_must_agree(mean_lab: Callable[..., Course]) -> None:
    course = mean_lab(declaration=DECLARATION.replace('"mean", 4', '"mean", 5'))
    _, faults = tasks_of(course.lab("tiny").notebooks["tiny"])
    assert "worth 4 points in the notebook and 5 in the declaration" in faults[0]


def draw(rng: object, *, count: int = 3) -> Case:
    return Case((rng.normal(size=count),))  # type: ignore[attr-defined]


def total(x):
    return x.sum()


def size(x):
    return float(x.size)


def size_too(x):
    return float(len(x))


def shown(x):
    raise ValueError(f"it should be {x.sum():.6f}")


def exercise(mistakes=(size,), variants=(sum,), reference=total):
    declared = tuple(Mistake(f.__name__, f"it is {f.__name__}.", f) for f in mistakes)
    groups = (CaseGroup("basic", 1.0, (draw, partial(draw, count=4))),)
    return FunctionExercise("total", 2, reference, groups, declared, variants)


def faults(declared: FunctionExercise) -> list[str]:
    return [fault for each in run_trials(declared, declared.trials()) for fault in each.faults]


def test_a_good_declaration_has_no_fault() -> None:
    assert faults(exercise()) == []
    assert undeclared(exercise()) == ()


def broken(x):
    return x[10]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (exercise(mistakes=(sum,)), "total/sum loses no points for ada, bob, eve, kim, zoe"),
        (exercise(mistakes=(size, size_too)), "total/size_too is not named for ada"),
        (exercise(mistakes=(size, size_too)), "but total/size: add a case"),
        (exercise(variants=(size,)), "total/size is right but earns 0 of 2 points"),
        (exercise(mistakes=(shown,)), "the messages on total/shown tell the expected number"),
        (exercise(reference=broken), "total/reference cannot be graded: the cases of total"),
    ],
)
def test_what_is_off_in_a_declaration_is_said(declared: FunctionExercise, said: str) -> None:
    assert any(said in fault for fault in faults(declared)), faults(declared)


def test_an_exercise_without_mistakes_or_variants_is_named() -> None:
    assert "total declares no mistakes" in undeclared(exercise(mistakes=()))[0]
    assert "total declares no variants" in undeclared(exercise(variants=()))[0]


WITHOUT_LINUX = """
import sys

import nbgrader, psutil  # import what there is of these on each system

sys.modules.update(dict.fromkeys(("fcntl", "resource", "termios", "pty")))
from autograder.app.cli import commands

commands()
"""


def test_declarations_are_certified_where_there_is_no_sandbox(
    mean_lab: Callable[..., Course], tmp_path: Path
) -> None:
    course = mean_lab(solution=SOLUTION.replace("return total", "return -total"))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LINUX, "certify", "--all", "--declarations"],
        cwd=course.root,
        env={"PATH": "", "PYTHONPATH": str(tmp_path / "declarations")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ The declarations of tiny hold" in done.stdout
    assert "1/1" in done.stdout
    assert not certify_lab(course, "tiny", declarations_only=True).data()["certified"]


@pytest.mark.slow
@pytest.mark.sandbox
def test_an_exercise_without_points_is_certified_like_any_other(
    mean_lab: Callable[..., Course],
) -> None:
    ungraded = DECLARATION.replace('"mean", 4', '"mean", 0.0')  # another length: no stale bytecode
    certificate = certify_lab(mean_lab(points=0, declaration=ungraded), "tiny")
    assert certificate.holds, printed(certificate)
    assert certificate.total.mutants.good == certificate.total.mutants.of > 3
    unnoticed = ungraded.replace("(numbers,) * 3", "(lambda rng: Case(([1.0],)),)")
    certificate = certify_lab(mean_lab(points=0, declaration=unnoticed), "tiny", mutate=False)
    assert "mean/not_divided loses no points" in printed(certificate)


def test_an_untouched_release_may_only_meet_its_stubs(mean_lab: Callable[..., Course]) -> None:
    book = mean_lab().lab("tiny").notebooks["tiny"]
    stub = {"output_type": "error", "ename": "NotImplementedError", "evalue": ""}
    unwritten = {"output_type": "error", "ename": "CheckFailed", "evalue": "f is not written yet"}
    good = Verdict(
        "release",
        "tiny",
        "tiny",
        "key",
        (CellVerdict("test_mean", 0, 4, "not_attempted"),),
        {"mean": [stub], "test_mean": [unwritten]},
    )
    assert release_faults(good, book) == ()
    (said,) = release_faults(replace(good, outputs={"mean": [unwritten]}), book)
    assert "cell 'mean' of the untouched release stops with CheckFailed" in said
    partly = CellVerdict("test_mean", 1, 4, "partial")
    (said,) = release_faults(replace(good, cells=(partly,)), book)
    assert "test_mean of the untouched release is partial with 1 points" in said
    assert "cannot be read: torn" in release_faults(replace(good, unreadable="torn"), book)[0]


def test_a_task_is_its_answers_and_the_tests_up_to_the_next_answer() -> None:
    def cell(name: str, **flags: bool) -> NotebookNode:
        made = new_code_cell(name, id=name)
        made.metadata["nbgrader"] = {"grade_id": name, "points": 1, **flags}
        return made

    answer, test = {"solution": True}, {"grade": True}
    names = [("a", answer), ("b", answer), ("t1", test), ("t2", test), ("c", answer), ("t3", test)]
    found = parts_of([cell(name, **flags) for name, flags in names])
    told = {
        place: [[c.id for c in part.answers], [c.id for c in part.tests]]
        for place, part in found.items()
    }
    assert told == {3: [["a", "b"], ["t1", "t2"]], 5: [["c"], ["t3"]]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[survivor]]\nfunction = 'f'", "needs function, before, after and why"),
        ("[[survivor", "needs function, before, after and why"),
        (EXPLAINED.replace("it is only shown", " "), "say why this survives: 'shown = 1'"),
    ],
)
def test_a_file_of_explanations_that_says_too_little_is_refused(
    declare: Callable[[str], Path], text: str, said: str
) -> None:
    (declare(DECLARATION) / FILE).write_text(text, encoding="utf-8")
    import declared  # type: ignore[import-not-found]

    with pytest.raises(CourseError, match=FILE) as caught:
        explanations_beside([declared])
    assert said in str(caught.value)


def test_labs_are_named_or_all_are_meant(course: Course) -> None:
    assert chosen_labs(course, (), every=True) == ["tiny"]
    assert chosen_labs(course, ("tiny",), every=False) == ["tiny"]
    with pytest.raises(CourseError, match="name a lab, or --all: there are tiny"):
        chosen_labs(course, (), every=False)


@pytest.mark.sandbox
def test_the_command_prints_the_certificate_writes_it_and_ends_accordingly(
    mean_lab: Callable[..., Course], tmp_path: Path
) -> None:
    course, file = str(mean_lab().root), tmp_path / "certificate.json"
    options = ["certify", "--all", "--no-mutants", "--course", course, "--json", str(file)]
    done = CliRunner().invoke(commands, options)
    assert done.exit_code == 0, done.output
    assert "✓ tiny is certified" in done.output
    assert json.loads(file.read_text(encoding="utf-8"))["labs"][0]["lab"] == "tiny"
    mean_lab(declaration=DECLARATION.replace("(in_a_loop,)", "()"))
    done = CliRunner().invoke(commands, options)
    assert done.exit_code == 1
    assert "mean declares no variants" in done.output
