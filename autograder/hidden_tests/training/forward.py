"""What a network gives, worked out here from its weights, so that no kernel has to be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import special

from coursekit.arrays import Array

EPSILON = 1e-3
"""What Keras' batch normalisation adds to a variance."""
NEAR = 2e-2
"""Allowed error relative to the largest output: another epsilon may be chosen."""

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.maximum(x, 0),
    "none": lambda x: x,
    "leaky": lambda x: np.maximum(x, 0.3 * x),
    "leaky 0.2": lambda x: np.maximum(x, 0.2 * x),
    "leaky 0.1": lambda x: np.maximum(x, 0.1 * x),
    "leaky 0.01": lambda x: np.maximum(x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "tanh": np.tanh,
    "sigmoid": special.expit,
    "silu": lambda x: x * special.expit(x),
    "gelu": lambda x: x * special.ndtr(x),
}
POOLS: dict[str, Callable[..., Array] | None] = {"max": np.max, "mean": np.mean, "none": None}


@dataclass(frozen=True)
class Plan:
    """How the blocks of a small network are built."""

    activation: str = "relu"
    pool: str = "max"
    padded: bool = True
    first: str = "norm"
    """What comes first after a convolution, ``norm`` or ``activation``."""


def plans() -> Iterator[Plan]:
    """Yield all plans that are recognised, the usual one first."""
    for values in product(ACTIVATIONS, POOLS, (True, False), ("norm", "activation")):
        yield Plan(*values)


@dataclass(frozen=True)
class Block:
    """The weights of a block: a convolution, perhaps with a bias, perhaps with a normalisation."""

    kernel: Array
    bias: Array | None
    norm: tuple[Array, Array, Array, Array] | None
    """Gamma, beta, mean, variance."""


def blocks_of(weights: Sequence[Array]) -> tuple[list[Block], Array, Array] | None:
    """Return the blocks, the dense kernel and the dense bias of a network's weights in order.

    Args:
        weights: as ``model.get_weights()`` gives them.

    Returns:
        None if they are those of another kind of network.
    """
    *body, kernel, bias = weights if len(weights) > 1 else [np.zeros(0), np.zeros(0)]
    starts = [place for place, weight in enumerate(body) if weight.ndim == 4]
    if kernel.ndim != 2 or bias.ndim != 1 or not starts or starts[0] != 0:
        return None
    parts = [body[one:other] for one, other in zip(starts, [*starts[1:], len(body)], strict=True)]
    if any(len(part) not in (1, 2, 5, 6) for part in parts):
        return None
    blocks = []
    for part in parts:
        norm = tuple(part[-4:]) if len(part) > 2 else None
        own_bias = part[1] if len(part) in (2, 6) else None
        blocks.append(Block(part[0], own_bias, norm))  # type: ignore[arg-type]
    return blocks, kernel, bias


def convolved(x: Array, kernel: Array, *, padded: bool) -> Array:
    """Return a convolution of stride 1, float64."""
    if padded:
        before = [(size - 1) // 2 for size in kernel.shape[:2]]
        sides = [(one, size - 1 - one) for one, size in zip(before, kernel.shape[:2], strict=True)]
        x = np.pad(x, ((0, 0), *sides, (0, 0)))
    windows = sliding_window_view(x.astype(float), kernel.shape[:2], axis=(1, 2))
    return np.asarray(np.tensordot(windows, kernel.astype(float).transpose(2, 0, 1, 3), axes=3))


def normalised(x: Array, norm: Sequence[Array], *, training: bool = False) -> Array:
    """Return batch normalisation's output, with the batch's own statistics in training."""
    gamma, beta, mean, variance = norm
    if training:
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return np.asarray((x - mean) / np.sqrt(variance + EPSILON) * gamma + beta)


def block_output(block: Block, x: Array, plan: Plan, *, training: bool = False) -> Array:
    """Return what a block gives."""
    x = convolved(x, block.kernel, padded=plan.padded)
    x = x if block.bias is None else x + block.bias
    activate = ACTIVATIONS[plan.activation]
    if plan.first == "activation":
        x = activate(x)
    if block.norm is not None:
        x = normalised(x, block.norm, training=training)
    if plan.first == "norm":
        x = activate(x)
    pool = POOLS[plan.pool]
    return x if pool is None else _pooled(x, pool)


def _pooled(x: Array, pool: Callable[..., Array]) -> Array:
    rows, columns = (length // 2 for length in x.shape[1:3])
    x = x[:, : 2 * rows, : 2 * columns]
    return pool(x.reshape(len(x), rows, 2, columns, 2, x.shape[3]), axis=(2, 4))


def logits(weights: Sequence[Array], images: Array, plan: Plan) -> Array | None:
    """Return a network's logits in inference, or None where the weights are of another plan."""
    found = blocks_of(weights)
    if found is None:
        return None
    blocks, kernel, bias = found
    x = images.astype(float)
    for block in blocks:
        if block.kernel.shape[2] != x.shape[3] or min(x.shape[1:3]) < max(block.kernel.shape[:2]):
            return None
        x = block_output(block, x, plan)
    flat = x.reshape(len(x), -1)
    return flat @ kernel + bias if flat.shape[1] == len(kernel) else None


def near(got: Array, right: Array) -> bool:
    """Return whether outputs agree, relative to the largest."""
    scale = float(np.abs(right).max(initial=0.0))
    return got.shape == right.shape and bool(
        np.isfinite(got).all() and np.abs(got - right).max(initial=0.0) <= NEAR * scale
    )


def recognised(weights: Sequence[Array], images: Array, outputs: Array) -> tuple[Plan, str] | None:
    """Return the plan of a network that gives such outputs, and what they are.

    Args:
        weights: as ``model.get_weights()`` orders them, but the grader's own random numbers.
        images: shape (N, H, W, C).
        outputs: what the network gives for them.

    Returns:
        The plan with ``logits`` or ``probabilities``; None if no known network gives that.
    """
    for plan in plans():
        right = logits(weights, images, plan)
        if right is None:
            continue
        if near(outputs, right):
            return plan, "logits"
        if near(outputs, special.softmax(right, axis=1)):
            return plan, "probabilities"
    return None


def features(weights: Sequence[Array], images: Array, *, training: bool = False) -> Array:
    """Return what a base of convolutions, normalisations and ReLUs gives after average pooling.

    Args:
        weights: a kernel, gamma, beta, mean and variance for each block.
        images: shape (N, H, W, C).
        training: whether normalisation takes the batch's own statistics.
    """
    x, plan = images.astype(float), Plan(pool="none", padded=False)
    for start in range(0, len(weights), 5):
        kernel, *norm = weights[start : start + 5]
        block = Block(kernel, None, (norm[0], norm[1], norm[2], norm[3]))
        x = block_output(block, x, plan, training=training)
    return np.asarray(x.mean(axis=(1, 2)))
