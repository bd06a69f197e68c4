"""TensorFlow, without the lines that it writes when it starts."""

from __future__ import annotations

from typing import Any

from coursekit.models.quiet import quiet_start


def tensorflow() -> Any:
    """Return the module ``tensorflow``, ready to work."""
    with quiet_start():
        import tensorflow as tf

        tf.constant(0)  # its first operation looks for devices
    return tf
