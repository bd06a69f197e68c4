"""Let demonstration cells pass while the code that they call is not written yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def when_written(name: str) -> Iterator[None]:
    """Run a block that demonstrates a student's function, or print a line while it is a stub.

    Args:
        name: the function's name, or several names, for that line.

    Raises:
        NotImplementedError: it came with a message, so it is not a stub's.

    Examples:
        >>> from coursekit import checks
        >>> with checks.when_written("conv2d"):
        ...     raise NotImplementedError
        This waits until conv2d is written. You can go on without it.
    """
    try:
        yield
    except NotImplementedError as error:
        if not is_stub(type(error).__name__, str(error)):
            raise
        print(f"This waits until {name} is written. You can go on without it.")


def is_stub(type_name: str, text: str) -> bool:
    """Return whether an error is a stub's: a NotImplementedError without a message.

    NumPy and TensorFlow raise it with a message, for example if a graph calls a NumPy function.

    Args:
        type_name: name of the error's type.
        text: the error's message. For an error raised inside a graph, TensorFlow's message is a
            long report whose last line is the original error.
    """
    said = text.strip()
    return type_name == "NotImplementedError" and (not said or said.endswith(f"{type_name}:"))
