"""Start TensorFlow without its start-up messages."""

from __future__ import annotations

from typing import Any

from coursekit.models.quiet import quiet_start


def tensorflow() -> Any:
    """Import ``tensorflow``, initialise its devices, and return the module."""
    with quiet_start():
        import tensorflow as tf

        tf.constant(0)  # its first operation looks for devices
    return tf
