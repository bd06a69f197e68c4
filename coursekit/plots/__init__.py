"""Plots for the notebooks. The functions draw on Matplotlib Axes and return them.

- `show_images`: a grid of images; `show_feature_maps`: a grid of channels on one colour scale
- `show_pixels`: an image with its pixel values; `show_kernel`: a kernel with its weights
- `show_kernel_on_image`: a kernel at one position of an image, the products and their sum
- `show_pooling`: pooling windows on an image and their outputs; `show_receptive_field`: the pixels
  that one unit depends on
- `show_heatmap`: a heatmap over its image
- `show_signal`: a signal, channel by channel; `show_spectrogram`: its frequencies over time
- `show_losses`: losses over the steps; `show_paths`: paths over a surface of two weights;
  `show_surface`: that surface in three dimensions
- `show_search`: the trials of a hyperparameter search; `show_confusion`: a confusion matrix
- `show_timeline`: when each worker was busy
- `show_network`: a small network with its weights; `show_answers`: its output for two inputs
- `training_curves`: losses and accuracies over the epochs
- `text_alternative`: what a plot shows, in words

Colours are safe for colour-blind readers: grey, cividis, orange to purple, and Okabe and Ito's set.
"""

from coursekit.plots.descent import show_losses, show_paths
from coursekit.plots.grids import show_feature_maps, show_images
from coursekit.plots.heat import show_heatmap
from coursekit.plots.model_selection import show_confusion, show_search
from coursekit.plots.neurons import show_answers, show_network
from coursekit.plots.numbers import show_kernel, show_pixels
from coursekit.plots.pooling import show_pooling
from coursekit.plots.receptive import show_receptive_field
from coursekit.plots.signals import show_signal
from coursekit.plots.sliding import show_kernel_on_image
from coursekit.plots.sounds import show_spectrogram
from coursekit.plots.style import text_alternative
from coursekit.plots.surface import show_surface
from coursekit.plots.timeline import show_timeline
from coursekit.plots.training import training_curves

__all__ = [
    "show_answers",
    "show_confusion",
    "show_feature_maps",
    "show_heatmap",
    "show_images",
    "show_kernel",
    "show_kernel_on_image",
    "show_losses",
    "show_network",
    "show_paths",
    "show_pixels",
    "show_pooling",
    "show_receptive_field",
    "show_search",
    "show_signal",
    "show_spectrogram",
    "show_surface",
    "show_timeline",
    "text_alternative",
    "training_curves",
]
