"""The steppers of convolution and pooling, forward and backward, with a student's functions."""

import numpy as np
import pytest
from scipy import signal

from coursekit import layers, widgets

IMAGE = np.array([[1, 0, 2, 1], [0, 3, 1, 0], [2, 1, 0, 1], [0, 1, 2, 3]])
KERNEL = np.array([[1, 2], [0, -1]])
ERRORS = np.array([[1, 0, -2], [0, 3, 0], [1, 0, -1]])
LECTURE = np.array([[1.0, 1, 2, 4], [5, 6, 9, 3], [3, 2, 4, 4], [1, 2, 0, 7]])


def conv2d_backward(dout, x, w, *, stride=1, pad=0):
    """Loops over the stops: any stride, any frame."""
    framed = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dx, dw = np.zeros(framed.shape), np.zeros(w.shape)
    for n, i, j, f in np.ndindex(dout.shape):
        inside = np.s_[
            n, i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]
        ]
        dx[inside] += dout[n, i, j, f] * w[..., f]
        dw[..., f] += dout[n, i, j, f] * framed[inside]
    rows, columns = x.shape[1:3]
    return dx[:, pad : pad + rows, pad : pad + columns], dw, dout.sum(axis=(0, 1, 2))


def without_turning(dout, x, w, *, stride=1, pad=0):
    """A common mistake: dx from the filter as it lies."""
    _, dw, db = conv2d_backward(dout, x, w, stride=stride, pad=pad)
    return conv2d_backward(dout, x, w[::-1, ::-1], stride=stride, pad=pad)[0], dw, db


def max_pool2d_backward(dout, x, *, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dout.shape):
        window = x[n, i * stride : i * stride + size, j * stride : j * stride + size, c]
        row, column = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i * stride + row, j * stride + column, c] += dout[n, i, j, c]
    return dx


def to_all_in_the_window(dout, x, *, size, stride=None):
    """A common mistake: every number of the window gets the error."""
    return np.kron(dout[0, :, :, 0], np.ones((size, size)))[None, :, :, None]


def test_forward_the_convolution_shows_the_functions_output():
    panel = widgets.conv_stepper(layers.conv2d, IMAGE, KERNEL, stop=4)
    assert list(panel.controls) == ["stop"]
    assert "3 × 1 + 1 × 2 + 1 × 0 + 0 × -1 = 5" in panel.text
    assert "5 of 9: -2 3 4 5 5; feature map: 5" in panel.text


def test_forward_with_stride_and_frame_lies_on_the_framed_image():
    panel = widgets.conv_stepper(layers.conv2d, IMAGE, KERNEL, stride=2, pad=1)
    assert panel.controls["stop"].max == 8
    weights = KERNEL[:, :, None, None], np.zeros(1)
    output = layers.conv2d(IMAGE[None, ..., None], *weights, stride=2, pad=1)
    for stop in (5, 7):
        panel.controls["stop"].value = stop
        assert f"feature map: {output.flat[stop]:g}" in panel.text
        assert "not the sum" not in panel.text


def test_backward_each_error_stamps_the_kernel_and_adds_its_pixels():
    panel = widgets.conv_stepper(
        layers.conv2d, IMAGE, KERNEL, conv2d_backward, dout=ERRORS, way="backward"
    )
    assert "dx so far, 1 · w added: 1 2 0 0 / 0 -1 0 0 / 0 0 0 0 / 0 0 0 0" in panel.text
    assert "dw so far, 1 · x added: 1 0 / 0 3" in panel.text
    panel.controls["stop"].value = 8
    dx = signal.convolve2d(ERRORS, KERNEL, mode="full")
    rows = " / ".join(" ".join(str(number) for number in row) for row in dx)
    assert f"dx so far, -1 · w added: {rows}" in panel.text
    panel.controls["way"].value = "forward"
    assert "9 of 9" in panel.text


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (1, 1)])
def test_right_gradients_are_taken_for_right(stride, pad):
    panel = widgets.conv_stepper(
        layers.conv2d, IMAGE, KERNEL, conv2d_backward, stride=stride, pad=pad, way="backward"
    )
    for stop in (1, panel.controls["stop"].max):
        panel.controls["stop"].value = stop
        assert "not the sum" not in panel.text


def test_a_filter_that_was_not_turned_is_seen_by_its_own_numbers():
    panel = widgets.conv_stepper(layers.conv2d, IMAGE, KERNEL, without_turning, way="backward")
    assert "dx so far is not the sum of such shares: -1 0 0 0 / 2 1 0 0" in panel.text
    assert "dw so far, 1 · x added" in panel.text


def test_gradients_of_another_shape_are_refused_by_name():
    def framed(dout, x, w, *, stride, pad):
        return np.zeros((1, 5, 4, 1)), w, 0

    with pytest.raises(ValueError, match=r"dx must have shape \(1, 4, 4, 1\); got \(1, 5, 4, 1\)"):
        widgets.conv_stepper(layers.conv2d, IMAGE, KERNEL, framed, way="backward")
    with pytest.raises(ValueError, match=r"output must have shape \(1, 3, 3, 1\); got \(3, 3\)"):
        widgets.conv_stepper(lambda *_, **__: np.zeros((3, 3)), IMAGE, KERNEL)


def test_pooling_shows_the_winner_and_what_is_kept():
    panel = widgets.pool_stepper(layers.max_pool2d, LECTURE, stop=1)
    assert list(panel.controls) == ["stop"]
    assert "x: the largest is 9" in panel.text
    assert "kept: 9: 6 9 / · ·" in panel.text
    wrong = widgets.pool_stepper(layers.avg_pool2d, LECTURE)
    assert "kept: 3.25, not the largest" in wrong.text


