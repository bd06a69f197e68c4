"""Pictures to move: sliders and lists beside a plot, by mouse or by keyboard.

Each function gives a `Panel`. In a live notebook it is a set of controls with a picture that
follows them; on a page without a kernel it is the picture as it was at first, with its text
alternative.

- `neuron`: one neuron's two weights, its bias and its activation
- `playground`: an optimizer, its learning rate and its steps on a loss surface
- `sliding`: a kernel that steps over an image, and the feature map that a function makes
- `kernel_painter`: nine weights of your own on a photo
- `receptive_field`: which pixels of a photo a number of a deep layer sees
- `conv_stepper`: a convolution layer forward to its output, and backward to dx and dw
- `pool_stepper`: max pooling forward to the winners, and backward to them
- `dropout`: which units a step drops, and what arrives behind them
- `augmentation`: changed images that training may use in place of one
- `network_viewer`: a network's guesses for a photo, Grad-CAM and feature maps
- `digit_probe`: what a classifier reads when a digit is moved, scaled or turned
"""

from coursekit.widgets.augmentation import augmentation
from coursekit.widgets.conv_stepper import conv_stepper
from coursekit.widgets.digits import digit_probe
from coursekit.widgets.dropout import dropout
from coursekit.widgets.network import network_viewer
from coursekit.widgets.neuron import neuron
from coursekit.widgets.painter import kernel_painter
from coursekit.widgets.panel import Panel
from coursekit.widgets.playground import playground
from coursekit.widgets.pool_stepper import pool_stepper
from coursekit.widgets.receptive import receptive_field
from coursekit.widgets.sliding import sliding

__all__ = [
    "Panel",
    "augmentation",
    "conv_stepper",
    "digit_probe",
    "dropout",
    "kernel_painter",
    "network_viewer",
    "neuron",
    "playground",
    "pool_stepper",
    "receptive_field",
    "sliding",
]
