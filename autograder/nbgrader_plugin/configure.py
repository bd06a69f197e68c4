"""Switches the grader on in an ``nbgrader_config.py``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from traitlets.config import Config

_TEMPLATES = Path(__file__).parent / "templates"


def configure(config: Config) -> None:
    """Make a course grade with this package.

    Two lines in an ``nbgrader_config.py`` do it::

        from autograder import configure

        configure(c)

    Args:
        config: nbgrader's configuration, ``c``.
    """
    _put_our_commands_on_the_path()
    plugins = "autograder.nbgrader_plugin"
    config.Autograde.exporter_class = f"{plugins}.hand_in_exporter.HandInExporter"
    config.Autograde.autograde_preprocessors = [
        f"{plugins}.preprocessors.ApplyVerdict",
        f"{plugins}.preprocessors.SaveVerdict",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.GenerateAssignment.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        f"{plugins}.preprocessors.PlainLineEnds",
        "nbgrader.preprocessors.InstantiateTests",
        "nbgrader.preprocessors.LockCells",
        "nbgrader.preprocessors.ClearSolutions",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbgrader.preprocessors.ClearMarkScheme",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.CheckCellMetadata",
        f"{plugins}.preprocessors.RefuseLeaks",
    ]
    config.HTMLExporter.filters = {
        "ansi2html": f"{plugins}.ansi.ansi2html",
        "highlight_code": f"{plugins}.highlighting.highlight_code",
        "markdown2html": f"{plugins}.mathml.markdown2html",
    }
    config.HTMLExporter.template_file = str(_TEMPLATES / "formgrader/formgrader_offline.html.j2")
    config.ExportApp.plugin_class = f"{plugins}.export.SafeCsvExport"
    config.GenerateFeedback.exporter_class = f"{plugins}.feedback.FeedbackExporter"
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        f"{plugins}.feedback.PrepareFeedback",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


def _put_our_commands_on_the_path() -> None:
    """Put the environment's programs on PATH, since nbgrader starts ``alembic`` by name."""
    ours = str(Path(sys.executable).parent)
    if ours not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((ours, os.environ.get("PATH", os.defpath)))
