"""What a lab asks for is not to be had in its kernels, whichever way it is looked for."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

import coursekit.layers
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import KernelSession

pytestmark = [pytest.mark.sandbox]
ROOT = Path(__file__).resolve().parents[2]
LAYERS = Path(coursekit.layers.__file__)
LINE = inspect.getsource(coursekit.layers.conv2d).splitlines()[-1].strip()
"""A line of the answer."""

REFUSED = ("ImportError", "FileNotFoundError", "CalledProcessError", "NameError")
USES = "import numpy as np\ngiven = np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1)), np.zeros(1)\n"
WAYS = {
    "import from": "from coursekit.layers import conv2d\nconv2d(*given)",
    "import": "import coursekit.layers\ncoursekit.layers.conv2d(*given)",
    "package": "from coursekit import layers\nlayers.conv2d(*given)",
    "importlib": "import importlib\nimportlib.import_module('coursekit.layers').conv2d(*given)",
    "loader": (
        "import importlib.util as u\ns = u.find_spec('coursekit.layers')\n"
        "m = u.module_from_spec(s)\ns.loader.exec_module(m)\nm.conv2d(*given)"
    ),
    "source": (
        "import coursekit, pathlib\n"
        "code = (pathlib.Path(coursekit.__file__).parent / 'layers.py').read_text()\n"
        "exec(code, {'__name__': 'coursekit.layers'})\nexec(code)\nconv2d(*given)"
    ),
    "bytecode": (
        "import importlib.util, coursekit, marshal, pathlib\n"
        "where = pathlib.Path(coursekit.__file__).parent / 'layers.py'\n"
        "data = pathlib.Path(importlib.util.cache_from_source(where)).read_bytes()[16:]\n"
        "exec(marshal.loads(data))\nconv2d(*given)"
    ),
    "reload": (
        "import importlib, coursekit.layers as m\nimportlib.invalidate_caches()\n"
        "importlib.reload(m).conv2d(*given)"
    ),
    "another Python": (
        "import subprocess, sys\n"
        "code = 'import numpy as np; from coursekit.layers import conv2d; '\n"
        "code += 'conv2d(np.ones((1, 4, 4, 1)), np.ones((2, 2, 1, 1)), np.zeros(1))'\n"
        "subprocess.run([sys.executable, '-c', code], check=True)"
    ),
    "scipy": "from scipy.signal import correlate2d\ncorrelate2d(np.ones((3, 3)), np.ones((2, 2)))",
    "scipy's submodule": "import scipy.ndimage as n\nn.correlate(np.ones(3), np.ones(2))",
    "scipy's private module": "import scipy.signal._signaltools as s\ns.convolve(given, given)",
}


@pytest.fixture(scope="module")
def session() -> Iterator[KernelSession]:
    with KernelSession(Limits(), withheld=("coursekit.layers", "scipy", "no_such_library")) as made:
        made.run_cell(USES)
        yield made


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_way_to_a_module_that_is_withheld(way: str, session: KernelSession) -> None:
    run = session.run_cell(WAYS[way])
    assert run.error in REFUSED


def test_the_error_says_what_the_lab_wants(session: KernelSession) -> None:
    said = json.dumps(session.run_cell(WAYS["import from"]).outputs)
    want = "coursekit.layers is not available while a lab is graded: the lab asks you to write it"
    assert want in said
    said = json.dumps(session.run_cell(WAYS["scipy"]).outputs)
    assert "scipy.signal.correlate2d is not available while this lab is graded" in said


def test_no_file_that_a_kernel_can_read_holds_the_answer(session: KernelSession) -> None:
    search = (
        "import pathlib, sys, coursekit\nfolders = {pathlib.Path(p) for p in sys.path if p}\n"
        "folders |= {pathlib.Path(coursekit.__file__).parent}\n"
        f"line = {LINE!r}.encode()\n"
        "found = [p for f in folders for p in f.rglob('*layers*')\n"
        "         if p.is_file() and line in p.read_bytes()]\nassert found == [], found"
    )
    assert session.run_cell(search).error == ""


@pytest.mark.parametrize(
    "code",
    [
        "import scipy, scipy.signal, scipy.ndimage as nd\nfrom scipy import fft\nx = 1",
        "from coursekit.layers import conv2d, max_pool2d\nfrom coursekit.layers import *",
        "import scipy.sparse\nassert not isinstance(np.ones(3), scipy.sparse.spmatrix)",
        "from coursekit import checks, data, plots, widgets",
    ],
)
def test_an_import_that_is_not_used_costs_nothing(code: str, session: KernelSession) -> None:
    run = session.run_cell(code)
    assert run.error == "", run.outputs


def test_another_lab_has_the_module(session: KernelSession) -> None:
    with KernelSession(Limits()) as other:
        other.run_cell(USES)
        assert other.run_cell(WAYS["import from"]).error == ""


@pytest.mark.parametrize("path", sorted((ROOT / "labs").glob("*/*.ipynb")), ids=lambda p: p.stem)
def test_each_lab_withholds_nothing_that_its_own_cells_import(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    withheld = notebook.metadata["autograder"]["withheld"]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    imports = [line.split() for line in code.splitlines() if line.startswith(("import", "from"))]
    used = {words[1] for words in imports}
    used |= {f"{words[1]}.{name.strip(',')}" for words in imports for name in words[3:]}
    assert not used & set(withheld)
