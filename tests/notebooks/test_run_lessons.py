"""The script that runs lessons and stores their outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from scripts import run_lessons

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _pictures_go_into_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)


def _stored(folder: Path, *sources: str) -> Path:
    cells = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    cells[0].metadata = {"tags": ["F01"], "collapsed": True}
    text = new_markdown_cell("Text", id="text", metadata={"editable": True})
    path = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=[text, *cells], metadata={"author": "me"}), path)
    return path


def test_outputs_are_stored_and_all_that_belongs_to_the_run_alone_is_not(tmp_path: Path) -> None:
    path = _stored(tmp_path, "print(6 * 7)", "from coursekit import widgets\nwidgets.neuron()")
    run_lessons.run(path)
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata == {"kernelspec": run_lessons.KERNEL}
    assert [cell.metadata for cell in notebook.cells] == [{}, {"tags": ["F01"]}, {}]
    first, second = (cell.outputs for cell in notebook.cells[1:])
    assert first[0].text == "42\n"
    assert set(second[0].data) == {"image/png", "text/plain"}


def test_a_lesson_that_writes_to_stderr_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    path = _stored(tmp_path, "import sys", "print('red', file=sys.stderr)")
    before = path.read_text()
    with pytest.raises(run_lessons.NoisyLesson, match="cell cell-1 wrote to stderr: red"):
        run_lessons.run(path)
    assert path.read_text() == before


def test_all_lessons_are_found_in_their_order() -> None:
    names = [path.name for path in run_lessons.lessons()]
    assert names[:2] == ["1_neurons.ipynb", "2_loss_and_descent.ipynb"]
