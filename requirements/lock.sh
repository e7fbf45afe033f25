#!/bin/sh
# Rewrites the lock files: names, versions and hashes only, no index address. Needs uv (make setup brings it).
# Pass --upgrade to move every package to its newest release.
set -eu
cd "$(dirname "$0")/.."
compile() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header "$@"
}
compile "$@" requirements/uv.in --output-file requirements/uv.txt
compile "$@" pyproject.toml requirements/build.in --output-file requirements/run.txt
compile "$@" --extra test --constraint requirements/run.txt pyproject.toml requirements/build.in --output-file requirements/test.txt
