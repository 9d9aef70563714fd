#!/usr/bin/env bash
# Prepares a checkout: `tools/prepare.sh runtime|dev [bundles]`. Does again only what changed since the last time.
#   runtime   .venv with what the portal needs      dev   .venv with the tools of the tests as well
#   bundles   styles and scripts in src/boget/portal/static/dist (needs Node 20)
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
venv=.venv

hash_of() { cat "$@" | sha256sum | cut -c1-20; }

stop() {
    echo "$1" >&2
    exit 3
}

make_venv() {
    command -v "$python" >/dev/null || stop "Python 3.11 or newer is needed; '$python' was not found. Name one with PYTHON=…"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Python 3.11 or newer is needed; $("$python" -V) was found."
    echo "making $venv"
    "$python" -m venv "$venv" || stop "The module venv does not work. On Debian and Ubuntu install python3-venv."
}

install() {
    local kind=$1 stamp
    stamp=$(hash_of "requirements/$kind.txt" pyproject.toml)
    [[ -x $venv/bin/python ]] || make_venv
    [[ $(cat "$venv/.$kind" 2>/dev/null) == "$stamp" ]] && return
    # what the tests need holds all that the portal needs
    [[ $kind == runtime && $(cat "$venv/.dev" 2>/dev/null) == $(hash_of requirements/dev.txt pyproject.toml) ]] && return
    echo "installing requirements/$kind.txt"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$kind.txt"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$stamp" >"$venv/.$kind"
}

bundle() {
    local stamp sources
    mapfile -t sources < <(find package-lock.json tools/frontend src/boget/portal/static/src -type f | LC_ALL=C sort)
    stamp=$(hash_of "${sources[@]}")
    [[ -f src/boget/portal/static/dist/boget.css && $(cat node_modules/.boget-bundles 2>/dev/null) == "$stamp" ]] && return
    command -v npm >/dev/null || stop "Node 20 with npm is needed to build styles and scripts."
    if [[ $(cat node_modules/.boget-lock 2>/dev/null) != $(hash_of package-lock.json) ]]; then
        npm ci --ignore-scripts --silent
        hash_of package-lock.json >node_modules/.boget-lock
    fi
    node tools/frontend/build.mjs >/dev/null
    echo "$stamp" >node_modules/.boget-bundles
}

# the compiled river kernels are kept beside their sources; made here so that nobody waits for them later
compile_kernels() {
    local stamp sources
    mapfile -t sources < <(find src/boget/science -name '*kernels*.py' | LC_ALL=C sort)
    stamp=$(hash_of "${sources[@]}" requirements/runtime.txt)
    [[ $(cat "$venv/.kernels" 2>/dev/null) == "$stamp" ]] && return
    echo "compiling the kernels"
    "$venv/bin/python" -c 'from boget.science.river.warming import compile_kernels; compile_kernels()'
    echo "$stamp" >"$venv/.kernels"
}

install "${1:?runtime or dev}"
[[ ${2:-} == bundles ]] && bundle
"$venv/bin/python" tools/messages.py compile
compile_kernels
