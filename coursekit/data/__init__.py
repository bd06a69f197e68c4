"""The course's data, shipped with the package: nothing here goes to the network.

- `load_mnist`, `load_fashion_mnist`: small grey images of digits and of clothes
- `load_mnist1d`: short signals of ten kinds
- `load_photo`, `photo_names`: photographs
- `load_glove`: words as vectors; `draw_digits`: digits drawn with fonts, as many as you like
- `describe`: shapes, dtype, range, origin and licence of any of them

Every file is compared with its SHA-256 before it is first used; `DataFileError` names a file that
is missing or damaged. What a loader returns is a copy of your own: change it as you like.
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
