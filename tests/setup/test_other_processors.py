"""The command that runs lessons and certificates as other processors would."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox.bubblewrap import kernel_environment
from scripts.other_processors import ROOT, settings

SUM = """
import numpy as np
x = np.random.default_rng(0).normal(size=(50, 5000))
print((x @ x.T).tobytes().hex())
"""


def _sum(environment: dict[str, str]) -> str:
    command = [sys.executable, "-W", "error", "-c", SUM]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_setting_is_one_that_numpy_takes_and_some_sums_differ() -> None:
    sums = {_sum(environment) for environment in settings().values()}
    assert len(sums) > 1


def test_the_command_finds_its_tests_and_hands_options_on_to_pytest() -> None:
    command = [sys.executable, "-m", "scripts.other_processors", "--setting", "old"]
    options = ["--collect-only", "-p", "no:randomly"]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("lessons, old: as stored\ncertificates, old: as stored\n")
    assert "1_neurons" in done.stdout


@pytest.mark.parametrize("name", ["NPY_DISABLE_CPU_FEATURES", "OPENBLAS_CORETYPE"])
def test_a_kernel_chooses_its_routines_as_the_grader_does(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "Haswell")
    assert kernel_environment("", "")[name] == "Haswell"
