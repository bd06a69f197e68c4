"""Pictures to move: sliders and lists beside a plot, by mouse or by keyboard.

Each function gives a `Panel`. In a live notebook it is a set of controls with a picture that
follows them; on a page without a kernel it is the picture as it was at first, with its text
alternative.

- `neuron`: one neuron's two weights, its bias and its activation
- `playground`: an optimizer, its learning rate and its steps on a loss surface
- `sliding`: a kernel that steps over an image, and the feature map that a function makes
"""

from coursekit.widgets.neuron import neuron
from coursekit.widgets.panel import Panel
from coursekit.widgets.playground import playground
from coursekit.widgets.sliding import sliding

__all__ = ["Panel", "neuron", "playground", "sliding"]
