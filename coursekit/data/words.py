"""Word vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coursekit.data.files import verified


@dataclass(frozen=True)
class WordVectors:
    """A vector for each word.

    Args:
        words: the words, the most frequent first, in lower case; punctuation is among them.
        vectors: shape (number of words, 50), float32, ``vectors[i]`` belongs to ``words[i]``.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]


def load_glove() -> WordVectors:
    """Return GloVe vectors of the 20,000 most frequent English words (Pennington and others, 2014).

    Raises:
        DataFileError: the bundled file is missing or damaged.
    """
    with np.load(verified("glove_6B_50d_top20k_f16.npz"), allow_pickle=False) as archive:
        words = archive["words"].tobytes().decode("utf-8").split("\n")
        return WordVectors(tuple(words), archive["vectors"].astype(np.float32))
