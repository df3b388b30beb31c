#!/bin/sh
# Runs what exercises the program and adds up what it reached; a test that fails still counts (make
# test is where it is reported). usage: tests/coverage.sh build/coverage
set -u
out=$1
cd "$(dirname "$0")/.." || exit 1
LIMBERD=$out/limberd
export LIMBERD
{
	for unit in tests/unit/test_*.c; do
		"$out/tests/unit/$(basename "$unit" .c)"
	done
	"$LIMBERD" talk tests/talk/*.talk
	tests/script/commands.sh
	CRASH_KILLS=3 tests/crash/run.sh
} >"$out.log" 2>&1
mkdir -p "$out/html"
gcovr --root . --filter 'bot/' --filter 'handlers/' --html-details "$out/html/index.html" \
	--json-summary "$out/summary.json" --json-summary-pretty --txt - "$out" |
	awk '/^(bot|handlers)/ { print $1, $4 } /^TOTAL/ { print $1, $4 }' | sort -k 2 -n -r | column -t
echo
echo "by line and branch: $out/html/index.html; what the tests said: $out.log"
