"""The library that the course's notebooks use.

Import the module that you need; importing the package itself loads none of them:

- ``coursekit.checks``: checks of your results; messages say what came and what was expected
- ``coursekit.clinic``: training runs that went wrong, to be diagnosed
- ``coursekit.data``: the course's data sets and photographs, all in the package, never downloaded
- ``coursekit.devices``: the processors and GPUs that TensorFlow can use, in words
- ``coursekit.interpret``: maps of the pixels that a network's prediction depends on
- ``coursekit.landscape``: loss surfaces and the paths of optimizers on them
- ``coursekit.plots``: images, pixel values, kernels, feature maps and signals as Matplotlib plots
- ``coursekit.signals``: synthetic sounds, their spectrograms, a player
- ``coursekit.training``: a training run with its history, which ``plots.training_curves`` draws
- ``coursekit.widgets``: interactive plots, for mouse and keyboard

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
