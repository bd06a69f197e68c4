"""Installs the named system packages from Debian's archive, or says what to type.

usage: python -m scripts.system_packages bubblewrap chromium
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class SystemPackage:
    """A program that pip cannot install.

    Args:
        package: its package's name in Debian.
        programs: commands, any of which will do.
        purpose: what the course needs it for.
    """

    package: str
    programs: tuple[str, ...]
    purpose: str

    def is_installed(self) -> bool:
        """Return whether one of the programs is on the path."""
        return any(shutil.which(program) for program in self.programs)


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KNOWN = {
    package.package: package
    for package in (
        SystemPackage("bubblewrap", ("bwrap",), "grading (the sandbox for what students hand in)"),
        SystemPackage("chromium", BROWSERS, "the browser tests"),
    )
}


def root_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root, or None if that is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def install(names: list[str], prefix: list[str]) -> None:
    """Install packages with apt-get, which may not ask anything."""
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    subprocess.run([*apt, "update"], check=True)
    subprocess.run([*apt, "install", "--no-install-recommends", *names], check=True)


def advice(missing: list[SystemPackage]) -> str:
    """Return what the user has to do, in one line."""
    names = " ".join(package.package for package in missing)
    if shutil.which("apt-get"):
        return f"please type: sudo apt-get install -y {names}"
    needs = "; ".join(f"{package.package} for {package.purpose}" for package in missing)
    return f"please install with this system's own package manager: {needs}"


def main() -> None:
    """Install what is missing of the packages named on the command line."""
    missing = [KNOWN[name] for name in sys.argv[1:] if not KNOWN[name].is_installed()]
    if not missing:
        return
    prefix = root_prefix() if shutil.which("apt-get") else None
    if prefix is None:
        sys.exit(advice(missing))
    install([package.package for package in missing], prefix)


if __name__ == "__main__":
    main()
