"""Our steps in nbgrader's conversions."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.course import cells
from autograder.course.course import Course
from autograder.course.lab import LabNotebook
from autograder.course.leaks import find_leaks, find_leaks_in_notebook
from autograder.errors import CourseError, LeakFound
from autograder.grading.course_grader import CourseGrader
from autograder.nbgrader_plugin.fingerprints import (
    fingerprint,
    read_fingerprints,
    write_fingerprints,
)
from autograder.nbgrader_plugin.hand_ins import hand_ins_of
from autograder.nbgrader_plugin.page_limits import (
    PICTURES,
    limit_attachments,
    limit_outputs,
    limit_texts,
    replace_picture,
)
from autograder.nbgrader_plugin.panel import panel_html, panel_text
from autograder.nbgrader_plugin.sanitize import (
    preformatted,
    sanitize_markdown,
    sanitize_raw,
    with_pictures_below,
    without_pictures_below,
)
from autograder.results.verdict import CellVerdict, Verdict, warning_of_isolation
from autograder.submissions.picture_sizes import why_not_shown

Resources = dict[str, Any]
NO_RESPONSE = "No response."
"""nbgrader's own words for an answer whose cell is as it was released."""
ELSEWHERE = "This cell is as it was released; a person looks for the answer in other cells."
_SHOWN = ("text/plain", *PICTURES)
_MOST_TEXT = 60_000
"""Characters of a notebook's texts that are read as Markdown; some take long to read."""


class WithVerdict(NbGraderPreprocessor):  # type: ignore[misc]
    """A step that needs the verdict on the notebook at hand."""

    def verdict(self, resources: Resources) -> Verdict:
        """Return the verdict on what the converter has read; made now if none holds."""
        where = resources["nbgrader"]
        names = (where["student"], where["assignment"], where["notebook"])
        return hand_ins_of(self.parent.parent).verdict(*names)

    def lab_notebook(self, resources: Resources) -> LabNotebook:
        """Return the lab's notebook of the same name."""
        where = resources["nbgrader"]
        return hand_ins_of(self.parent.parent).lab(where["assignment"]).notebooks[where["notebook"]]

    def recorded_verdict(self, resources: Resources) -> Verdict:
        """Return the verdict on disk, which the recorded scores came from.

        Raises:
            CourseError: there is none.
        """
        where = resources["nbgrader"]
        wanted = (where["assignment"], where["student"], where["notebook"])
        found = CourseGrader(Course(self.config)).verdicts.read(*wanted)
        if found is None:
            raise CourseError(
                f"{where['student']} has no verdict; type: autograder grade {wanted[0]}"
            )
        return found


class ApplyVerdict(WithVerdict):
    """Takes the place of nbgrader's `Execute`: writes a verdict's outputs into the notebook.

    What the student wrote as text is made harmless, for whoever opens the notebook as a page.

    nbgrader calls it for each notebook in ``autograded/``. Where there is no verdict yet, the
    submission is graded first, sandboxed.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with outputs and the feedback under each test cell."""
        verdict = self.verdict(resources)
        marks = verdict.by_id()
        limit_texts(nb)
        make_texts_harmless(nb, self.lab_notebook(resources))
        limit_attachments(nb)
        _fill_in_outputs(nb, verdict)
        for cell in nb.cells:
            mark = marks.get(cells.grade_id(cell))
            if cells.is_test(cell) and mark is not None:
                cell.outputs.append(_panel(mark))
        for note in filter(None, (warning_of_isolation(verdict.isolation), *verdict.notes)):
            self.log.warning("%s: %s", verdict.student, note)
        return nb, resources


