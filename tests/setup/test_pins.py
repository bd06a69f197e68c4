"""pyproject.toml, requirements.lock and environment.yml say the same."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lock import pin, split_entries

LOCKS = ("requirements.lock", "requirements-gpu.lock")
HOSTS = ("://", "index-url", "find-links", "trusted-host", "file:", "git+")
PYTHONS = ("3.11.9", "3.12.9", "3.13.9")
SYSTEMS = ("linux", "darwin", "win32")


def entries(root: Path, name: str) -> list[str]:
    return split_entries((root / name).read_text(encoding="utf-8"))


def direct_requirements(root: Path) -> Iterator[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for text in (*project["dependencies"], *extras["cluster"], *extras["dev"]):
        yield Requirement(text)


def imported_modules(folder: Path) -> set[str]:
    """Returns the first names of all that the modules below ``folder`` import."""
    names = set()
    for source in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


def is_needed(requirement: Requirement, python: str, system: str) -> bool:
    os_name = "nt" if system == "win32" else "posix"
    environment = {"python_full_version": python, "sys_platform": system, "os_name": os_name}
    return requirement.marker is None or requirement.marker.evaluate(environment)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_each_direct_requirement_has_one_fitting_pin_everywhere(root, python, system):
    pins = [Requirement(pin(entry)) for entry in entries(root, "requirements.lock")]
    for wanted in direct_requirements(root):
        name = canonicalize_name(wanted.name)
        found = [p for p in pins if p.name == name and is_needed(p, python, system)]
        assert len(found) == 1, f"{wanted} has {len(found)} pins for {python} on {system}"
        (version,) = [spec.version for spec in found[0].specifier]
        assert wanted.specifier.contains(version), f"{wanted} is locked as {version}"


@pytest.mark.parametrize("package", ["coursekit", "autograder"])
def test_what_a_package_imports_is_a_direct_requirement(root, package):
    direct = {canonicalize_name(requirement.name) for requirement in direct_requirements(root)}
    distributions = packages_distributions()
    for module in imported_modules(root / package) - sys.stdlib_module_names:
        names = {canonicalize_name(name) for name in distributions.get(module, ())}
        assert not names or names & {*direct, "convnet-course"}, f"{module} is not required"


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_is_exact_and_has_hashes(root, name):
    for entry in entries(root, name):
        assert [spec.operator for spec in Requirement(pin(entry)).specifier] == ["=="], entry
        assert "--hash=sha256:" in entry, f"{pin(entry)} has no hash"


def test_the_gpu_lock_repeats_nothing_of_the_main_lock(root):
    names = [{pin(e).split("==")[0] for e in entries(root, lock)} for lock in LOCKS]
    assert names[1]
    assert not names[0] & names[1]


def test_conda_gets_the_same_pins(root):
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    assert pip == [*(pin(entry) for entry in entries(root, "requirements.lock")), "-e ."]
    assert "python=3.11" in environment["dependencies"]


@pytest.mark.parametrize("name", [*LOCKS, "environment.yml", "pyproject.toml", "Makefile"])
def test_no_file_of_the_set_up_names_a_host(root, name):
    text = (root / name).read_text(encoding="utf-8")
    assert [host for host in HOSTS if host in text] == []
