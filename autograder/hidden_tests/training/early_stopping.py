"""``fit``: training with early stopping that keeps the best weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Case, CaseGroup, FunctionExercise, KernelExercise, Mistake
from autograder.hidden_tests.training.clock_harness import training_run
from coursekit import harness
from coursekit.arrays import Array

Seen = tuple[Array, Array, float]
History = dict[str, list[float]]
Better = Callable[[float, float], bool]


def _lower(new: float, best: float) -> bool:
    return new < best


def _not_higher(new: float, best: float) -> bool:
    return new <= best


@dataclass(frozen=True)
class Fit:
    """A fit that may go wrong in these ways; by default it is right."""

    better: Better = _lower
    watched: str = "val_loss"
    restores: str = "always"
    late: int = 0
    counter_goes_back: bool = True
    compares_with_last: bool = False
    stops: bool = True

    def __call__(
        self,
        model: Any,
        train_epoch: Callable[[], float],
        validate: Callable[[], float],
        *,
        epochs: int,
        patience: int,
    ) -> History:
        """Return the fit as a student writes it."""
        history: History = {"loss": [], "val_loss": []}
        best, since, weights, stopped = math.inf, 0, model.get_weights(), False
        for _ in range(epochs):
            history["loss"].append(train_epoch())
            history["val_loss"].append(validate())
            now = history[self.watched][-1]
            if self.better(now, best):
                best, weights = now, model.get_weights()
                since = 0 if self.counter_goes_back else since
            else:
                since += 1
                best = now if self.compares_with_last else best
            if self.stops and since >= patience + self.late:
                stopped = True
                break
        if self.restores == "always" or (self.restores == "stopped" and stopped):
            model.set_weights(weights)
        return history

    def seen(self, losses: Sequence[float], val_losses: Sequence[float], patience: int) -> Seen:
        """Return what its harness returns."""
        return look(harness.training_run(self, losses, val_losses, patience))


def look(answer: Any, *_: Any) -> Seen:
    """Return the losses that were kept and the epoch of the weights."""
    history, epoch = answer
    return np.array(history["loss"], float), np.array(history["val_loss"], float), epoch


def reference(losses: Sequence[float], val_losses: Sequence[float], patience: int) -> Seen:
    """Return what is right, from the whole list of losses at once.

    Args:
        losses: the training loss of each epoch.
        val_losses: the validation loss after each.
        patience: epochs without a lower one after which to stop.
    """
    lowest = np.minimum.accumulate(val_losses)
    firsts = [int(np.argmax(val_losses[: n + 1] == lowest[n])) for n in range(len(losses))]
    ends = [n for n, first in enumerate(firsts) if n - first >= patience]
    count = (ends or [len(losses) - 1])[0] + 1
    best = firsts[count - 1]
    return np.array(losses[:count]), np.array(val_losses[:count]), float(best + 1)


_FAULTS = {
    "best_weights_not_restored": (
        Fit(restores="never"),
        "the last epoch's weights are kept: after the loop, give the model back the weights of "
        "the best one with model.set_weights.",
    ),
    "restored_only_when_stopped_early": (
        Fit(restores="stopped"),
        "the best weights come back only when training stops early: when the epochs run out, the "
        "last ones need not be the best either.",
    ),
    "one_epoch_too_late": (
        Fit(late=1),
        "it stops one epoch late: with patience 2, stop as soon as 2 epochs in a row have brought "
        "no lower loss.",
    ),
    "one_epoch_too_early": (
        Fit(late=-1),
        "it stops one epoch early: with patience 2, the second epoch in a row without a lower loss "
        "is the last one.",
    ),
    "training_loss_watched": (
        Fit(watched="loss"),
        "the training loss decides: it goes on falling while the network over-fits. Watch what "
        "validate() returns.",
    ),
    "an_equal_loss_counts_as_better": (
        Fit(better=_not_higher),
        "an equal loss counts as a better one: only a lower one does. Compare with <.",
    ),
    "counter_never_goes_back": (
        Fit(counter_goes_back=False),
        "the epochs without a lower loss are counted over the whole training: they must come in a "
        "row. Set the counter back to 0 at each new best one.",
    ),
    "compared_with_the_last_epoch": (
        Fit(compares_with_last=True),
        "each loss is compared with the one before: compare with the lowest so far.",
    ),
    "highest_loss_is_best": (
        Fit(better=lambda new, best: math.isinf(best) or new > best),
        "the highest loss counts as best: a loss is to be low.",
    ),
    "never_stops_early": (
        Fit(stops=False),
        "it never stops early: leave the loop when `patience` epochs in a row have brought no "
        "lower validation loss.",
    ),
}


def with_the_best_epochs_number(
    model: Any,
    train_epoch: Callable[[], float],
    validate: Callable[[], float],
    *,
    epochs: int,
    patience: int,
) -> History:
    """Count from the best epoch's number, and restore when the loop ends."""
    losses: list[float] = []
    val_losses: list[float] = []
    kept: list[list[Array]] = []
    while len(losses) < epochs and len(losses) - (_best(val_losses) + 1) < patience:
        losses.append(train_epoch())
        val_losses.append(validate())
        kept.append(model.get_weights())
    model.set_weights(kept[_best(val_losses)])
    return {"loss": losses, "val_loss": val_losses}


