#!/bin/sh
# The chat page in a real Chromium and hostile clients, against the real daemon. Prints TAP. Pictures
# of the page are left in build/screenshots.
set -eu
cd "$(dirname "$0")"
exec node --test --test-concurrency=1 --test-reporter=tap ./*.test.mjs
