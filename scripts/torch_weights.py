"""Reads PyTorch's files of weights with NumPy alone, and nothing in them but tensors."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from coursekit.arrays import Array

STORAGES: dict[str, np.dtype[Any]] = {
    "FloatStorage": np.dtype("<f4"),
    "LongStorage": np.dtype("<i8"),
}


@dataclass(frozen=True)
class _Tensor:
    """A tensor as PyTorch's file names it: a window on a storage that follows later."""

    key: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _TensorReader(pickle.Unpickler):
    """Unpickles names, numbers and tensors' descriptions, and refuses everything else."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, np.dtype[Any]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda key, offset, shape, strides, *_: _Tensor(key, offset, shape, strides)
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in STORAGES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a file of weights")

    def persistent_load(self, identity: Any) -> str:
        _, storage, key, *_ = identity
        self.storages[key] = STORAGES[storage]
        return str(key)


def read_torch_weights(stream: BinaryIO) -> dict[str, Array]:
    """Return the arrays of a PyTorch file from before version 1.6, without PyTorch.

    Such a file holds, pickled one after the other, a magic number, a version, the system's
    properties, the tensors' names and descriptions, and the storages' keys; then each storage's
    length (8 bytes) and content.

    Args:
        stream: the open file, little-endian.

    Raises:
        pickle.UnpicklingError: it holds anything but tensors.
    """
    for _ in range(3):
        _TensorReader(stream).load()
    reader = _TensorReader(stream)
    tensors = reader.load()
    storages = {}
    for key in _TensorReader(stream).load():
        count = int.from_bytes(stream.read(8), "little")
        dtype = reader.storages[key]
        storages[key] = np.frombuffer(stream.read(count * dtype.itemsize), dtype)
    return {name: _strided(storages[tensor.key], tensor) for name, tensor in tensors.items()}


def _strided(storage: Array, tensor: _Tensor) -> Array:
    strides = tuple(step * storage.itemsize for step in tensor.strides)
    window = storage[tensor.offset :]
    view = np.lib.stride_tricks.as_strided(window, tensor.shape, strides, writeable=False)
    return view.copy()
