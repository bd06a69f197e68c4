"""Interactive plots: sliders and lists beside a plot, for mouse and keyboard.

Each function returns a `Panel`. In a live notebook it is a set of controls with a picture that
follows them; on a page without a kernel it is the initial picture with its text alternative.

- `neuron`: one neuron's two weights, its bias and its activation
- `playground`: an optimizer, its learning rate and its steps on a loss surface
- `sliding`: a kernel that steps over an image, and the feature map that a function returns
- `kernel_painter`: a photo filtered with nine weights that can be edited
- `receptive_field`: which pixels of a photo a unit of a deep layer depends on
- `conv_stepper`: a convolution layer forward to its output, and backward to dx and dw
- `pool_stepper`: max pooling forward to the maxima, and backward to their positions
- `dropout`: which units a step drops, and the sum of the others
- `augmentation`: augmented versions of an image
- `network_viewer`: a network's predictions for a photo, Grad-CAM and feature maps
- `digit_probe`: a classifier's predictions when digits are shifted, scaled or rotated
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