def _fill_in_outputs(notebook: NotebookNode, verdict: Verdict) -> None:
    """Give each code cell its outputs, made harmless and cut to what one page can show."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [harmless_output(output) for output in verdict.outputs.get(cell.id, [])]
    limit_outputs(notebook)


def make_texts_harmless(notebook: NotebookNode, book: LabNotebook) -> None:
    """Clean the text cells of a notebook that are the student's; the lab's own stay as they are.

    Args:
        notebook: as `autograder.submissions` restored it; it is changed.
        book: the lab's notebook.
    """
    given = {(cell.cell_type, cell.source): cell for cell in book.released.cells}
    read = 0
    for cell in notebook.cells:
        if cell.cell_type == "code" or cells.is_locked(cell):
            continue
        ours = given.get((cell.cell_type, cell.source))
        if ours is None:
            read += len(cell.source)
            cell.source = _harmless_text(cell) if read <= _MOST_TEXT else _as_typed(cell)
        elif "attachments" in ours:
            cell.attachments = copy.deepcopy(ours.attachments)
        else:
            cell.pop("attachments", None)


def _harmless_text(cell: NotebookNode) -> str:
    if cell.cell_type != "markdown":
        return sanitize_raw(cell.source)
    return sanitize_markdown(cell.source, pictures=tuple(cell.get("attachments", ())))


def _as_typed(cell: NotebookNode) -> str:
    pictures = tuple(cell.get("attachments", ()))
    return with_pictures_below(
        preformatted(without_pictures_below(cell.source, pictures)), pictures
    )


def harmless_output(output: dict[str, Any]) -> NotebookNode:
    """Return an output with its text and its pictures, and nothing that a browser would run."""
    kept = NotebookNode(copy.deepcopy(output))
    if "data" in kept:
        kept.data = NotebookNode({k: d for k, d in kept.data.items() if k in _SHOWN})
        kept.metadata = NotebookNode()
        for kind in [kind for kind in PICTURES if kind in kept.data]:
            if reason := why_not_shown(kept.data[kind]):
                replace_picture(kept.data, kind, reason)
    for part, name in ((kept, "text"), (kept.get("data", {}), "text/plain")):
        if isinstance(part.get(name), list):  # the format allows lines for a text
            part[name] = "".join(part[name])
    return kept


def _panel(mark: CellVerdict) -> NotebookNode:
    data = {"text/html": panel_html(mark), "text/plain": panel_text(mark)}
    output: NotebookNode = new_output("display_data", data=data)
    return output


class SaveVerdict(SaveAutoGrades, WithVerdict):  # type: ignore[misc]
    """Takes the place of `SaveAutoGrades`: scores come from the verdict, not from outputs.

    Without a grade, because there is nothing to read or because a hidden test failed of itself,
    a cell has no automatic score and waits for a person. So does an answer for a person's marks
    that may stand in another cell than its own. A person's own scores stay, and are not asked for
    again while the answer and the automatic score are the same.
    """

    _current: Verdict
    _notebook: NotebookNode
    _last: dict[str, str]
    _new: dict[str, str]

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook as it was; its scores are in the gradebook."""
        where = resources["nbgrader"]
        names = (where["assignment"], where["student"], f"{where['notebook']}.json")
        path = Course(self.config).state.joinpath("recorded", *names)
        self._current, self._notebook = self.verdict(resources), nb
        self._last, self._new = read_fingerprints(path), {}
        nb, resources = super().preprocess(nb, resources)
        write_fingerprints(path, self._new)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Return the cell as it was; called for each. A grade that a person gave stays marked."""
        if not utils.is_grade(cell):
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        grade, name = self._find("grade", cell), cells.grade_id(cell)
        was_marked = grade.manual_score is not None and not grade.needs_manual_grade
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        reason = self._current.unreadable
        self._new[name] = fingerprint(self._notebook, cell_index, grade.auto_score, reason)
        if was_marked and self._new[name] == self._last.get(name):
            grade.needs_manual_grade = False
            self.gradebook.db.commit()
        return cell, resources

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        name, verdict = cells.grade_id(cell), self._current
        mark, written = verdict.by_id().get(name), verdict.written
        is_known = mark or verdict.unreadable or name in written.elsewhere + written.unanswered
        if not is_known:
            super()._add_score(cell, resources)
            return
        grade = self._find("grade", cell)
        grade.auto_score = 0.0 if name in written.unanswered else mark.points if mark else None
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: Resources) -> None:
        text = self._comment(cells.grade_id(cell))
        if not text:
            super()._add_comment(cell, resources)
            return
        self._find("comment", cell).auto_comment = text
        self.gradebook.db.commit()

    def _comment(self, name: str) -> str:
        """Return what is said of a cell in place of nbgrader's own comment; empty for nothing."""
        if self._current.unreadable:
            return f"This submission could not be graded. {self._current.unreadable}"
        if name in self._current.written.elsewhere:
            return ELSEWHERE
        return NO_RESPONSE if name in self._current.written.unanswered else ""

    def _find(self, what: str, cell: NotebookNode) -> Any:
        gradebook: Gradebook = self.gradebook
        look_up = gradebook.find_grade if what == "grade" else gradebook.find_comment
        where = (self.notebook_id, self.assignment_id, self.student_id)
        return look_up(cells.grade_id(cell), *where)


class PlainLineEnds(NbGraderPreprocessor):  # type: ignore[misc]
    """Gives a released notebook line feeds alone, where its author's editor wrote others."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with other line ends; called by nbgrader."""
        for cell in nb.cells:
            cell.source = cells.with_plain_line_ends(cell.source)
        return nb, resources


class RefuseLeaks(NbGraderPreprocessor):  # type: ignore[misc]
    """The last step of a release: stops it when a solution or a hidden test would go out."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook as it was.

        Raises:
            LeakFound: it, or a file beside it, holds what students must not see.
        """
        where = resources["nbgrader"]
        course = Course(self.config)
        lab = course.lab(where["assignment"])
        beside = course.folder(course.directory.release_directory, ".", where["assignment"])
        leaks = find_leaks_in_notebook(nb, lab, Path(f"{where['notebook']}.ipynb"))
        leaks += find_leaks(beside, lab)
        if leaks:
            raise LeakFound("\n".join(str(leak) for leak in leaks))
        return nb, resources
