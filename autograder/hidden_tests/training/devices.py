"""``pick_device`` and ``pick_precision``: what to use of what there is."""

# ruff: noqa: D103 - a mistake's sentence describes it, a variant's name does

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, JointExercise, MistakeList

_device = MistakeList()
_precision = MistakeList()


def pick_device(kinds: Sequence[str]) -> str:
    """Return the first GPU where there is one, else the first CPU.

    Args:
        kinds: the devices' types, such as ``["CPU", "GPU"]``.
    """
    return "/GPU:0" if "GPU" in kinds else "/CPU:0"


@_device.add("the GPU is looked for in one place of the list alone: it may stand anywhere in it.")
def first_place_alone(kinds: Sequence[str]) -> str:
    return pick_device(kinds[:1])


@_device.add("the last device decides: look whether any of them is a GPU.")
def last_place_alone(kinds: Sequence[str]) -> str:
    return pick_device(kinds[-1:])


@_device.add("two devices are taken for a CPU and a GPU: look at what they are.")
def counted(kinds: Sequence[str]) -> str:
    return "/GPU:0" if len(kinds) > 1 else "/CPU:0"


@_device.add("the CPU is always taken: a GPU is faster at this, so it comes first.")
def never_the_gpu(kinds: Sequence[str]) -> str:
    return pick_device(["CPU", *kinds[:0]])


@_device.add("it is turned round: the GPU is wanted where there is one.")
def turned_round(kinds: Sequence[str]) -> str:
    return "/CPU:0" if "GPU" in kinds else "/GPU:0"


@_device.add("the number is that of the second GPU: devices are counted from 0.")
def second_gpu(kinds: Sequence[str]) -> str:
    return pick_device(kinds).replace("GPU:0", "GPU:1")


@_device.add(
    "the number is how many GPUs there are: it is which one, counted from 0, so the first is "
    "'/GPU:0'."
)
def numbered_by_their_count(kinds: Sequence[str]) -> str:
    return pick_device(kinds).replace("GPU:0", f"GPU:{list(kinds).count('GPU')}")


@_device.add("the name is in small letters: write '/GPU:0' and '/CPU:0', as the task does.")
def small_letters(kinds: Sequence[str]) -> str:
    return pick_device(kinds).lower()


@_device.add("the number is missing: TensorFlow's name of the first GPU is '/GPU:0'.")
def no_number(kinds: Sequence[str]) -> str:
    return pick_device(kinds).removesuffix(":0")


@_device.add("the stroke is missing: TensorFlow's name of the first GPU is '/GPU:0'.")
def no_stroke(kinds: Sequence[str]) -> str:
    return pick_device(kinds).removeprefix("/")


def by_counting(kinds: Sequence[str]) -> str:
    return f"/{'G' if list(kinds).count('GPU') else 'C'}PU:0"


def pick_precision(device: str, capability: float) -> str:
    """Return the policy that is faster, of those that lose nothing.

    Args:
        device: such as ``"/GPU:0"``.
        capability: the GPU's compute capability; 0 for a CPU.
    """
    return "mixed_float16" if "GPU" in device and capability >= 7.0 else "float32"


@_precision.add(
    "mixed precision is taken on every GPU: those below capability 7.0 only lose by it."
)
def on_every_gpu(device: str, capability: float) -> str:  # noqa: ARG001
    return pick_precision(device, 9.0)


@_precision.add("mixed precision is taken everywhere: a CPU does float16 more slowly than float32.")
def everywhere(device: str, capability: float) -> str:  # noqa: ARG001
    return "mixed_float16"


@_precision.add("float32 is taken everywhere: GPUs from capability 7.0 on gain by mixed precision.")
def nowhere(device: str, capability: float) -> str:  # noqa: ARG001
    return "float32"


@_precision.add("capability 7.0 itself is left out: from 7.0 on, so compare with >=.")
def above_alone(device: str, capability: float) -> str:
    return pick_precision(device, 0.0 if capability == 7.0 else capability)


@_precision.add("it is turned round: mixed precision is for the newer GPUs.")
def the_older_ones(device: str, capability: float) -> str:
    return "float32" if pick_precision(device, capability) != "float32" else "mixed_float16"


@_precision.add(
    "everything is done in float16: weights would lose their small changes. The policy that keeps "
    "them in float32 is called 'mixed_float16'."
)
def pure_float16(device: str, capability: float) -> str:
    return pick_precision(device, capability).removeprefix("mixed_")


def by_two_questions(device: str, capability: float) -> str:
    if device.startswith("/CPU"):
        return "float32"
    return "float32" if capability < 7 else "mixed_float16"


def device_case(rng: np.random.Generator, *, kinds: Sequence[str]) -> Case:
    """Return a list of device types; two at the end, if any, change places by chance."""
    return Case(([*kinds[:1], *rng.permutation(kinds[1:]).tolist()],))


def precision_case(rng: np.random.Generator, *, device: str, low: float, high: float) -> Case:
    """Return a device with a capability between two numbers, with one digit."""
    return Case((device, round(float(rng.uniform(low, high)), 1)))


DEVICE = JointExercise(
    "devices",
    (
        FunctionExercise(
            name="pick_device",
            points=2,
            reference=pick_device,
            groups=(
                CaseGroup(
                    "with a GPU",
                    0.5,
                    (
                        partial(device_case, kinds=("CPU", "GPU")),
                        partial(device_case, kinds=("GPU", "CPU")),
                        partial(device_case, kinds=("CPU", "GPU", "GPU")),
                    ),
                ),
                CaseGroup(
                    "without",
                    0.5,
                    (
                        partial(device_case, kinds=("CPU",)),
                        partial(device_case, kinds=("CPU", "CPU")),
                    ),
                ),
            ),
            mistakes=tuple(_device),
            variants=(by_counting,),
        ),
        FunctionExercise(
            name="pick_precision",
            points=3,
            reference=pick_precision,
            groups=(
                CaseGroup(
                    "GPUs",
                    0.6,
                    (
                        partial(precision_case, device="/GPU:0", low=7.5, high=9.4),
                        partial(precision_case, device="/GPU:0", low=6.0, high=6.9),
                        partial(precision_case, device="/GPU:0", low=7.0, high=7.0),
                    ),
                ),
                CaseGroup("CPU", 0.4, (partial(precision_case, device="/CPU:0", low=0, high=0),)),
            ),
            mistakes=tuple(_precision),
            variants=(by_two_questions,),
        ),
    ),
)