def test_pooling_hands_each_error_to_the_winner():
    panel = widgets.pool_stepper(layers.max_pool2d, LECTURE, max_pool2d_backward, way="backward")
    panel.controls["stop"].value = 2
    assert "x: row 2, column 0 had won" in panel.text
    assert "dx so far, 30 added there: 0 0 0 0 / 0 10 20 0 / 30 0 0 0 / 0 0 0 0" in panel.text
    panel.controls["way"].value = "forward"
    assert "kept: 3: 6 9 / 3 ·" in panel.text


def test_a_number_that_wins_two_windows_gets_both_errors():
    row = np.array([[3.0, 5, 4], [0, 0, 0]])
    panel = widgets.pool_stepper(
        layers.max_pool2d, row, max_pool2d_backward, stride=1, way="backward", stop=1
    )
    assert "dx so far, 20 added there: 0 30 0 / 0 0 0" in panel.text


def test_an_error_that_goes_to_the_whole_window_is_seen():
    panel = widgets.pool_stepper(layers.max_pool2d, LECTURE, to_all_in_the_window, way="backward")
    assert "dx so far is not all errors at the winners: 10 10 0 0 / 10 10 0 0" in panel.text


def conv(image=IMAGE, kernel=KERNEL, backward=None, **options):
    return widgets.conv_stepper(layers.conv2d, image, kernel, backward, **options)


def pool(image=LECTURE, backward=None, **options):
    return widgets.pool_stepper(layers.max_pool2d, image, backward, **options)


def test_images_kernels_and_errors_may_have_an_axis_for_their_one_channel():
    options = {"backward": conv2d_backward, "way": "backward"}
    panel = conv(IMAGE[..., None], KERNEL[..., None], dout=ERRORS[..., None], **options)
    assert panel.text == conv(dout=ERRORS, **options).text
    assert pool(LECTURE[..., None]).text == pool().text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv(np.zeros((4, 4, 3))), r"image must have shape .* got \(4, 4, 3\)"),
        (lambda: conv(kernel=np.zeros(3)), r"kernel must have shape .* got \(3,\)"),
        (lambda: conv(kernel=np.zeros((5, 2))), r"larger than the image \(4, 4\); got \(5, 2\)"),
        (lambda: conv(stride=0), "stride must be at least 1; got 0"),
        (lambda: conv(pad=-1), "pad must be at least 0; got -1"),
        (
            lambda: conv(backward=conv2d_backward, dout=np.ones((2, 2))),
            r"dout must have the output's shape \(3, 3\).* got \(2, 2\)",
        ),
        (lambda: conv(way="backward"), "needs a function that goes backward: give backward too"),
        (lambda: conv(way="sideways"), "way must be 'forward' or 'backward'; got 'sideways'"),
        (lambda: pool(np.zeros((4, 4, 3))), r"image must have shape .* got \(4, 4, 3\)"),
        (lambda: pool(LECTURE[:1]), r"size must lie in 1 to 1.* image \(1, 4\); got 2"),
        (lambda: pool(size=0), "size must lie in 1 to 4.* got 0"),
        (lambda: pool(stride=0), "stride must be at least 1; got 0"),
        (
            lambda: pool(backward=max_pool2d_backward, dout=np.ones(4)),
            r"dout must have shape .* got \(4,\)",
        ),
        (
            lambda: pool(backward=max_pool2d_backward, dout=np.ones((1, 4))),
            r"dout must have the output's shape \(2, 2\).* got \(1, 4\)",
        ),
        (lambda: pool(way="backward"), "needs a function that goes backward: give backward too"),
        (lambda: pool(way="sideways"), "way must be 'forward' or 'backward'; got 'sideways'"),
    ],
)
def test_what_does_not_fit_a_layer_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_kernel_may_be_as_large_as_the_image_in_its_frame():
    assert conv(kernel=np.ones((6, 6)), pad=1).controls["stop"].max == 0


def test_a_function_that_writes_into_its_arguments_changes_nothing_that_is_drawn():
    def spoils(function):
        def spoiling(*arrays, **options):
            answer = function(*arrays, **options)
            for array in arrays:
                array[:] = 0
            return answer

        return spoiling

    for way in ("forward", "backward"):
        options = {"dout": ERRORS, "way": way, "stop": 8}
        wanted = widgets.conv_stepper(layers.conv2d, IMAGE, KERNEL, conv2d_backward, **options)
        spoilt = spoils(layers.conv2d), IMAGE.copy(), KERNEL.copy(), spoils(conv2d_backward)
        assert widgets.conv_stepper(*spoilt, **options).text == wanted.text
        options = {"way": way, "stop": 3}
        wanted = widgets.pool_stepper(layers.max_pool2d, LECTURE, max_pool2d_backward, **options)
        pools = spoils(layers.max_pool2d), LECTURE.copy(), spoils(max_pool2d_backward)
        assert widgets.pool_stepper(*pools, **options).text == wanted.text


def test_a_feature_map_is_drawn_on_the_callers_own_image():
    def minus_its_mean(image, kernel):
        image -= image.mean()
        return signal.correlate2d(image, kernel, mode="valid")

    image = IMAGE.astype(float)
    panel = widgets.sliding(minus_its_mean, image, KERNEL)
    assert np.array_equal(image, IMAGE)
    assert "1 × 1 + 0 × 2 + 0 × 0 + 3 × -1" in panel.text
