"""What strangers hand in for lab 3, backpropagation: all but what goes through windows."""

import numpy as np

from autograder.hidden_tests import backprop
from tests.strangers.hands import Hands

LAB3 = Hands()
NUMERICAL, ERROR, ADAM = backprop.NUMERICAL_GRADIENT, backprop.RELATIVE_ERROR, backprop.ADAM
FILTER_GRADIENT, _, _ = backprop.NOTES_ERROR.parts
RELU, RELU_BACKWARD = backprop.RELU_LAYER.parts
LOSS, LOSS_BACKWARD = backprop.LOSS.parts
SGD, MOMENTUM = backprop.DESCENT.parts


@LAB3.wrong(ADAM, 0.5, "m alone is corrected")
def m_corrected_alone(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw * dw
    m_hat = m / (1 - beta1**t)
    return w - rate * m_hat / (np.sqrt(v) + epsilon), m, v


@LAB3.wrong(ADAM, 0.5, "v alone is corrected")
def v_corrected_alone(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw * dw
    return w - rate * m / (np.sqrt(v / (1 - beta2**t)) + epsilon), m, v


@LAB3.wrong(ADAM, 0.67, "the correction is that of the first step for ever")
def correction_without_a_power(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * np.square(dw)
    m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


@LAB3.wrong(ADAM, 0.67, "the difference is raised to the power t")
def power_of_the_difference(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    m_hat, v_hat = m / (1 - beta1) ** t, v / (1 - beta2) ** t
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


@LAB3.wrong(ADAM, 0.42, "v is kept with beta1")
def one_beta_for_both(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * m + (1 - beta1) * dw
    v = beta1 * v + (1 - beta1) * dw**2
    return w - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta1**t)) + epsilon), m, v


@LAB3.wrong(ADAM, 0)
def weights_alone(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return adam_in_place(w, dw, m, v, t, rate=rate, beta1=beta1, beta2=beta2)[0]


@LAB3.right(ADAM)
def adam_in_place(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m *= beta1
    m += (1 - beta1) * dw
    v *= beta2
    v += (1 - beta2) * dw**2
    w -= rate * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + epsilon)
    return w, m, v


@LAB3.wrong(ERROR, 0.08, "signs are kept throughout")
def error_without_abs(a, b):
    largest = max(a.max(), b.max())
    if largest == 0:
        return 0.0
    return (a - b).max() / largest


@LAB3.wrong(ERROR, 0.92, "two gradients that are 0 everywhere have no number as their")
def zeros_forgotten(a, b):
    return np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b)))


@LAB3.wrong(ERROR, 0.92, "two gradients that are 0 everywhere have no number as their")
def zeros_forgotten_in_plain_python(a, b):
    a, b = a.ravel().tolist(), b.ravel().tolist()
    largest = max(abs(value) for value in a + b)
    return max(abs(p - q) for p, q in zip(a, b, strict=True)) / largest


@LAB3.wrong(ERROR, 0.17, "each entry is divided by its own size")
def entries_divided_without_care(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@LAB3.wrong(ERROR, 0.25, "entry by entry")
def notes_of_another_course(a, b):
    return np.max(np.abs(a - b) / (np.maximum(1e-8, np.abs(a) + np.abs(b))))


@LAB3.wrong(ERROR, 0.17, "lengths of the arrays are compared")
def norms(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@LAB3.wrong(ERROR, 0.58, "the difference is divided by the first array's size alone")
def size_of_the_first(a, b):
    return np.max(np.abs(a - b)) / np.max(np.abs(a))


@LAB3.wrong(ERROR, 0.67)
def size_of_the_first_with_zeros(a, b):
    if not a.any():
        return 0.0
    return np.max(np.abs(a - b)) / np.max(np.abs(a))


@LAB3.wrong(ERROR, 0.83, "0.0 comes back where one array alone is 0 everywhere")
def zero_if_either_is(a, b):
    if np.all(a == 0) or np.all(b == 0):
        return 0.0
    return np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max())


@LAB3.wrong(ERROR, 0, "a mean is taken")
def mean_and_zeros_forgotten(a, b):
    return np.mean(np.abs(a - b)) / np.max(np.maximum(np.abs(a), np.abs(b)))


@LAB3.right(ERROR)
def guarded_by_equality(a, b):
    if np.array_equal(a, b):
        return 0
    return np.float32(np.linalg.norm((a - b).ravel(), np.inf) / np.abs([a, b]).max())


@LAB3.wrong(NUMERICAL, 0, "entries that were moved are not put back")
def moved_for_good(f, x, *, step=1e-5):
    grad = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        x[place] += step
        high = f(x)
        x[place] -= 2 * step
        grad[place] = (high - f(x)) / (2 * step)
    return grad


@LAB3.right(NUMERICAL)
def with_an_iterator(f, x, *, step=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        old = x[it.multi_index]
        x[it.multi_index] = old + step
        plus = f(x)
        x[it.multi_index] = old - step
        minus = f(x)
        x[it.multi_index] = old
        grad[it.multi_index] = (plus - minus) / (2 * step)
        it.iternext()
    return grad


@LAB3.wrong(LOSS, 0.9, "small probabilities are cut off before the logarithm")
def loss_cut_off(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = np.clip(e / e.sum(axis=1, keepdims=True), 1e-12, 1)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


@LAB3.right(LOSS)
def loss_by_logsumexp(logits, labels):
    top = logits.max(axis=1)
    total = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return float(np.mean(total - np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]))


@LAB3.right(LOSS_BACKWARD)
def with_one_hot(logits, labels):
    shifted = logits - np.amax(logits, axis=1).reshape(-1, 1)
    p = np.exp(shifted) / np.sum(np.exp(shifted), axis=1).reshape(-1, 1)
    return (p - np.eye(logits.shape[1])[labels]) / logits.shape[0]


@LAB3.wrong(SGD, 0)
def nothing_returned(w, dw, *, rate=0.01):
    w -= rate * dw


@LAB3.right(RELU_BACKWARD)
def mask_by_index(dout, x):
    dx = dout.copy()
    dx[x <= 0] = 0
    return dx


@LAB3.right(FILTER_GRADIENT)
def by_lists(x, F, target):
    K, e = len(F), [sum(x[n + k] * F[k] for k in range(len(F))) - t for n, t in enumerate(target)]
    dF = [sum(e[n] * x[n + k] for n in range(len(e))) for k in range(K)]
    dx = [0.0] * len(x)
    for n, error in enumerate(e):
        for k in range(K):
            dx[n + k] += error * F[k]
    return dF, dx
