"""The course's data, shipped with the package: nothing is downloaded.

- `load_mnist`, `load_fashion_mnist`: small grey images of digits and of clothes
- `load_mnist1d`: short signals of ten classes
- `load_photo`, `photo_names`: photographs
- `load_glove`: words as vectors; `draw_digits`: digits drawn with fonts, as many as you like
- `describe`: shapes, dtype, range, origin and licence of any of them

Every file is verified by its SHA-256 before its first use; `DataFileError` names a file that is
missing or damaged. Loaders return copies, which you may change.
"""

from coursekit.data.catalogue import ArrayInfo, DatasetInfo, dataset_names, describe
from coursekit.data.drawn import draw_digits
from coursekit.data.photos import load_photo, photo_names
from coursekit.data.sets import ImageSet, SignalSet, load_fashion_mnist, load_mnist, load_mnist1d
from coursekit.data.words import WordVectors, load_glove
from coursekit.errors import DataFileError

__all__ = [
    "ArrayInfo",
    "DataFileError",
    "DatasetInfo",
    "ImageSet",
    "SignalSet",
    "WordVectors",
    "dataset_names",
    "describe",
    "draw_digits",
    "load_fashion_mnist",
    "load_glove",
    "load_mnist",
    "load_mnist1d",
    "load_photo",
    "photo_names",
]
