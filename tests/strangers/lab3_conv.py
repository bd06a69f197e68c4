"""What strangers hand in for lab 3's conv2d_backward: frames, sizes and loops that go wrong."""

# ruff: noqa: PLW0128, RUF059 - people unpack more than they use, and return too early

import numpy as np

from autograder.hidden_tests import backprop
from tests.strangers.hands import Hands

LAB3_CONV = Hands()
CONV = backprop.CONV2D_BACKWARD


def framed(x, pad):
    return np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))


def windows_of(xp, w, dout, stride):
    view = np.lib.stride_tricks.sliding_window_view(xp, w.shape[:2], axis=(1, 2))
    return view[:, ::stride, ::stride][:, : dout.shape[1], : dout.shape[2]]


def spread(dout, w, shape, stride):
    out = np.zeros(shape)
    for i, j in np.ndindex(*dout.shape[1:3]):
        rows = slice(i * stride, i * stride + w.shape[0])
        cols = slice(j * stride, j * stride + w.shape[1])
        out[:, rows, cols] += np.tensordot(dout[:, i, j], w, axes=(1, 3))
    return out


# Height for both


@LAB3_CONV.wrong(CONV, 0.9, "a height is used for a width")
def f_twice(dout, x, w, *, stride=1, pad=0):
    N, H, W, _ = x.shape
    f, f, _, F = w.shape
    xp = framed(x, pad)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(F)
    for n in range(N):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for c in range(F):
                    a, b = i * stride, j * stride
                    dxp[n, a : a + f, b : b + f, :] += w[:, :, :, c] * dout[n, i, j, c]
                    dw[:, :, :, c] += xp[n, a : a + f, b : b + f, :] * dout[n, i, j, c]
                    db[c] += dout[n, i, j, c]
    return dxp[:, pad : pad + H, pad : pad + W], dw, db


@LAB3_CONV.wrong(CONV, 0.9, "a height is used for a width")
def k_from_the_first_axis(dout, x, w, *, stride=1, pad=0):
    k = w.shape[0]
    xp = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant")
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i, j in np.ndindex(*dout.shape[1:3]):
        patch = xp[:, i * stride : i * stride + k, j * stride : j * stride + k]
        dw += np.einsum("nabc,nf->abcf", patch, dout[:, i, j])
        dxp[:, i * stride : i * stride + k, j * stride : j * stride + k] += np.einsum(
            "nf,abcf->nabc", dout[:, i, j], w
        )
    dx = dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, dout.sum(axis=(0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.91, "the kernel is taken for square")
def seven_loops_over_k(dout, x, w, *, stride=1, pad=0):
    k, _, cin, cout = w.shape
    n_img, H, W, _ = x.shape
    xp = framed(x, pad)
    dxp, dw, db = np.zeros(xp.shape), np.zeros(w.shape), dout.sum((0, 1, 2))
    for n in range(n_img):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for p in range(k):
                    for q in range(k):
                        for c in range(cin):
                            for f in range(cout):
                                g = dout[n, i, j, f]
                                dxp[n, i * stride + p, j * stride + q, c] += w[p, q, c, f] * g
                                dw[p, q, c, f] += xp[n, i * stride + p, j * stride + q, c] * g
    return dxp[:, pad : H + pad, pad : W + pad], dw, db


@LAB3_CONV.wrong(CONV, 0.91, "the kernel is taken for square")
def k_by_kernel_places(dout, x, w, *, stride=1, pad=0):
    k = len(w)
    OH, OW = dout.shape[1:3]
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for a in range(k):
        for b in range(k):
            piece = np.s_[:, a : a + OH * stride : stride, b : b + OW * stride : stride]
            dw[a, b] = np.einsum("nijc,nijf->cf", xp[piece], dout)
            dxp[piece] += dout @ w[a, b].T
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.91, "as many columns of windows as rows are looped over")
def o_for_both(dout, x, w, *, stride=1, pad=0):
    N, o, _, F = dout.shape
    fh, fw = w.shape[:2]
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(o):
        for j in range(o):
            s = np.s_[:, i * stride : i * stride + fh, j * stride : j * stride + fw]
            dxp[s] += np.einsum("nf,abcf->nabc", dout[:, i, j], w)
            dw += np.einsum("nabc,nf->abcf", xp[s], dout[:, i, j])
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.95, "a height is used for a width")
def cut_with_the_height(dout, x, w, *, stride=1, pad=0):
    N, H, _, _ = x.shape
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dxp = spread(dout, w, xp.shape, stride)
    return dxp[:, pad : pad + H, pad : pad + H], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.9, "a height is used for a width")
