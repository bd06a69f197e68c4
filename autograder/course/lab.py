"""A lab as the instructor keeps it: its source notebooks and what of them students get."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    IncludeHeaderFooter,
    LockCells,
)
from traitlets.config import Config

from autograder.course import cells
from autograder.errors import CourseError


@dataclass(frozen=True)
class LabNotebook:
    """One source notebook of a lab.

    Args:
        name: the file's name without ``.ipynb``.
        path: the file.
        source: the notebook with solutions and hidden tests.
        config: nbgrader's configuration, for the stubs that replace solutions.
        file_digest: SHA-256 of the file's bytes.
    """

    name: str
    path: Path
    source: NotebookNode
    config: Config
    file_digest: str

    @cached_property
    def released(self) -> NotebookNode:
        """The notebook as students get it: stubs for solutions, no hidden tests."""
        notebook = copy.deepcopy(self.source)
        resources: dict[str, object] = {}
        for kind in (LockCells, ClearSolutions, ClearHiddenTests, ClearMarkScheme, ClearOutput):
            notebook, resources = kind(config=self.config).preprocess(notebook, resources)
        return notebook

    @cached_property
    def given_cells(self) -> dict[str, NotebookNode]:
        """The source's cells with an nbgrader id, by id, in order."""
        return {cells.grade_id(c): c for c in self.source.cells if cells.grade_id(c)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the source file and of its cells, some of which a release may have made."""
        sources = "\0".join(cell.source for cell in self.source.cells)
        return hashlib.sha256(f"{self.file_digest}\0{sources}".encode()).hexdigest()

    @property
    def language(self) -> str:
        """The programming language that the notebook's metadata name, in small letters."""
        metadata = self.source.metadata
        named = metadata.get("kernelspec", {}).get("language")
        return str(named or metadata.get("language_info", {}).get("name") or "python").lower()

    @cached_property
    def answer_names(self) -> frozenset[str]:
        """Names that the lab's own solutions define: in a hidden test they are the student's."""
        sources = [c.source for c in self.source.cells if cells.is_solution(c)]
        return frozenset(name for source in sources for name in cells.defined_names(source))

    @cached_property
    def has_solutions(self) -> bool:
        """Whether any of its cells has a solution between marks."""
        return any(cells.solution_lines(cell.source) for cell in self.source.cells)

    def locked_sources(self) -> list[str]:
        """Return code of the given cells that students cannot change and that are no tests."""
        given = [c for c in self.source.cells if c.cell_type == "code" and cells.is_locked(c)]
        return [cell.source for cell in given if not cells.is_test(cell)]

    def trusted_sources(self) -> list[str]:
        """Return code of the cells that a student is not meant to write in."""
        given = [c for c in self.source.cells if c.cell_type == "code" and not cells.is_solution(c)]
        return [cells.split_test(c.source).visible for c in given]


@dataclass(frozen=True)
class Lab:
    """A lab's folder of source notebooks.

    Args:
        name: the assignment's id.
        notebooks: its notebooks by name, in nbgrader's order.
    """

    name: str
    notebooks: dict[str, LabNotebook]


def read_lab(folder: Path, config: Config | None = None) -> Lab:
    """Return the lab in a source folder.

    Args:
        folder: such as ``labs/lab1_convolution``.
        config: nbgrader's configuration.

    Raises:
        CourseError: there is no notebook, or one cannot be graded as it is.
    """
    paths = sorted(folder.glob("*.ipynb"))
    if not paths:
        raise CourseError(f"there is no lab notebook in {folder}; is the lab's name right?")
    books = [_read_notebook(path, config or Config()) for path in paths]
    return Lab(folder.name, {book.name: book for book in books})


def _read_notebook(path: Path, config: Config) -> LabNotebook:
    data = path.read_bytes()
    try:
        read = nbformat.reads(data.decode("utf-8"), as_version=4)
        notebook = _with_header_and_footer(read, config)
    except (ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{path} is not a notebook: {str(error)[:200]}") from None
    ids = [cells.grade_id(cell) for cell in notebook.cells if cells.grade_id(cell)]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise CourseError(f"{path}: the nbgrader ids {', '.join(doubled)} stand more than once")
    for place, cell in enumerate(notebook.cells):
        cell.source = cells.with_plain_line_ends(cell.source)
        cell.setdefault("id", f"given-{place}")  # before format 4.5 cells have none
        if cells.is_test(cell):
            cells.split_test(cell.source)
            cells.points(cell)
    digest = hashlib.sha256(data).hexdigest()
    return LabNotebook(path.stem, path, notebook, config, digest)


def _with_header_and_footer(notebook: NotebookNode, config: Config) -> NotebookNode:
    """Return the notebook between the cells that nbgrader puts around each when it is released."""
    step = IncludeHeaderFooter(config=config)
    root = Path(CourseDirectory(config=config).root)
    step.header, step.footer = (
        str(root / name) if name else "" for name in (step.header, step.footer)
    )
    try:
        released: NotebookNode = step.preprocess(notebook, {})[0]
    except OSError as error:
        raise CourseError(f"the course's header or footer cannot be read: {error}") from None
    return released
