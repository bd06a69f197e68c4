"""``adam``: a step size of its own for every weight."""

# ruff: noqa: ARG001, D103 - a mistake ignores what it should use, and its sentence describes it

from __future__ import annotations

from functools import partial

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, MistakeList
from autograder.hidden_tests.backprop.draws import away_from_zero
from coursekit.arrays import Array

Step = tuple[Array, Array, Array]

_mistakes = MistakeList()


def adam(
    w: Array,
    dw: Array,
    m: Array,
    v: Array,
    t: int,
    *,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> Step:
    """Return the weights and both means after one step, in the order of the paper's algorithm 1.

    Args:
        w: weights, any shape.
        dw: their gradient, same shape.
        m: running mean of the gradients, zeros at first.
        v: running mean of their squares, zeros at first.
        t: number of this step, 1 for the first.
        rate: learning rate.
        beta1: how much of m is kept.
        beta2: how much of v is kept.
        epsilon: keeps the division from being one by 0.
    """
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m / (1 - beta1**t), v / (1 - beta2**t), rate, epsilon), m, v


def _means(dw: Array, m: Array, v: Array, beta1: float, beta2: float) -> tuple[Array, Array]:
    return m + (1 - beta1) * (dw - m), v + (1 - beta2) * (np.square(dw) - v)


def _moved(w: Array, m: Array, v: Array, rate: float, epsilon: float) -> Array:
    with np.errstate(all="ignore"):
        return np.asarray(w - rate * m / (np.sqrt(v) + epsilon))