def height_in_one_slice(dout, x, w, *, stride=1, pad=0):
    fh, fw, _, F = w.shape
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = i * stride, j * stride
        dxp[n, r : r + fh, c : c + fh] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += xp[n, r : r + fh, c : c + fw] * dout[n, i, j, f]
    dx = dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, np.sum(dout, axis=(0, 1, 2))


# pad:-pad


@LAB3_CONV.wrong(CONV, 0.9, "a slice like pad:-pad is assigned, or assigned to: w")
def minus_pad_for_each_image(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(F)
    x_pad = framed(x, pad)
    dx_pad = framed(dx, pad)
    for n in range(N):
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                for f in range(F):
                    r, c = i * stride, j * stride
                    window = x_pad[n, r : r + HH, c : c + WW, :]
                    db[f] += dout[n, i, j, f]
                    dw[:, :, :, f] += window * dout[n, i, j, f]
                    dx_pad[n, r : r + HH, c : c + WW, :] += w[:, :, :, f] * dout[n, i, j, f]
        dx[n] = dx_pad[n, pad:-pad, pad:-pad, :]
    return dx, dw, db


@LAB3_CONV.wrong(CONV, 0.9, "a slice like pad:-pad is assigned, or assigned to: w")
def minus_pad_for_all_images(dout, x, w, *, stride=1, pad=0):
    dx = np.empty(x.shape)
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dx[...] = spread(dout, w, xp.shape, stride)[:, pad:-pad, pad:-pad]
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.9, "a slice like pad:-pad is assigned, or assigned to: w")
def frame_filled_by_hand(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    xp = np.zeros((N, H + 2 * pad, W + 2 * pad, C))
    xp[:, pad:-pad, pad:-pad, :] = x
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dxp = spread(dout, w, xp.shape, stride)
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.9, "a slice like pad:-pad is assigned, or assigned to: w")
def minus_pad_added(dout, x, w, *, stride=1, pad=0):
    dx = np.zeros(x.shape)
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dx += spread(dout, w, xp.shape, stride)[:, pad:-pad, pad:-pad]
    return dx, dw, dout.sum((0, 1, 2))


# Output sizes that are computed again


@LAB3_CONV.wrong(CONV, 0, "a number of rows or columns is a float")
def sizes_with_a_slash(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    OH = (H + 2 * pad - HH) / stride + 1
    OW = (W + 2 * pad - WW) / stride + 1
    xp = framed(x, pad)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), dout.sum((0, 1, 2))
    for i in range(OH):
        for j in range(OW):
            s = np.s_[:, i * stride : i * stride + HH, j * stride : j * stride + WW]
            dxp[s] += np.einsum("nf,abcf->nabc", dout[:, i, j], w)
            dw += np.einsum("nabc,nf->abcf", xp[s], dout[:, i, j])
    return dxp[:, pad : pad + H, pad : pad + W], dw, db


