"""Sphinx's settings for the site; `scripts.build_site` runs it."""

from docutils.nodes import SkipNode, math, math_block
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from autograder.nbgrader_plugin.mathml import mathml

project = "Convolutional networks, by hand and by code"
project_copyright = "The ConvNet Course authors. Lessons and labs: CC BY 4.0. Code: BSD-3-Clause"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the text says shapes and ranges
autodoc_preserve_defaults = True
add_module_names = False
default_role = "py:obj"  # `name` in a docstring

nb_execution_mode = "off"  # the pages show what is stored
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # a lab's small headings may skip a level

highlight_language = "none"  # what a text shows without a language is a table or a sketch

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = "Convolutional networks"
html_static_path = ["static"]
html_css_files = ["course.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_math_renderer = "mathml"

log = logging.getLogger(__name__)


def formula(page: HTML5Translator, node: math | math_block) -> None:
    """Write a formula as MathML, which browsers show without a script; called by Sphinx."""
    shown = mathml(node.astext(), block=isinstance(node, math_block))
    if not shown:
        log.warning("this formula cannot be shown: %s", node.astext(), location=node)
    page.body.append(shown)
    raise SkipNode


def setup(app: Sphinx) -> None:
    """Register the above; called by Sphinx."""
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
