"""How the notebook was saved: formats, line ends, outputs, metadata of other programs."""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests.honest.submission import Honest


def _windows(notebook: NotebookNode) -> bytes:
    """Line ends of Windows in the file and in every cell, and a byte order mark."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return nbformat.writes(notebook).replace("\n", "\r\n").encode("utf-8-sig")


def _utf_16(notebook: NotebookNode) -> bytes:
    """As an editor of Windows saves "Unicode"."""
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


def _nuls_behind(notebook: NotebookNode) -> bytes:
    """As some synchronised folders leave a file after a crash."""
    return nbformat.writes(notebook).encode() + bytes(3000)


def _windows_code_page(notebook: NotebookNode) -> bytes:
    notebook.cells[1].source += "\n\nGrüße – as an old editor saves them"
    return json.dumps(notebook, ensure_ascii=False).replace("😀", "?").encode("cp1252")


def _very_large_outputs(notebook: NotebookNode) -> NotebookNode:
    """30 MB of pictures."""
    picture = new_output("display_data", {"image/png": "iVBORw0KGgo=" * 250_000})
    for cell in [cell for cell in notebook.cells if cell.cell_type == "code"]:
        cell.outputs = [picture]
    return notebook


def _old_mac(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r")
    return notebook


def _sources_as_lists(notebook: NotebookNode) -> str:
    raw = json.loads(json.dumps(notebook))
    for cell in raw["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(raw, ensure_ascii=True, indent=4, sort_keys=True)


def _large_outputs(notebook: NotebookNode) -> NotebookNode:
    """5 MB of outputs, widgets' state and errors of every kind."""
    cell = notebook.cells[2]
    cell.outputs = [
        new_output("stream", name="stderr", text="warning\n" * 100_000),
        new_output("display_data", {"image/png": "iVBORw0KGgo=" * 350_000}),
        new_output("error", ename="ValueError", evalue="old", traceback=["\x1b[0;31mold"]),
        new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}),
    ]
    state = {"a": {"model_name": "IntSliderModel", "state": {"value": 3}}}
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2}}
    notebook.metadata["widgets"] = widgets
    return notebook


def _odd_counts(notebook: NotebookNode) -> NotebookNode:
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        cell.execution_count = 10**6 - 7 * number
    return notebook


def _other_kernel(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata.kernelspec = {"name": "conda-env-ml-py", "display_name": "Python (ml)"}
    notebook.metadata.language_info = {"name": "python", "version": "3.13.0"}
    return notebook


def _no_metadata(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata = NotebookNode()
    return notebook


def _without_ids(notebook: NotebookNode) -> NotebookNode:
    """Format 4.4, as older programs write it."""
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    return notebook


def _raw(notebook: NotebookNode) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(json.dumps(notebook))
    return raw


def _ids_in_4_4(notebook: NotebookNode) -> str:
    """Ids although the format has none yet: some programs write that."""
    return json.dumps({**_raw(notebook), "nbformat_minor": 4})


def _later_minor(notebook: NotebookNode) -> str:
    return json.dumps({**_raw(notebook), "nbformat_minor": 6})


def _version_3(notebook: NotebookNode) -> str:
    return nbformat.writes(nbformat.convert(notebook, 3), version=3)


def _colab(notebook: NotebookNode) -> str:
    """As Google Colab saves it: format 4.0, ids in the metadata."""
    raw = _raw(notebook)
    for cell in raw["cells"]:
        cell["metadata"] |= {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost/"}}
        if cell["cell_type"] == "code":
            cell["metadata"]["outputId"] = "5d6e-4f"
    raw["metadata"] = {
        "accelerator": "GPU",
        "colab": {"provenance": [], "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    return json.dumps({**raw, "nbformat_minor": 0})


def _vs_code(notebook: NotebookNode) -> str:
    raw = _raw(notebook)
    for cell in raw["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
    raw["metadata"]["vscode"] = {"interpreter": {"hash": "0" * 64}}
    return json.dumps({**raw, "nbformat_minor": 2})


def _keys_left_over(notebook: NotebookNode) -> str:
    """Code cells made Markdown by a program that leaves their outputs where they were."""
    raw = _raw(notebook)
    text = next(cell for cell in raw["cells"] if cell["cell_type"] == "markdown")
    text |= {"outputs": [], "execution_count": None}
    return json.dumps(raw)


def _keys_missing(notebook: NotebookNode) -> str:
    """Code cells without the keys for what they showed."""
    raw = _raw(notebook)
    for cell in raw["cells"]:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    return json.dumps(raw)


def _odd_cell_metadata(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        cell.metadata |= {
            "tags": ["a", "raises-exception"],
            "scrolled": True,
            "collapsed": True,
            "jupyter": {"source_hidden": True},
            "slideshow": {"slide_type": "slide"},
            "editable": False,
            "deletable": False,
            "ExecuteTime": {"start_time": "2025-01-01"},
        }
    return notebook


def _doubled_ids(notebook: NotebookNode) -> str:
    raw = _raw(notebook)
    for cell in raw["cells"]:
        cell["id"] = "same"
    return json.dumps(raw)


SUBMISSIONS = (
    Honest("windows_line_ends", "Saved with Windows line ends and a mark.", save=_windows),
    Honest("utf_16", "Saved as UTF-16.", save=_utf_16),
    Honest("nuls_behind", "NULs follow the text.", save=_nuls_behind),
    Honest("windows_code_page", "Saved in a Windows code page.", save=_windows_code_page),
    Honest("very_large_outputs", "30 MB of outputs.", save=_very_large_outputs),
    Honest("old_mac_line_ends", "Cells hold carriage returns alone.", save=_old_mac),
    Honest(
        "sources_as_lists", "Sources are lists of lines, in pure ASCII.", save=_sources_as_lists
    ),
    Honest("large_outputs", "5 MB of outputs and widgets' state.", save=_large_outputs),
    Honest("odd_counts", "Cells were run in any order.", save=_odd_counts),
    Honest("other_kernel", "The kernel has another name.", save=_other_kernel),
    Honest("no_metadata", "The notebook says nothing about itself.", save=_no_metadata),
    Honest("without_ids", "Format 4.4, without ids of cells.", save=_without_ids),
    Honest("ids_in_4_4", "Format 4.4 with ids of cells.", save=_ids_in_4_4),
    Honest("later_minor", "A minor format that is not known yet.", save=_later_minor),
    Honest(
        "version_3",
        "Format 3.",
        save=_version_3,
    ),
    Honest("colab", "Saved by Google Colab.", save=_colab),
    Honest("vs_code", "Saved by VS Code.", save=_vs_code),
    Honest("keys_left_over", "A text cell with outputs left in it.", save=_keys_left_over),
    Honest("keys_missing", "Code cells without outputs and counts.", save=_keys_missing),
    Honest("odd_cell_metadata", "Tags and settings at every cell.", save=_odd_cell_metadata),
    Honest("doubled_ids", "All cells have the same id.", save=_doubled_ids),
)
