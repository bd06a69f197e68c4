"""What the course's notebooks call.

Import the room that you need; importing the package itself loads none of them:

- ``coursekit.checks``: checks of your answers, with messages that say what came and what was wanted
- ``coursekit.clinic``: trainings that went wrong, to be looked into
- ``coursekit.data``: the course's data sets and photographs, all in the package, never downloaded
- ``coursekit.devices``: what there is to compute with, in words
- ``coursekit.interpret``: maps of what in an image a network's answer rests on
- ``coursekit.landscape``: loss surfaces and the ways of optimizers on them
- ``coursekit.plots``: images, pixel numbers, kernels, feature maps and signals as Matplotlib plots
- ``coursekit.signals``: sounds made of numbers, their spectrograms, a player
- ``coursekit.training``: a training with its history, which ``plots.training_curves`` draws
- ``coursekit.widgets``: pictures to move, by mouse or keyboard

All errors of the package are in ``coursekit.errors``.
"""

__all__ = [
    "checks",
    "clinic",
    "data",
    "devices",
    "errors",
    "harness",
    "interpret",
    "landscape",
    "layers",
    "models",
    "plots",
    "signals",
    "training",
    "widgets",
]
__version__ = "0.1.0"
