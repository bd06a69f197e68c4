"""The bundled files: their sums, what happens when one is damaged, and that none is downloaded."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import coursekit
from coursekit import data
from coursekit.data.files import DATASETS, sha256_of, verified
from coursekit.models.digits import digit_cnn_weights

PACKAGE = Path(coursekit.__file__).parent
FILES = sorted(data.describe(name).file for name in data.dataset_names())

LOAD_EVERYTHING = """
from coursekit import data
from coursekit.data.files import verified

data.load_mnist(), data.load_fashion_mnist(), data.load_mnist1d()
for name in data.photo_names():
    data.load_photo(name)
for name in data.dataset_names():
    verified(data.describe(name).file)
"""

NO_NETWORK = """
import sys

def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"{event} was asked for")

sys.addaudithook(refuse)
"""


def python(code, folder=None):
    """The finished process of a script that imports coursekit from the given folder."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}"]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copied(tmp_path):
    """A folder with a copy of the package, whose data may be damaged."""
    shutil.copytree(PACKAGE, tmp_path / "coursekit", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("file", FILES)
def test_every_file_has_the_sum_that_is_listed(file):
    assert hashlib.sha256((DATASETS / file).read_bytes()).hexdigest() == sha256_of(file)
    assert verified(file) == DATASETS / file


def test_the_folder_holds_what_is_described_and_its_licences_and_nothing_else():
    found = {str(path.relative_to(DATASETS)) for path in DATASETS.rglob("*") if path.is_file()}
    texts = {"SHA256SUMS", "LICENSES.md", "licences/Apache-2.0.txt", "licences/PDDL-1.0.txt"}
    assert found == set(FILES) | texts


def test_the_licence_file_speaks_of_every_file():
    text = (DATASETS / "LICENSES.md").read_text(encoding="utf-8")
    assert not [file for file in FILES if Path(file).name not in text]


def test_a_damaged_file_is_named_with_both_sums_and_how_to_get_it_again(copied):
    path = copied / "coursekit/datasets/mnist_10k.npz"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    result = python("from coursekit import data; data.load_mnist()", copied)
    assert result.returncode == 1
    assert "DataFileError: the data file mnist_10k.npz cannot be used" in result.stderr
    assert f"expected SHA-256: {sha256_of('mnist_10k.npz')}" in result.stderr
    assert f"found:            {hashlib.sha256(content).hexdigest()}" in result.stderr
    assert "git checkout -- coursekit/datasets/mnist_10k.npz" in result.stderr
    assert "python -m scripts.rebuild_data --only mnist_10k.npz" in result.stderr


def test_a_missing_file_is_named(copied):
    (copied / "coursekit/datasets/photos/coffee.png").unlink()
    result = python("from coursekit import data; data.load_photo('coffee')", copied)
    assert "the data file photos/coffee.png cannot be used" in result.stderr
    assert "found:            no such file" in result.stderr


def test_a_missing_list_of_sums_is_named(copied):
    (copied / "coursekit/datasets/SHA256SUMS").unlink()
    result = python("from coursekit import data; data.load_mnist1d()", copied)
    assert "the data file SHA256SUMS cannot be used" in result.stderr


def test_a_file_that_is_damaged_after_it_was_read_is_noticed(copied):
    code = """
from coursekit import data
from coursekit.data.files import DATASETS
data.load_photo("coins")
(DATASETS / "photos/coins.png").write_bytes(b"")
try:
    data.load_photo("coins")
except data.DataFileError as error:
    print(error.file)
"""
    assert python(code, copied).stdout == "photos/coins.png\n"


def test_everything_loads_where_sockets_are_forbidden():
    result = python(NO_NETWORK + LOAD_EVERYTHING, PACKAGE.parent)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_forbidden_socket_would_have_been_noticed():
    result = python(NO_NETWORK + "import socket; socket.socket()", PACKAGE.parent)
    assert "socket.__new__ was asked for" in result.stderr


def stored(name):
    with np.load(verified(data.describe(name).file), allow_pickle=False) as archive:
        return dict(archive)


@pytest.mark.parametrize(
    ("name", "load"),
    [
        ("digit_cnn", digit_cnn_weights),
        ("glove", lambda: vars(data.load_glove())),
        ("efficientnet_lite0", lambda: stored("efficientnet_lite0")),  # its loader makes a model
    ],
)
def test_the_weights_and_the_word_vectors_are_as_described(name, load):
    loaded = load()
    for array in data.describe(name).arrays:
        values = loaded[array.name]
        assert (values.shape, values.dtype.name) == (array.shape, array.dtype)
        assert array.low <= values.min()
        assert values.max() <= array.high


def test_labels_and_words_are_complete():
    labels = verified("imagenet_labels.txt").read_text(encoding="utf-8").splitlines()
    assert (len(labels), labels[0], labels[967]) == (1000, "tench, Tinca tinca", "espresso")
    with np.load(verified("glove_6B_50d_top20k_f16.npz"), allow_pickle=False) as archive:
        words = archive["words"].tobytes().decode().split("\n")
    assert (len(words), len(set(words)), words[0]) == (20000, 20000, "the")
