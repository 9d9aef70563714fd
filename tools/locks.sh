#!/usr/bin/env bash
# Writes requirements/runtime.txt and requirements/dev.txt anew: every package pinned, with the hashes of its files.
# Pins stay as they are unless a requirement asks for another version; `tools/locks.sh --upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
    echo "tools/locks.sh needs uv: install it with your package manager or with pipx." >&2
    exit 3
fi

lock() {
    local target=$1
    shift
    uv pip compile --quiet --no-config --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
        "${options[@]}" --output-file "$target" pyproject.toml requirements/build.in "$@"
}

options=("$@")
lock requirements/runtime.txt
lock requirements/dev.txt requirements/dev.in
