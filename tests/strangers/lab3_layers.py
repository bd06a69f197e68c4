"""What strangers hand in for lab 3 beside the windows: dense, ReLU, loss, descent, notes."""

import numpy as np

from autograder.hidden_tests import backprop
from tests.strangers.hands import Hands
from tests.strangers.lab3_windows import network

LAB3_LAYERS = Hands()
NUMERICAL, NETWORK, ADAM = (
    backprop.NUMERICAL_GRADIENT,
    backprop.CNN_GRADIENTS,
    backprop.ADAM,
)
FILTER_GRADIENT, _, _ = backprop.NOTES_ERROR.parts
_, DENSE_BACKWARD = backprop.DENSE_LAYER.parts
RELU, RELU_BACKWARD = backprop.RELU_LAYER.parts
LOSS, LOSS_BACKWARD = backprop.LOSS.parts
SGD, MOMENTUM = backprop.DESCENT.parts


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.77, "dout is reshaped where it must be transposed")
def dout_reshaped(dout, x, w):
    return dout @ w.T, (dout.reshape(dout.shape[1], -1) @ x).T, dout.sum(axis=0)


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.67, "w is reshaped where it must be transposed")
def w_reshaped(dout, x, w):
    return dout @ w.reshape(w.shape[1], w.shape[0]), x.T @ dout, dout.sum(axis=0)


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.77, "x is reshaped where it must be transposed")
def x_reshaped(dout, x, w):
    return dout @ w.T, x.reshape(x.shape[1], x.shape[0]) @ dout, dout.sum(axis=0)


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.16, "dx is computed with w as it is")
def w_as_it_is(dout, x, w):
    return dout @ w, x.T @ dout, dout.sum(axis=0)


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.67, "db is summed over the outputs")
def db_over_the_outputs(dout, x, w):
    return dout @ w.T, x.T @ dout, dout.sum(axis=1)


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.72, "db is not summed over the batch")
def db_not_summed(dout, x, w):
    return np.dot(dout, w.T), np.dot(x.T, dout), dout


@LAB3_LAYERS.wrong(DENSE_BACKWARD, 0.53, "dw and db are divided by N")
def dw_as_a_mean(dout, x, w):
    return dout @ w.T, x.T @ dout / len(x), dout.mean(axis=0)


@LAB3_LAYERS.wrong(RELU, 0, "only what is over 1 is kept")
def kept_over_1(x):
    return x * (x > 1)


@LAB3_LAYERS.wrong(RELU_BACKWARD, 0, "only where x is over 1 the gradient passes")
def passes_over_1(dout, x):
    return dout * (x > 1)


@LAB3_LAYERS.wrong(RELU_BACKWARD, 0, "the gradient passes only where it is positive")
def both_positive(dout, x):
    return np.where((x > 0) & (dout > 0), dout, 0)


@LAB3_LAYERS.wrong(LOSS, 0.8, "each row's smallest logit")
def loss_with_the_minimum(logits, labels):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.min(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(labels)), labels]))


@LAB3_LAYERS.wrong(LOSS, 0.35, "the losses are summed")
def loss_summed(logits, labels):
    m = logits.max(axis=1, keepdims=True)
    z = np.log(np.exp(logits - m).sum(axis=1)) + m[:, 0]
    return np.sum(z - logits[np.arange(len(labels)), labels])


@LAB3_LAYERS.wrong(LOSS, 0.9, "the logarithm of 0 is taken")
def log_of_the_softmax(logits, labels):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(labels)), labels]).mean()


@LAB3_LAYERS.wrong(LOSS, 0.25, "whole columns are picked")
def columns_of_the_labels(logits, labels):
    m = logits - logits.max(axis=1, keepdims=True)
    logs = m - np.log(np.exp(m).sum(axis=1, keepdims=True))
    return -np.mean(logs[:, labels])


@LAB3_LAYERS.wrong(LOSS, 0.1, "the sign is wrong: the loss is minus the logarithm, ")
def likelihood(logits, labels):
    m = logits - logits.max(axis=1, keepdims=True)
    logs = m - np.log(np.exp(m).sum(axis=1, keepdims=True))
    return np.mean(logs[np.arange(len(labels)), labels])


