"""The libraries beside a student's function: in its kernel, or here where the function is ours.

A harness of lab 4 runs in the grader's process and drives Keras and TensorFlow in the kernel
through proxies. Nothing of it can be replaced there. What comes back is data from hostile code:
each harness gives the kernel numbers that it draws itself, and compares with its own arithmetic.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.errors import BadAnswer
from autograder.examiner.proxy import Proxy, module_beside
from autograder.examiner.seeding import generator
from autograder.exercises.judging import as_numbers
from coursekit.arrays import Array

_FILE = "/_grading_harness"
"""What the examiner's agent leaves out of a student's traceback."""


class KernelLibraries:
    """The libraries of the process in which a function lives.

    Args:
        function: a student's function or its proxy.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def module(self, name: str) -> Any:
        """Import a module in the function's process and return it or its proxy."""
        if isinstance(self._function, Proxy):
            return module_beside(self._function, name)
        return importlib.import_module(name)

    def make(self, expression: str) -> Any:
        """Evaluate a Python expression in the function's process and return its value.

        Args:
            expression: its source, such as a lambda for ``Dataset.map``; it sees only builtins.
        """
        place = self.module("builtins") if lives_in_kernel(self._function) else builtins
        return place.eval(place.compile(expression, _FILE, "eval"), {"__name__": "harness"})

    @property
    def tensorflow(self) -> Any:
        """TensorFlow, without the lines that it writes when it starts."""
        if not lives_in_kernel(self._function):
            from coursekit.harness.started import tensorflow

            return tensorflow()
        return self.module("tensorflow")

    @property
    def keras(self) -> Any:
        """Keras."""
        return self.module("keras")


def lives_in_kernel(value: Any) -> bool:
    """Return whether a value is a proxy of an object in a student's kernel.

    Args:
        value: plain data or a proxy.
    """
    return isinstance(value, Proxy)


def numbers(value: Any) -> Array:
    """Return a value as an array of real numbers.

    Args:
        value: data from a kernel, or a tensor if the function is ours.

    Raises:
        BadAnswer: it is not made of real numbers.
    """
    if not lives_in_kernel(value) and hasattr(value, "numpy"):
        value = value.numpy()
    array = as_numbers(value)
    if array is None:
        raise BadAnswer("something else than numbers came back from a network")
    return array


@contextmanager
def usual_settings(beside: KernelLibraries) -> Iterator[None]:
    """Give Keras and TensorFlow their default settings within the block.

    A notebook may have set a policy of mixed precision, another float type or image format, or
    eager functions. Its settings are restored at the end.

    Args:
        beside: the libraries of the function's process.

    Raises:
        BadAnswer: eager execution is switched off, which cannot be undone.
    """
    keras, tf = beside.keras, beside.tensorflow
    if not tf.executing_eagerly():
        raise BadAnswer(
            "TensorFlow's eager execution is switched off in this notebook, for good: leave "
            "tf.compat.v1.disable_eager_execution() out"
        )
    settings = [
        (keras.config.set_dtype_policy, _policy(keras), "float32"),
        (keras.config.set_floatx, keras.config.floatx(), "float32"),
        (keras.config.set_image_data_format, keras.config.image_data_format(), "channels_last"),
        (tf.config.run_functions_eagerly, tf.config.functions_run_eagerly(), False),
    ]
    changed = [(change, was, usual) for change, was, usual in settings if was != usual]
    for change, _, usual in changed:
        change(usual)
    try:
        yield
    finally:
        for change, was, _ in changed:
            with contextlib.suppress(Exception):  # the kernel may have ended meanwhile
                change(was)


def _policy(keras: Any) -> Any:
    return keras.config.dtype_policy().name


_calls = itertools.count()


def draws() -> np.random.Generator:
    """Return a new generator, whose numbers no kernel can know and a regrade draws again."""
    return generator(f"what a harness draws, {next(_calls)}")
