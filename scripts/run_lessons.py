"""Runs lessons in place and stores their outputs: ``python -m scripts.run_lessons [LESSON ...]``.

What is stored is what a reader needs and nbval compares: no times, no live widgets, nothing of the
machine that ran them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS_A_CELL = 90


class NoisyLesson(Exception):
    """A lesson wrote to stderr; the text names the cell and what it wrote."""


def lessons() -> list[Path]:
    """Return the course's lessons in their order."""
    return sorted(ROOT.glob("lessons/*/[!.]*.ipynb"))


def run(path: Path) -> None:
    """Run a lesson from its first cell to its last and store its outputs.

    Raises:
        NoisyLesson: a cell wrote to stderr.
        nbclient.exceptions.CellExecutionError: a cell raised.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    clean(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def clean(notebook: NotebookNode) -> None:
    """Take out of a notebook that was run what belongs to the run alone."""
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNEL))
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = NotebookNode(tags=tags) if tags else NotebookNode()
        if cell.cell_type == "code":
            for output in cell.outputs:
                _clean_output(output, cell.id)


def _clean_output(output: NotebookNode, cell: str) -> None:
    if output.output_type == "stream" and output.name == "stderr":
        raise NoisyLesson(f"cell {cell} wrote to stderr: {output.text}")
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
        output.metadata = NotebookNode()


def main() -> None:
    """Run the lessons that are named, or all."""
    for path in [Path(name).resolve() for name in sys.argv[1:]] or lessons():
        print(f"running {path.relative_to(ROOT)}", flush=True)
        run(path)


if __name__ == "__main__":
    main()
