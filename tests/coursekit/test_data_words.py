"""The word vectors, and what they know."""

import numpy as np

from coursekit import data


def test_there_is_a_vector_for_each_of_20_000_words():
    glove = data.load_glove()
    assert len(glove.words) == len(set(glove.words)) == 20_000
    assert glove.words[:3] == ("the", ",", ".")
    assert glove.vectors.shape == (20_000, 50)
    assert glove.vectors.dtype == np.float32
    assert np.isfinite(glove.vectors).all()


def test_words_and_vectors_belong_together():
    """Of all words, queen is the nearest to king - man + woman, apart from king itself."""
    glove = data.load_glove()
    king, man, woman = (glove.vectors[glove.words.index(word)] for word in ("king", "man", "woman"))
    wanted = king - man + woman
    lengths = np.linalg.norm(glove.vectors, axis=1) * np.linalg.norm(wanted)
    nearest = np.argsort(glove.vectors @ wanted / lengths)[::-1]
    assert [glove.words[place] for place in nearest[:2]] == ["king", "queen"]