@LAB3_CONV.wrong(CONV, 0.29, "the outputs are counted without the frame")
def loops_over_the_unpadded(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    HH, WW, _, F = w.shape
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range((H - HH) // stride + 1):
        for j in range((W - WW) // stride + 1):
            s = np.s_[:, i * stride : i * stride + HH, j * stride : j * stride + WW]
            dxp[s] += np.einsum("nf,abcf->nabc", dout[:, i, j], w)
            dw += np.einsum("nabc,nf->abcf", xp[s], dout[:, i, j])
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.3, "for dw the windows are cut out of x without its frame")
def padded_and_then_not_used(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = i * stride, j * stride
        dxp[n, r : r + w.shape[0], c : c + w.shape[1]] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += x[n, r : r + w.shape[0], c : c + w.shape[1]] * dout[n, i, j, f]
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.23, "the last row and column of windows are left out")
def one_window_too_few(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    fh, fw = w.shape[:2]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range((xp.shape[1] - fh) // stride):
        for j in range((xp.shape[2] - fw) // stride):
            s = np.s_[:, i * stride : i * stride + fh, j * stride : j * stride + fw]
            dxp[s] += np.einsum("nf,abcf->nabc", dout[:, i, j], w)
            dw += np.einsum("nabc,nf->abcf", xp[s], dout[:, i, j])
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.91, "as many columns of windows as rows are looped over")
def every_multiple_of_the_stride(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    fh, fw = w.shape[:2]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i, r in enumerate(range(0, xp.shape[1] - fh + 1, stride)):
        for j, c in enumerate(range(0, xp.shape[1] - fw + 1, stride)):
            dxp[:, r : r + fh, c : c + fw] += np.tensordot(dout[:, i, j], w, (1, 3))
            dw += np.tensordot(xp[:, r : r + fh, c : c + fw], dout[:, i, j], (0, 0))
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


# Frames


@LAB3_CONV.wrong(CONV, 0.82, "the frame is always one pixel wide")
def frame_of_one_cut_by_pad(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, 1)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dxp = spread(dout, w, xp.shape, stride)
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.88, "one pixel is cut off dx on every side")
def cut_1_minus_1(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    return spread(dout, w, xp.shape, stride)[:, 1:-1, 1:-1], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.55, "dx still has its frame")
def frame_never_cut(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(w.shape[-1])
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = i * stride, j * stride
        dxp[n, r : r + w.shape[0], c : c + w.shape[1]] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += xp[n, r : r + w.shape[0], c : c + w.shape[1]] * dout[n, i, j, f]
        db[f] += dout[n, i, j, f]
    return dxp, dw, db


@LAB3_CONV.wrong(CONV, 0.55, "dx still has its frame")
def image_cut_instead_of_dx(dout, x, w, *, stride=1, pad=0):
    N, H, W, _ = x.shape
    x = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(x, w, dout, stride), dout)
    dx = spread(dout, w, x.shape, stride)
    x = x[:, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.55, "the frame is cut off dx on one side alone")
def cut_at_the_end_only(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dxp = spread(dout, w, xp.shape, stride)
    return dxp[:, : x.shape[1], : x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.1, "the frame surrounds every axis")
def every_axis_padded(dout, x, w, *, stride=1, pad=0):
    xp = np.pad(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = i * stride, j * stride
        dxp[n, r : r + w.shape[0], c : c + w.shape[1]] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += xp[n, r : r + w.shape[0], c : c + w.shape[1]] * dout[n, i, j, f]
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.95, "dx is 0 in all images but the last")
def cut_after_the_loop(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    fh, fw, _, F = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(F)
    xp = framed(x, pad)
    for n in range(N):
        dxp = np.zeros(xp.shape[1:])
        for i, j, f in np.ndindex(dout.shape[1:]):
            r, c = i * stride, j * stride
            dxp[r : r + fh, c : c + fw] += w[..., f] * dout[n, i, j, f]
            dw[..., f] += xp[n, r : r + fh, c : c + fw] * dout[n, i, j, f]
            db[f] += dout[n, i, j, f]
    dx[n] = dxp[pad : pad + H, pad : pad + W]
    return dx, dw, db


@LAB3_CONV.wrong(CONV, 0.35, "stride and pad are swapped")
def stride_as_the_frame(dout, x, w, *, stride=1, pad=0):
    pad, stride = stride, pad
    xp = framed(x, pad)
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros(w.shape[-1])
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = i * stride, j * stride
        dxp[n, r : r + w.shape[0], c : c + w.shape[1]] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += xp[n, r : r + w.shape[0], c : c + w.shape[1]] * dout[n, i, j, f]
        db[f] += dout[n, i, j, f]
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, db


@LAB3_CONV.wrong(CONV, 0.25, "a window that begins before the image's first row or co")
def start_minus_pad(dout, x, w, *, stride=1, pad=0):
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    H, W = x.shape[1:3]
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = max(0, i * stride - pad), max(0, j * stride - pad)
        piece = x[n, r : r + w.shape[0], c : c + w.shape[1]]
        a, b = piece.shape[:2]
        dx[n, r : r + a, c : c + b] += w[:a, :b, :, f] * dout[n, i, j, f]
        dw[:a, :b, :, f] += piece * dout[n, i, j, f]
    return dx, dw, dout.sum((0, 1, 2))


# Full correlation with a dilated dout


def dilated(dout, stride, size):
    big = np.zeros((dout.shape[0], *size, dout.shape[3]))
    big[:, ::stride, ::stride] = dout
    return big


@LAB3_CONV.wrong(CONV, 0.52, "dout is spread out too far for the full convolution")
def dilated_by_oh_times_stride(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    N, H, W, _ = x.shape
    big = dilated(dout, stride, (dout.shape[1] * stride, dout.shape[2] * stride))
    big = np.pad(big, ((0, 0), (fh - 1, fh - 1), (fw - 1, fw - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(big, (fh, fw), axis=(1, 2))
    dxp = np.einsum("nijfab,abcf->nijc", view, w[::-1, ::-1])
    dw = np.einsum("nijcab,nijf->abcf", windows_of(framed(x, pad), w, dout, stride), dout)
    return dxp[:, pad:, pad:], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.9, "dx ends with the last window")
def full_correlation_without_the_rest(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    OH, OW = dout.shape[1:3]
    big = dilated(dout, stride, ((OH - 1) * stride + 1, (OW - 1) * stride + 1))
    big = np.pad(big, ((0, 0), (fh - 1, fh - 1), (fw - 1, fw - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(big, (fh, fw), axis=(1, 2))
    dxp = np.einsum("nijfab,abcf->nijc", view, w[::-1, ::-1])
    dw = np.einsum("nijcab,nijf->abcf", windows_of(framed(x, pad), w, dout, stride), dout)
    dx = dxp[:, pad : dxp.shape[1] - pad, pad : dxp.shape[2] - pad]
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.51, "the kernel is flipped in dx")
def full_correlation_not_turned(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    N, H, W, _ = x.shape
    big = dilated(dout, stride, (H + 2 * pad - fh + 1, W + 2 * pad - fw + 1))
    big = np.pad(big, ((0, 0), (fh - 1, fh - 1), (fw - 1, fw - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(big, (fh, fw), axis=(1, 2))
    dxp = np.einsum("nijfab,abcf->nijc", view, w)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(framed(x, pad), w, dout, stride), dout)
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.93, "dout gets a frame of KH - 1 - pad for the full convolut")
def padded_by_k_minus_1_minus_pad(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    N, H, W, _ = x.shape
    big = dilated(dout, stride, (H + 2 * pad - fh + 1, W + 2 * pad - fw + 1))
    a, b = fh - 1 - pad, fw - 1 - pad
    big = np.pad(big, ((0, 0), (a, a), (b, b), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(big, (fh, fw), axis=(1, 2))
    dx = np.einsum("nijfab,abcf->nijc", view, w[::-1, ::-1])
    dw = np.einsum("nijcab,nijf->abcf", windows_of(framed(x, pad), w, dout, stride), dout)
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.63, "the stride is not looked at in the full convolution for")
def full_correlation_for_stride_1(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    N, H, W, _ = x.shape
    big = np.pad(dout, ((0, 0), (fh - 1, fh - 1), (fw - 1, fw - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(big, (fh, fw), axis=(1, 2))
    dxp = np.einsum("nijfab,abcf->nijc", view, w[::-1, ::-1])
    dw = np.einsum("nijcab,nijf->abcf", windows_of(framed(x, pad), w, dout, stride), dout)
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


# Sums and channels


@LAB3_CONV.wrong(CONV, 0.95, "dw and db are means over the batch")
def mean_over_the_batch(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout) / len(x)
    dx = spread(dout, w, xp.shape, stride)[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, dout.sum((0, 1, 2)) / len(x)


@LAB3_CONV.wrong(CONV, 0.91, "db is not summed over the batch")
def db_per_image(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dx = spread(dout, w, xp.shape, stride)[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, dout.sum(axis=(1, 2))


@LAB3_CONV.wrong(CONV, 0.97, "dw holds the first image's share alone")
def dw_of_image_0(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride)[:1], dout[:1])
    dx = spread(dout, w, xp.shape, stride)[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.76, "the stride is ignored in dw")
def dw_without_the_stride(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[1:3]):
        window = xp[:, i : i + w.shape[0], j : j + w.shape[1]]
        dw += np.tensordot(window, dout[:, i, j], axes=([0], [0]))
    dx = spread(dout, w, xp.shape, stride)[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dx, dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0, "the gradients come in another order")
def dw_comes_first(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dw = np.einsum("nijcab,nijf->abcf", windows_of(xp, w, dout, stride), dout)
    dx = spread(dout, w, xp.shape, stride)[:, pad : pad + x.shape[1], pad : pad + x.shape[2]]
    return dw, dout.sum((0, 1, 2)), dx


@LAB3_CONV.wrong(
    CONV,
    0.65,
    "dout is reshaped for dx where it must be transposed",
    "dout is reshaped for dw where it must be transposed",
)
def columns_with_a_reshape(dout, x, w, *, stride=1, pad=0):
    fh, fw, C, F = w.shape
    N, H, W, _ = x.shape
    xp = framed(x, pad)
    cols = windows_of(xp, w, dout, stride).transpose(0, 1, 2, 4, 5, 3).reshape(-1, fh * fw * C)
    flat = dout.reshape(F, -1)
    dw = (flat @ cols).T.reshape(w.shape)
    dcols = (w.reshape(-1, F) @ flat).T.reshape(N, *dout.shape[1:3], fh, fw, C)
    dxp = np.zeros_like(xp)
    for i, j in np.ndindex(*dout.shape[1:3]):
        dxp[:, i * stride : i * stride + fh, j * stride : j * stride + fw] += dcols[:, i, j]
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.22, "rows and columns are swapped")
def i_and_j_exchanged(dout, x, w, *, stride=1, pad=0):
    xp = framed(x, pad)
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, i, j, f in np.ndindex(dout.shape):
        r, c = j * stride, i * stride
        dxp[n, r : r + w.shape[0], c : c + w.shape[1]] += w[..., f] * dout[n, i, j, f]
        dw[..., f] += xp[n, r : r + w.shape[0], c : c + w.shape[1]] * dout[n, i, j, f]
    return dxp[:, pad : pad + x.shape[1], pad : pad + x.shape[2]], dw, dout.sum((0, 1, 2))


@LAB3_CONV.wrong(CONV, 0.88, "dx is assigned where it must be added")
def fancy_add(dout, x, w, *, stride=1, pad=0):
    fh, fw, C, F = w.shape
    N, H, W, _ = x.shape
    xp = framed(x, pad)
    rows = (np.arange(dout.shape[1]) * stride)[:, None, None, None] + np.arange(fh)[:, None]
    cols = (np.arange(dout.shape[2]) * stride)[:, None, None] + np.arange(fw)
    dw = np.einsum("nijabc,nijf->abcf", xp[:, rows, cols], dout)
    dxp = np.zeros_like(xp)
    dxp[:, rows, cols] += np.einsum("nijf,abcf->nijabc", dout, w)
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


# Right ones


@LAB3_CONV.right(CONV)
def images_one_by_one(dout, x, w, *, stride=1, pad=0):
    HH, WW, _, F = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros((F,))
    OH = int(1 + (x.shape[1] + 2 * pad - HH) / stride)
    OW = int(1 + (x.shape[2] + 2 * pad - WW) / stride)
    for n in range(x.shape[0]):
        image = np.pad(x[n], ((pad, pad), (pad, pad), (0, 0)))
        dimage = np.zeros_like(image)
        for f in range(F):
            db[f] += dout[n, :, :, f].sum()
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    dw[:, :, :, f] += image[r : r + HH, c : c + WW] * dout[n, i, j, f]
                    dimage[r : r + HH, c : c + WW] += w[:, :, :, f] * dout[n, i, j, f]
        dx[n] = dimage[pad:-pad, pad:-pad] if pad else dimage
    return dx, dw, db


@LAB3_CONV.right(CONV)
def full_correlation(dout, x, w, *, stride=1, pad=0):
    fh, fw = w.shape[:2]
    N, H, W, _ = x.shape
    big = dilated(dout, stride, (H + 2 * pad - fh + 1, W + 2 * pad - fw + 1))
    wide = np.pad(big, ((0, 0), (fh - 1, fh - 1), (fw - 1, fw - 1), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(wide, (fh, fw), axis=(1, 2))
    dxp = np.einsum("nijfab,abcf->nijc", view, np.flip(w, (0, 1)))
    dw_view = np.lib.stride_tricks.sliding_window_view(framed(x, pad), big.shape[1:3], axis=(1, 2))
    dw = np.einsum("nabcij,nijf->abcf", dw_view, big)
    return dxp[:, pad : pad + H, pad : pad + W], dw, dout.sum((0, 1, 2))


@LAB3_CONV.right(CONV)
def frame_checked_by_hand(dout, x, w, *, stride=1, pad=0):
    N, H, W, C = x.shape
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for a in range(w.shape[0]):
        for b in range(w.shape[1]):
            for i in range(dout.shape[1]):
                r = i * stride + a - pad
                if r < 0 or r >= H:
                    continue
                for j in range(dout.shape[2]):
                    c = j * stride + b - pad
                    if 0 <= c < W:
                        dx[:, r, c] += dout[:, i, j] @ w[a, b].T
                        dw[a, b] += x[:, r, c].T @ dout[:, i, j]
    return dx, dw, np.einsum("nijf->f", dout)
