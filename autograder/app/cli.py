"""The command ``autograder``: each command parses, calls one function and prints its report."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.status import Status
from rich.text import Text
from traitlets.config import Config

from autograder.app.host_errors import explain
from autograder.errors import AutograderError
from autograder.results.printable import PrintableFormatter, printable

_MAX_ERROR = 20_000
_course_option = click.option(
    "--course",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    show_default="this folder",
    help="Folder of the course's nbgrader_config.py.",
)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that go before a course's ``c.Grading``."""
    for option in (
        click.option(
            "--isolation",
            type=click.Choice(["bubblewrap", "process"]),
            help="'process': limits, but no sandbox around files and network. Only by name.",
        ),
        click.option(
            "--gpu", is_flag=True, default=None, help="Let submissions use the GPU's devices."
        ),
        click.option("--cell-seconds", type=float, help="Time limit of one cell."),
        click.option("--call-seconds", type=float, help="Time limit of one hidden test's call."),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Grade notebooks without trusting a line of what was handed in."""


@commands.command()
@click.argument("lab")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@limit_options
@_course_option
def grade(lab: str, students: tuple[str, ...], force: bool, course: Path, **limits: Any) -> None:
    """Grade what was handed in for LAB and record it in the gradebook."""
    from autograder.app.grade_class import grade_lab
    from autograder.course.course import Course

    console = Console()
    loaded = Course.load(course, overrides_of(**limits))
    with console.status(f"Grading {lab}") as status:
        report = grade_lab(
            loaded,
            lab,
            students=students,
            force=force,
            progress=lambda student: status.update(f"Grading {lab}: {student} done"),
        )
    report.print(console)
    sys.exit(report.exit_code)


@commands.command()
@click.argument("lab")
@_course_option
def release(lab: str, course: Path) -> None:
    """Make the students' version of LAB and search it for leaks."""
    from autograder.course.course import Course
    from autograder.nbgrader_plugin.writer import release as make_release

    loaded = Course.load(course)
    make_release(loaded, loaded.lab(lab))
    folder = loaded.folder(loaded.directory.release_directory, ".", lab)
    click.echo(f"{lab} is ready in {folder}; nothing of its solutions or hidden tests is in it")


@commands.command()
@click.argument("lab")
@click.option("--student", "students", multiple=True, help="Only this student; may be repeated.")
@_course_option
def feedback(lab: str, students: tuple[str, ...], course: Path) -> None:
    """Write the feedback pages of LAB."""
    from autograder.course.course import Course
    from autograder.nbgrader_plugin.writer import give_feedback

    loaded = Course.load(course)
    wanted = students or loaded.students(lab)
    failed = 0
    for student in wanted:
        try:
            give_feedback(loaded, loaded.lab(lab), student)
        except AutograderError as error:
            failed += 1
            click.echo(printable(f"{student}: {error}", most=_MAX_ERROR), err=True)
    click.echo(f"feedback on {lab} for {len(wanted) - failed} of {len(wanted)} students is ready")
    sys.exit(1 if failed else 0)


def overrides_of(**given: Any) -> Config:
    """Return what was given on the command line as settings of ``c.Grading``."""
    return Config({"Grading": {name: value for name, value in given.items() if value is not None}})


@commands.command()
@click.argument("labs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All labs of the course.")
@click.option("--mutants/--no-mutants", default=True, help="Try changed solutions, or do not.")
@click.option(
    "--declarations",
    is_flag=True,
    help="Grade the declared mistakes and right ways alone: without a sandbox, on any system.",
)
@click.option(
    "--students",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="For how many simulated students, each with cases of their own.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the certificates there as well.",
)
@_course_option
def certify(
    labs: tuple[str, ...],
    every: bool,
    mutants: bool,
    declarations: bool,
    students: int,
    json_file: Path | None,
    course: Path,
) -> None:
    """Test the hidden tests of LABS: every mistake, every right way, and the solution changed."""
    from autograder.authoring import as_json, certify_lab, chosen_labs
    from autograder.course.course import Course
    from coursekit.atomic_write import write_whole

    console, loaded, made = Console(), Course.load(course), []
    for lab in chosen_labs(loaded, labs, every=every):
        with console.status(f"Certifying {lab}") as status:
            certificate = certify_lab(
                loaded,
                lab,
                mutate=mutants,
                declarations_only=declarations,
                students=students,
                progress=partial(_show_progress, status, lab),
            )
        made.append(certificate)
        certificate.print(console)
    if json_file:
        write_whole(json_file, as_json(made))
    sys.exit(max(certificate.exit_code for certificate in made))


@commands.command()
@click.argument("labs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All labs of the course.")
@_course_option
def check(labs: tuple[str, ...], every: bool, course: Path) -> None:
    """Check the tests of LABS with the solution, the untouched release and wrong answers."""
    from autograder.authoring import chosen_labs
    from autograder.course.course import Course
    from autograder.grading.course_grader import CourseGrader
    from autograder.grading.lab_check import check_lab

    loaded, found = Course.load(course), 0
    for lab in chosen_labs(loaded, labs, every=every):
        for book in loaded.lab(lab).notebooks.values():
            findings = list(check_lab(CourseGrader(loaded).context(lab, book)).findings())
            for name, text in findings:
                click.echo(f"{lab}: {name} {text}")
            found += len(findings)
    click.echo(f"{found} findings" if found else "every test does what it should")
    sys.exit(1 if found else 0)


@commands.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Print what this host offers and which limits therefore hold."""
    from autograder.app.doctor import doctor_command

    context.invoke(doctor_command)


@commands.command("store-cases")
@click.argument("labs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All labs of the course.")
@_course_option
def store_cases(labs: tuple[str, ...], every: bool, course: Path) -> None:
    """Write the cases of LABS that visible tests ship with, from the hidden tests' declarations."""
    from autograder.authoring import chosen_labs
    from autograder.authoring.stored_cases import store_cases as store
    from autograder.course.course import Course

    loaded = Course.load(course)
    for lab in chosen_labs(loaded, labs, every=every):
        click.echo(store(loaded.lab(lab)))


def _show_progress(status: Status, lab: str, text: str) -> None:
    status.update(Text(f"Certifying {lab}: {text}", overflow="ellipsis", no_wrap=True))


def run_command(command: click.Command) -> None:
    """Run a command; one of our errors, or the host's, is one clear line and exit code 2.

    Args:
        command: what to run, with this process' arguments.
    """
    if logging.lastResort:
        logging.lastResort.setFormatter(PrintableFormatter())
    try:
        command()
    except Exception as error:
        message = explain(error) or (str(error) if isinstance(error, AutograderError) else "")
        if not message:
            raise
        click.echo(printable(f"autograder: {message}", most=_MAX_ERROR), err=True)
        sys.exit(2)


def main() -> None:
    """Run ``autograder``, see `run_command`."""
    run_command(commands)
