"""The script that rebuilds the data: its comparison, and its reader of PyTorch's weights."""

import io
import pickle
import struct

import numpy as np
import pytest

from coursekit.data import dataset_names, describe
from coursekit.data.files import DATASETS
from scripts import rebuild_data
from scripts.torch_weights import read_torch_weights

TENSOR = (
    b"\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n("
    b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x07tQ"
    b"K\x01K\x02K\x03\x86K\x01K\x02\x86tRs."
)
"""Pickled: {"w": a (2, 3) tensor with strides (1, 2), from entry 1 on of storage "0"}."""


def weights_file(tensors):
    head = b"".join(pickle.dumps(item, protocol=2) for item in (0x1950A86A20F9469CFC6C, 1001, {}))
    storage = struct.pack("<q", 7) + np.arange(7, dtype="<f4").tobytes()
    return io.BytesIO(head + tensors + pickle.dumps(["0"], protocol=2) + storage)


def test_every_shipped_file_has_a_source():
    made = sorted(file for source in rebuild_data.SOURCES for file in source.files)
    assert made == sorted(describe(name).file for name in dataset_names())


def test_weights_are_read_with_their_offset_and_strides():
    arrays = read_torch_weights(weights_file(TENSOR))
    np.testing.assert_array_equal(arrays["w"], [[1, 3, 5], [2, 4, 6]])


@pytest.mark.parametrize("harmful", [b"cos\nsystem\n", b"cbuiltins\neval\n", b"ctorch\nload\n"])
def test_a_weights_file_that_names_anything_but_tensors_is_refused(harmful):
    with pytest.raises(pickle.UnpicklingError, match="is not allowed in a file of weights"):
        read_torch_weights(weights_file(harmful + b"."))


def test_a_rebuilt_file_is_compared_with_the_shipped_one():
    shipped = (DATASETS / "mnist1d.npz").read_bytes()
    with np.load(io.BytesIO(shipped)) as archive:
        arrays = dict(archive)
    stored = io.BytesIO()
    np.savez(stored, **arrays)
    assert rebuild_data.compare("mnist1d.npz", shipped) == "identical"
    assert rebuild_data.compare("mnist1d.npz", stored.getvalue()) == "equal"
    arrays["x_test"][0, 0] += 1
    other = io.BytesIO()
    np.savez_compressed(other, **arrays)
    assert rebuild_data.compare("mnist1d.npz", other.getvalue()) == "different"
    assert rebuild_data.compare("imagenet_labels.txt", b"tench\n") == "different"


def test_an_unknown_name_is_answered_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        rebuild_data.main(["--only", "cifar"])
    assert "no such NAME: cifar; there are" in capsys.readouterr().err
