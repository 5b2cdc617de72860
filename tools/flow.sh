#!/bin/sh
# Starts the Python package next to this file: tools/flow.sh COMMAND ...
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
python=$(command -v python3.11 || command -v python3) || {
    echo "Python is missing: install python3.11 (Debian: apt-get install -y python3 python3-venv)." >&2
    exit 1
}
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 exec "$python" -m flow "$@"
