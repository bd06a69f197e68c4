#!/bin/sh
# Makes .venv anew and installs exactly what requirements.lock says.
# An environment is always made whole: pip takes a half-unpacked package for an installed one.
# usage: scripts/make_venv.sh [PYTHON]      (PYTHON: the interpreter to use; default: find one)
set -eu

fail() {
    echo "error: $1" >&2
    exit 1
}

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3.11 python3.12 python3.13 python3 python; do
        if is_supported "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

python=${1:-$(find_python)}
[ -n "$python" ] || fail "Python 3.11, 3.12 or 3.13 is needed and was not found; install one, or name it: make PYTHON=/path/to/python3.11"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python cannot make virtual environments; on Debian and Ubuntu type: sudo apt-get install -y python3-venv"

echo "Installing the course's packages into .venv; the first time takes a few minutes."
quiet=--quiet
[ -t 1 ] && quiet=
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$python" -m venv --clear .venv
# shellcheck disable=SC2086  # an empty $quiet is no argument
.venv/bin/python -m pip install $quiet --only-binary :all: --require-hashes -r requirements.lock
