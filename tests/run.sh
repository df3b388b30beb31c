#!/bin/sh
# make test: builds, runs every suite, keeps what each said under build/logs, counts its "ok" and
# "not ok" lines (TAP). A suite that ends badly without naming a failure is one. What needs only the
# processor runs side by side; what looks at the clock runs alone.
set -u
cd "$(dirname "$0")/.." || exit 1
make="${MAKE:-make} --no-print-directory"
logs=build/logs

log_of()
{
	echo "$logs/$(echo "$1" | tr -d ',' | tr ' /' '__').log"
}

# run.sh --one "NAME|COMMAND": one suite; its code and seconds go beside its log
if [ "${1-}" = --one ]; then
	name=${2%%|*}
	log=$(log_of "$name")
	begun=$(date +%s)
	sh -c "${2#*|}" >"$log" 2>&1
	echo "$? $(($(date +%s) - begun))" >"$log.end"
	exit 0
fi

passed=0 failed=0 skipped=0 started=$(date +%s)
skips=$logs/skipped.txt
rm -rf "$logs"
mkdir -p "$logs"
: >"$skips"

# skip NAME COUNT REASON
skip()
{
	skipped=$((skipped + $2))
	echo "  $1: $3" >>"$skips"
}

# build NAME TARGETS...: without it there is nothing to test
build()
{
	name=$1
	begun=$(date +%s)
	shift
	if ! $make "$@" >"$logs/build_$name.log" 2>&1; then
		grep -E 'error|Error' "$logs/build_$name.log" | head -n 20
		echo "$logs/build_$name.log has all of it"
		echo
		echo "$passed passed, $((failed + 1)) failed (the $name build)"
		exit 1
	fi
	printf '%-32s %27d s\n' "build: $name" $(($(date +%s) - begun))
}

# report NAME: counts what a suite said
report()
{
	log=$(log_of "$1")
	read -r code seconds <"$log.end"
	bad=$(grep -c '^not ok' "$log")
	omitted=$(grep -c '^ok.*# SKIP' "$log")
	good=$(($(grep -c '^ok' "$log") - omitted))
	planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\).*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
	if [ "$bad" -eq 0 ] && { [ "$code" -ne 0 ] || [ "$planned" -gt $((good + omitted)) ] ||
		[ $((good + omitted)) -eq 0 ]; }; then
		bad=1
		echo "not ok - ended with code $code after $good of $planned tests" >>"$log"
	fi
	if [ "$omitted" -gt 0 ]; then
		skip "$1" "$omitted" "$omitted: $(sed -n 's/^ok.*# SKIP *//p' "$log" | sort -u | tr '\n' ';')"
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	printf '%-32s %5d passed %3d failed %4d s\n' "$1" "$good" "$bad" "$seconds"
	if [ "$bad" -gt 0 ]; then
		grep -v '^ok' "$log" | grep -A 8 -E '^not ok|ERROR|error:' | sed 's/^/    | /' | head -n 50
		echo "    all of it: $log"
	fi
}

# run_all JOBS: runs the suites of standard input, so many at a time, and reports them in order
run_all()
{
	cat >"$logs/suites.txt"
	tr '\n' '\0' <"$logs/suites.txt" | xargs -0 -n 1 -P "$1" "$0" --one
	while IFS='|' read -r suite _; do
		report "$suite"
	done <"$logs/suites.txt"
}

# The packages of the browser tests, fetched once and again when the lock changes.
has_node_packages()
{
	stamp=$1/node_modules/.lock
	cmp -s "$1/package-lock.json" "$stamp" ||
		{ (cd "$1" && npm ci --no-audit --no-fund) >"$logs/npm.log" 2>&1 &&
			cp "$1/package-lock.json" "$stamp"; }
}

# The longest first, so that none is left running alone at the end.
side_by_side()
{
	echo "check|$make check"
	for unit in tests/unit/test_*.c; do
		name=$(basename "$unit" .c)
		echo "unit ${name#test_}|CMOCKA_MESSAGE_OUTPUT=TAP build/sanitize/tests/unit/$name"
	done
	echo "talk files|build/sanitize/limberd talk tests/talk/*.talk"
	echo "fuzz|FUZZ_RUNS=${FUZZ_RUNS:-20000} tests/fuzz/run.sh"
	for script in tests/script/*.sh; do
		echo "script $(basename "$script" .sh)|LIMBERD=build/sanitize/limberd $script"
	done
}

alone()
{
	sanitized="LIMBERD=build/sanitize/limberd ASAN_OPTIONS=verify_asan_link_order=0"
	echo "crash|tests/crash/run.sh"
	echo "crash, sanitized|$sanitized CRASH_KILLS=20 tests/crash/run.sh"
	if has_node_packages tests/browser; then
		echo "browser|tests/browser/run.sh"
	else
		skip "browser" 1 "npm could not fetch what tests/browser needs ($logs/npm.log)"
	fi
}

build release all
build sanitize FLAVOUR=sanitize test-programs
build fuzz fuzz-programs
side_by_side >"$logs/side_by_side.txt"
run_all "$(nproc)" <"$logs/side_by_side.txt"
alone >"$logs/alone.txt"
run_all 1 <"$logs/alone.txt"

echo
if [ -s "$skips" ]; then
	echo "skipped:"
	cat "$skips"
else
	echo "nothing was skipped"
fi
if [ -n "${CI:-}" ] && [ "$skipped" -gt 0 ]; then
	echo "nothing may be skipped here: each counts as failed"
	failed=$((failed + skipped))
fi
echo "$(($(date +%s) - started)) seconds; what each suite said is under $logs"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
