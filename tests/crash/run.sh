#!/bin/sh
# The crash tests (CRASH_KILLS=200, CRASH_SEED=...). TAP.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/crash
cc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -shared -fPIC -O2 -o build/crash/faults.so \
	tests/crash/faults.c -ldl
CRASH_FAULTS=$PWD/build/crash/faults.so
export CRASH_FAULTS
exec node --test-reporter=tap tests/crash/crash.test.mjs
