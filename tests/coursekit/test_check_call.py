"""check_call and check_value, as a notebook's visible tests use them."""

import pickle

import numpy as np
import pytest

from coursekit import checks
from coursekit.checks import CheckFailed, check_call, check_value


def double(x, *, times=2):
    return x * times


def test_a_right_call_prints_one_line_with_its_arguments(capsys):
    x = np.ones((2, 7, 9, 3))
    check_call(double, (x,), {"times": 3}, expected=3 * x)
    assert capsys.readouterr().out == (
        "✓ double(x: (2, 7, 9, 3), times=3) has shape (2, 7, 9, 3) and the right values\n"
    )


def test_a_right_value_prints_one_line(capsys):
    check_value(13, 13, name="the output's height")
    assert capsys.readouterr().out == "✓ the output's height is 13\n"


def test_a_wrong_call_says_stage_got_expected_next_step_and_hint(capsys):
    with pytest.raises(CheckFailed) as failure:
        check_call(double, (np.ones((2, 3)),), expected=np.ones((3, 2)), next_step="Draw it.")
    assert str(failure.value) == (
        "double(x: (2, 3)): the shape is not right\n"
        "  got:       (2, 3)\n"
        "  expected:  (3, 2)\n"
        "  next step: The axes are in reverse order: is there a transpose too many, or one "
        "missing?\n"
        "  hint:      Draw it."
    )
    assert isinstance(failure.value, AssertionError)
    assert capsys.readouterr().out == ""


def test_a_wrong_value_fails_with_its_name():
    with pytest.raises(CheckFailed, match=r"(?s)^height: the values .* off by one"):
        check_value(14, 13, name="height")


def test_an_authors_sentence_replaces_the_advice_on_a_wrong_value_but_not_on_a_wrong_type():
    with pytest.raises(CheckFailed) as failure:
        check_value(14, 13, name="height", next_step="Count the rows.")
    assert str(failure.value) == (
        "height: the values are not right\n"
        "  got:       14\n"
        "  expected:  13\n"
        "  next step: Count the rows."
    )
    with pytest.raises(CheckFailed, match=r"(?s)`return` and the result.*hint: .*Count the rows"):
        check_value(None, 13, name="height", next_step="Count the rows.")


def test_an_unwritten_function_is_told_so_without_a_traceback():
    def conv2d(x):
        raise NotImplementedError

    with pytest.raises(CheckFailed, match=r"^conv2d is not written yet: replace `raise") as failure:
        check_call(conv2d, (1,), expected=2)
    assert failure.value.__suppress_context__


def test_an_error_of_a_library_is_no_stub_though_it_has_the_stubs_type():
    import tensorflow as tf

    def brighten(x):
        return tf.data.Dataset.from_tensors(x).map(lambda image: image + np.mean(image))

    def unwritten(x):
        raise NotImplementedError

    def in_a_graph(x):
        return tf.data.Dataset.from_tensors(x).map(unwritten)

    with pytest.raises(CheckFailed, match=r"(?s)NotImplementedError: .*symbolic"):
        check_call(brighten, (np.ones(2),), expected=2)
    with pytest.raises(NotImplementedError), checks.when_written("brighten"):
        brighten(np.ones(2))
    with pytest.raises(CheckFailed, match=r"^in_a_graph is not written yet"):
        check_call(in_a_graph, (np.ones(2),), expected=2)


def test_an_exception_of_the_function_is_named_and_kept():
    def conv2d(x):
        return x[5]

    with pytest.raises(
        CheckFailed, match=r"(?s)conv2d\(x: \(2,\)\).*IndexError: index 5"
    ) as caught:
        check_call(conv2d, (np.zeros(2),), expected=2)
    assert isinstance(caught.value.__cause__, IndexError)


def test_a_missing_function_is_told_so():
    with pytest.raises(CheckFailed, match="conv2d is no function \\(ellipsis\\)"):
        check_call(..., (1,), expected=2, name="conv2d")