@LAB3_LAYERS.wrong(LOSS_BACKWARD, 0.35, "1/N is missing: the loss is a mean over the batch, s")
def gradient_of_the_sum(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p


@LAB3_LAYERS.wrong(LOSS_BACKWARD, 0.25, "1 is subtracted in whole columns")
def one_taken_from_columns(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[:, labels] -= 1
    return p / len(labels)


@LAB3_LAYERS.wrong(LOSS_BACKWARD, 0.8, "each row's smallest logit is subtracted")
def gradient_with_the_minimum(logits, labels):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.min(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return (p - np.eye(logits.shape[1])[labels]) / len(labels)


@LAB3_LAYERS.wrong(SGD, 0, "the step is added: the gradient points uphill, so ra")
def uphill(w, dw, *, rate=0.01):
    return w + rate * dw


@LAB3_LAYERS.wrong(MOMENTUM, 0.2, "the velocity points uphill and is subtracted")
def minus_velocity(w, dw, velocity, *, rate=0.01, beta=0.9):
    velocity = beta * velocity + rate * dw
    return w - velocity, velocity


@LAB3_LAYERS.wrong(MOMENTUM, 0, "a mean of velocity and gradient is taken")
def running_mean(w, dw, velocity, *, rate=0.01, beta=0.9):
    velocity = beta * velocity - (1 - beta) * rate * dw
    return w + velocity, velocity


@LAB3_LAYERS.wrong(ADAM, 0.5, "t is advanced once more")
def t_plus_1(w, dw, m, v, t, *, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    t += 1
    m = beta1 * m + (1 - beta1) * dw
    v = beta2 * v + (1 - beta2) * dw**2
    mh, vh = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - rate * mh / (np.sqrt(vh) + epsilon), m, v


@LAB3_LAYERS.wrong(NUMERICAL, 0, "the difference is taken to one side only")
def one_sided(f, x, *, step=1e-5):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        y = x.copy()
        y[i] += step
        g[i] = (f(y) - f(x)) / step
    return g


@LAB3_LAYERS.wrong(NUMERICAL, 0, "it is divided by step")
def half_the_distance(f, x, *, step=1e-5):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + step
        up = f(x)
        x[i] = old - step
        g[i] = (up - f(x)) / step
        x[i] = old
    return g


@LAB3_LAYERS.wrong(NUMERICAL, 0.6, "rows are moved as a whole")
def over_the_rows(f, x, *, step=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        a, b = x.copy(), x.copy()
        a[i] += step
        b[i] -= step
        g[i] = (f(a) - f(b)) / (2 * step)
    return g


@LAB3_LAYERS.wrong(FILTER_GRADIENT, 0, "the error has the wrong sign")
def sign_of_the_error(x, F, target):
    v = np.lib.stride_tricks.sliding_window_view(x, len(F))
    e = target - v @ F
    dx = np.zeros(len(x))
    for n in range(len(e)):
        dx[n : n + len(F)] += e[n] * F
    return e @ v, dx


@LAB3_LAYERS.wrong(FILTER_GRADIENT, 0.5, "the filter is flipped in dx")
def convolved_with_f(x, F, target):
    v = np.lib.stride_tricks.sliding_window_view(x, len(F))
    e = v @ F - target
    return e @ v, np.convolve(e, F[::-1])


@LAB3_LAYERS.wrong(FILTER_GRADIENT, 0.5, "dx is assigned where it must be added")
def dx_assigned(x, F, target):
    dF, dx = np.zeros_like(F), np.zeros_like(x)
    for n in range(len(target)):
        e = x[n : n + len(F)] @ F - target[n]
        dF += e * x[n : n + len(F)]
        dx[n : n + len(F)] = e * F
    return dF, dx


@LAB3_LAYERS.wrong(NETWORK, 0.46, "1/N is missing in the gradients")
def network_summed(x, labels, conv_w, conv_b, dense_w, dense_b):
    loss, *gradients = network(x, labels, conv_w, conv_b, dense_w, dense_b)
    return (loss, *(g * len(x) for g in gradients))


@LAB3_LAYERS.wrong(NETWORK, 0.22, "the gradients come in another order")
def network_in_another_order(x, labels, conv_w, conv_b, dense_w, dense_b):
    loss, a, b, c, d = network(x, labels, conv_w, conv_b, dense_w, dense_b)
    return loss, c, d, a, b


@LAB3_LAYERS.right(DENSE_BACKWARD)
def dense_by_einsum(dout, x, w):
    dx, dw = np.einsum("nm,dm->nd", dout, w), np.einsum("nd,nm->dm", x, dout)
    return dx, dw, np.einsum("nm->m", dout)


@LAB3_LAYERS.right(LOSS_BACKWARD)
def gradient_row_by_row(logits, labels):
    rows = []
    for row, label in zip(logits, labels, strict=True):
        e = np.exp(row - row.max())
        p = e / e.sum()
        p[label] -= 1.0
        rows.append(p / len(labels))
    return rows


@LAB3_LAYERS.right(MOMENTUM)
def momentum_in_place(w, dw, velocity, *, rate=0.01, beta=0.9):
    velocity *= beta
    velocity -= rate * dw
    w += velocity
    return w, velocity