def _settings(options: dict[str, float]) -> tuple[float, float, float, float]:
    given = {"rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **options}
    return given["rate"], given["beta1"], given["beta2"], given["epsilon"]


@_mistakes.add(
    "the means are not corrected: m and v start from zeros, so divide m by 1 - beta1**t and v by "
    "1 - beta2**t for the step."
)
def not_corrected(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m, v, rate, epsilon), m, v


@_mistakes.add(
    "m alone is corrected: v starts from zeros as well, so divide it by 1 - beta2**t before you "
    "take its root."
)
def v_not_corrected(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m / (1 - beta1**t), v, rate, epsilon), m, v


@_mistakes.add("v alone is corrected: m starts from zeros as well, so divide it by 1 - beta1**t.")
def m_not_corrected(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m, v / (1 - beta2**t), rate, epsilon), m, v


@_mistakes.add(
    "the difference is raised to the power t: beta alone is, so the correction is 1 - beta**t and "
    "not (1 - beta)**t."
)
def power_of_the_difference(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m / (1 - beta1) ** t, v / (1 - beta2) ** t, rate, epsilon), m, v


@_mistakes.add("v is kept with beta1, too: beta1 belongs to m, and beta2 to v.")
def beta1_for_both(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    return adam(w, dw, m, v, t, **{**options, "beta2": _settings(options)[1]})


@_mistakes.add(
    "the correction is that of the first step for ever: it divides by 1 - beta**t with the number "
    "t of this step, not by 1 - beta."
)
def step_count_never_advanced(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    return adam(w, dw, m, v, 1, **options)


@_mistakes.add("t is advanced once more: it is the number of this step already, 1 for the first.")
def one_step_ahead(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    return adam(w, dw, m, v, t + 1, **options)


@_mistakes.add("beta is multiplied by t: the correction has the power, 1 - beta**t.")
def times_t_instead_of_power(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    with np.errstate(all="ignore"):
        return _moved(w, m / (1 - beta1 * t), v / (1 - beta2 * t), rate, epsilon), m, v


@_mistakes.add(
    "the corrected means are handed on: they are for this step alone. Return m and v as they were "
    "before the correction."
)
def corrected_means_returned(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    _, beta1, beta2, _ = _settings(options)
    w, m, v = adam(w, dw, m, v, t, **options)
    return w, m / (1 - beta1**t), v / (1 - beta2**t)


@_mistakes.add("the gradient is not squared in v: v is the mean of dw**2.")
def gradient_not_squared(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)[0], beta2 * v + (1 - beta2) * dw
    with np.errstate(all="ignore"):
        return _moved(w, m / (1 - beta1**t), v / (1 - beta2**t), rate, epsilon), m, v


@_mistakes.add("the square root is missing: divide by np.sqrt of the corrected v, plus epsilon.")
def root_missing(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = _means(dw, m, v, beta1, beta2)
    return _moved(w, m / (1 - beta1**t), (v / (1 - beta2**t)) ** 2, rate, epsilon), m, v


@_mistakes.add("the step is added: the mean gradient points uphill, so it is subtracted.")
def uphill(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    new, m, v = adam(w, dw, m, v, t, **options)
    return 2 * w - new, m, v


@_mistakes.add("the learning rate is forgotten: the step is rate * m / (sqrt(v) + epsilon).")
def rate_forgotten(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    return adam(w, dw, m, v, t, **{**options, "rate": 1.0})


@_mistakes.add(
    "epsilon is missing: an entry whose gradient was always 0 is divided 0 by 0, and becomes nan."
)
def epsilon_missing(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    return adam(w, dw, m, v, t, **{**options, "epsilon": 0.0})


@_mistakes.add("beta1 and beta2 are exchanged: beta1 belongs to m, beta2 to v.")
def betas_exchanged(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    _, beta1, beta2, _ = _settings(options)
    return adam(w, dw, m, v, t, **{**options, "beta1": beta2, "beta2": beta1})


@_mistakes.add(
    "the new gradient comes in whole: a running mean keeps beta of the old and takes 1 - beta of "
    "the new."
)
def means_without_1_minus_beta(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = beta1 * m + dw, beta2 * v + dw**2
    return _moved(w, m / (1 - beta1**t), v / (1 - beta2**t), rate, epsilon), m, v


@_mistakes.add("the step uses the old means: renew m and v first, then move w.")
def moved_by_the_old_means(
    w: Array, dw: Array, m: Array, v: Array, t: int, **options: float
) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    new = _moved(w, m / (1 - beta1**t), v / (1 - beta2**t), rate, epsilon)
    return new, *_means(dw, m, v, beta1, beta2)


@_mistakes.add("the results come in another order: return w, then m, then v.")
def w_last(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    new, m, v = adam(w, dw, m, v, t, **options)
    return m, v, new


def by_the_paper(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
    return w - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon), m, v


def as_keras_does(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
    step = rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - step * m / (np.sqrt(v) + epsilon), m, v


def epsilon_in_the_root(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    rate, beta1, beta2, epsilon = _settings(options)
    m, v = beta1 * m + (1 - beta1) * dw, beta2 * v + (1 - beta2) * dw**2
    return w - rate * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t) + epsilon), m, v


def in_place(w: Array, dw: Array, m: Array, v: Array, t: int, **options: float) -> Step:
    new, m_new, v_new = by_the_paper(w, dw, m, v, t, **options)
    w[...], m[...], v[...] = new, m_new, v_new
    return w, m, v


def case(
    rng: np.random.Generator,
    *,
    shape: tuple[int, ...] = (3,),
    t: int = 1,
    zero: bool = False,
    settings: bool = False,
) -> Case:
    """Return one call ``adam(w, dw, m, v, t)``.

    Args:
        rng: draws all values.
        shape: of the weights.
        t: number of the step; the means are zeros at the first.
        zero: whether an entry's gradient is 0, and was always.
        settings: whether rate and betas are given.
    """
    w, dw = away_from_zero(rng, shape), away_from_zero(rng, shape)
    m = np.zeros(shape) if t == 1 else 0.5 * away_from_zero(rng, shape)
    v = np.zeros(shape) if t == 1 else rng.uniform(0.2, 1.0, shape)
    if zero:
        dw.flat[0], m.flat[0], v.flat[0] = 0.0, 0.0, 0.0
    given = {"rate": 0.05, "beta1": 0.8, "beta2": 0.9}
    return Case((w, dw, m, v, t), given if settings else {"rate": float(rng.uniform(0.05, 0.2))})


GROUPS = (
    CaseGroup("first step", 0.3, (case, partial(case, shape=(2, 2)))),
    CaseGroup(
        "later steps",
        0.4,
        (partial(case, t=2), partial(case, t=7, shape=(2, 3)), partial(case, t=30)),
    ),
    CaseGroup("other settings", 0.2, (partial(case, t=3, settings=True),)),
    CaseGroup("a gradient of 0", 0.1, (partial(case, zero=True), partial(case, t=5, zero=True))),
)

ADAM = FunctionExercise(
    name="adam",
    points=6,
    reference=adam,
    groups=GROUPS,
    mistakes=tuple(_mistakes),
    variants=(by_the_paper, as_keras_does, epsilon_in_the_root, in_place),
    parts={"w": 2, "m": 1, "v": 1},
    atol=1e-8,  # v can be small
)