def _best(losses: Sequence[float]) -> int:
    return int(np.argmin(losses)) if losses else -1


def with_more_in_the_history(
    model: Any,
    train_epoch: Callable[[], float],
    validate: Callable[[], float],
    *,
    epochs: int,
    patience: int,
) -> dict[str, Any]:
    """Keep arrays, and the best epoch too."""
    history = Fit()(model, train_epoch, validate, epochs=epochs, patience=patience)
    arrays = {name: np.array(losses) for name, losses in history.items()}
    return {**arrays, "best": float(min(history["val_loss"]))}


def run_case(
    rng: np.random.Generator, *, shape: Sequence[float], patience: int, falls: bool = True
) -> Case:
    """Return losses that go up and down like ``shape``, with fresh numbers.

    Args:
        rng: draws how high they lie.
        shape: the validation losses' order; equal numbers stay equal.
        patience: epochs to wait.
        falls: whether the training loss falls throughout.
    """
    levels = np.cumsum(rng.uniform(0.05, 0.2, 12)) + rng.uniform(0.2, 0.4)
    val_losses = [float(levels[int(level)]) for level in shape]
    losses = np.sort(rng.uniform(0.1, 2.0, len(shape)))
    losses = losses[::-1] if falls else np.roll(losses[::-1], 2)
    return Case((losses.tolist(), val_losses, patience))


_RIGHT = Fit()

FIT = KernelExercise(
    model=FunctionExercise(
        name="fit",
        points=12,
        reference=reference,
        groups=(
            CaseGroup(
                "one valley",
                0.4,
                (
                    partial(run_case, shape=(6, 4, 2, 3, 5, 7, 8, 9), patience=2),
                    partial(run_case, shape=(5, 3, 4, 6, 7, 8, 9), patience=3, falls=False),
                ),
            ),
            CaseGroup(
                "ups and downs",
                0.3,
                (
                    partial(run_case, shape=(9, 7, 8, 5, 6, 3, 4, 6, 5, 7, 8), patience=3),
                    partial(run_case, shape=(9, 3, 6, 4, 5, 8, 2, 1), patience=3),
                ),
            ),
            CaseGroup(
                "equal losses", 0.1, (partial(run_case, shape=(6, 4, 4, 4, 4, 3), patience=3),)
            ),
            CaseGroup(
                "all epochs are used",
                0.2,
                (
                    partial(run_case, shape=(7, 5, 3, 2, 4), patience=3),
                    partial(run_case, shape=(7, 5, 3, 2), patience=1),
                ),
            ),
        ),
        mistakes=tuple(
            Mistake(name, sentence, fault.seen) for name, (fault, sentence) in _FAULTS.items()
        ),
        parts={"the training losses": 1, "the validation losses": 1, "the weights' epoch": 2},
    ),
    harness=training_run,
    keras=False,
    right=(_RIGHT, with_the_best_epochs_number, with_more_in_the_history),
    wrong={name: fault for name, (fault, _) in _FAULTS.items()},
    look=look,
)