def test_inputs_are_copies_and_a_change_in_place_is_noted(capsys):
    def shift(x, *, by):
        x += 1
        by.append(2)
        return x

    x, by = np.zeros(3), [1]
    check_call(shift, (x,), {"by": by}, expected=np.ones(3))
    assert "Note: shift changed its input x, by in place." in capsys.readouterr().out
    assert x.tolist() == [0, 0, 0]
    assert by == [1]


def put(place, entry):
    """A function that sets one entry of its input, as deep as ``place`` leads, and returns 1."""

    def change(x):
        for step in place[:-1]:
            x = x[step]
        x[place[-1]] = entry
        return 1

    return change


@pytest.mark.parametrize(
    ("given", "change"),
    [
        pytest.param({"a": np.zeros(2)}, put(("a", 0), 7), id="an array in a dict"),
        pytest.param({"a": 1}, put(("b",), 7), id="a new key"),
        pytest.param({"a": {"b": [1, 2]}}, put(("a", "b", 1), 7), id="a list in dicts"),
        pytest.param([np.zeros(3000)], put((0, 1000), 5), id="a long array in a list"),
        pytest.param([[0] * 3000], put((0, 1000), 5), id="a long list in a list"),
        pytest.param(([1], "b"), put((0, 0), 5), id="a list in a tuple"),
        pytest.param([1.0], put((0,), None), id="a number gone"),
        pytest.param(np.array([[1], {}], object), put((1, "a"), 5), id="an array of objects"),
        pytest.param([None], put((0,), 5), id="a place filled"),
    ],
)
def test_a_change_in_place_is_noted_at_any_depth(given, change, capsys):
    before = pickle.dumps(given)
    check_call(change, (given,), expected=1)
    assert "Note: change changed its input x in place." in capsys.readouterr().out
    assert pickle.dumps(given) == before


@pytest.mark.parametrize(
    "given",
    [
        pytest.param([float("nan"), np.float32("nan"), np.full(2, np.nan)], id="NaN"),
        pytest.param(np.array([[1], None, float("nan")], object), id="an array of objects"),
        pytest.param({"a": [object()], object(): lambda: 1, (1, "b"): {2}}, id="other kinds"),
        pytest.param([np.zeros((2, 3)).T, np.zeros(0), "text", b"bytes", True, None], id="views"),
    ],
)
def test_an_input_that_stays_as_it_was_is_not_noted(given, capsys):
    check_call(len, (given,), expected=len(given))
    assert "Note" not in capsys.readouterr().out


def test_a_note_on_changed_inputs_does_not_hide_a_failure(capsys):
    def shift(x):
        x += 1
        return -x

    with pytest.raises(CheckFailed, match="Every sign"):
        check_call(shift, (np.arange(3.0),), expected=np.arange(3.0) + 1)
    assert "changed its input x" in capsys.readouterr().out


def test_functions_without_a_signature_can_be_checked(capsys):
    check_call(max, (3, 4), expected=4)
    assert capsys.readouterr().out == "✓ max(argument 1=3, argument 2=4) is 4\n"


def test_a_float_for_a_whole_number_fails_where_integers_are_asked_for():
    with pytest.raises(CheckFailed, match="whole numbers of type int"):
        check_call(lambda n: n / 2, (8,), expected=4, integer=True)


def test_the_public_names_are_those_of_the_module():
    assert set(checks.__all__) == {
        "CheckFailed",
        "Problem",
        "Stage",
        "check_call",
        "check_stored",
        "check_value",
        "find_problem",
        "stored_inputs",
        "when_written",
    }


def test_a_notebook_shows_the_message_without_frames_of_ours() -> None:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell()
    shell.push({"checks": checks, "wrong": lambda x: x})
    with capture_output() as shown:
        shell.run_cell("checks.check_call(wrong, (2,), expected=4, name='double')")
    assert "✗ double(x=2): the values are not right" in shown.stdout
    assert "got:" in shown.stdout
    assert "calls.py" not in shown.stdout


def test_a_picture_waits_for_its_function_and_hides_no_other_error(capsys):
    with checks.when_written("conv2d"):
        raise NotImplementedError
    assert capsys.readouterr().out == (
        "This waits until conv2d is written. You can go on without it.\n"
    )
    with pytest.raises(ValueError, match="real"), checks.when_written("conv2d"):
        raise ValueError("a real error")
