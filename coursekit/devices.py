"""The devices that TensorFlow can use, and a way to choose one of them.

- `describe`: the processor and the graphics cards that TensorFlow can use, to be printed
- `devices`: the same as data
- `on`: computes a block on one device, and raises if there is no such device
- `device_of`: where a result was computed

TensorFlow is imported when it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from coursekit.models.quiet import quiet_start

TENSOR_CORES_FROM = 7.0
"""The compute capability from which NVIDIA's GPUs multiply float16 several times as fast."""


@dataclass(frozen=True)
class Device:
    """A device that TensorFlow can compute on.

    Args:
        name: what TensorFlow calls it, such as ``/CPU:0`` or ``/GPU:0``.
        title: what people call it, such as ``NVIDIA A100`` or ``2 processor cores``.
        capability: an NVIDIA card's compute capability, such as 8.6; 0 for anything else.
    """

    name: str
    title: str
    capability: float = 0.0

    @property
    def kind(self) -> str:
        """``CPU``, ``GPU`` or the like."""
        return self.name.strip("/").partition(":")[0]

    def __str__(self) -> str:
        words = f"{self.name}  {self.title}"
        if not self.capability:
            return words
        gains = "gains" if self.capability >= TENSOR_CORES_FROM else "does not gain"
        return f"{words}, compute capability {self.capability:g}: {gains} from float16"


def devices() -> tuple[Device, ...]:
    """Return all devices that TensorFlow can use here, processors first."""
    tf = _tensorflow()
    names = [_short(found.name) for found in tf.config.list_logical_devices()]
    details = {
        _short(card.name): tf.config.experimental.get_device_details(card)
        for card in tf.config.list_physical_devices("GPU")
    }
    found = (_device(name, details.get(name, {})) for name in names)
    return tuple(sorted(found, key=lambda device: (device.kind, device.name)))


def describe(found: Sequence[Device] | None = None) -> str:
    """Return the devices in words, one on each line, and which one TensorFlow will use.

    Args:
        found: the devices to describe; those of `devices` if not given.
    """
    there = devices() if found is None else found
    cards = sum(device.kind == "GPU" for device in there)
    if cards:
        last = f"TensorFlow computes on {'the first' if cards > 1 else 'the'} GPU by itself."
    else:
        last = "There is no GPU that TensorFlow can use: everything runs on the processor."
    return "\n".join([*map(str, there), last])


@contextmanager
def on(name: str) -> Iterator[None]:
    """Compute what is in the block on one device.

    Unlike ``tf.device``, which silently uses another device if there isn't one of this name, this
    raises.

    Args:
        name: such as ``/CPU:0`` or ``/GPU:0``.

    Raises:
        ValueError: there is no such device.
    """
    names = [device.name for device in devices()]
    if name not in names:
        raise ValueError(f"name must be one of {', '.join(names)}; got {name!r}")
    with _tensorflow().device(name):
        yield


def device_of(tensor: Any) -> str:
    """Return the name of the device that holds a tensor, such as ``/CPU:0``.

    Raises:
        TypeError: it isn't a TensorFlow tensor or variable.
    """
    device = getattr(tensor, "device", None)
    if not isinstance(device, str) or ":" not in device:
        raise TypeError(f"tensor must be a TensorFlow tensor; got {type(tensor).__name__}")
    return _short(device)


def _device(name: str, details: dict[str, Any]) -> Device:
    if name.startswith("/CPU"):
        return Device(name, f"{_cores()} processor core{'s' * (_cores() > 1)}")
    major, minor = details.get("compute_capability", (0, 0))
    return Device(name, details.get("device_name", "a device"), float(f"{major}.{minor}"))


def _cores() -> int:
    """Return how many cores this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _short(name: str) -> str:
    """Return the short form, ``/GPU:0``, of TensorFlow's longer name of a device."""
    kind, number = name.split(":")[-2:]
    return f"/{kind.rpartition('/')[2]}:{number}"


def _tensorflow() -> Any:
    with quiet_start():
        import tensorflow as tf

        tf.config.list_logical_devices()  # which starts them
    return tf
