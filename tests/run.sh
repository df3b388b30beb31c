#!/bin/sh
# make test: runs every suite one after the other, keeps what each said under build/logs, counts its
# "ok" and "not ok" lines (TAP). A suite that ends badly without naming a failure is one.
set -u
cd "$(dirname "$0")/.." || exit 1
make="${MAKE:-make} --no-print-directory"
logs=build/logs
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

# show NAME GOOD BAD SECONDS
show()
{
	passed=$((passed + $2))
	failed=$((failed + $3))
	printf '%-32s %5d passed %3d failed %4d s\n' "$1" "$2" "$3" "$4"
}

# suite NAME COMMAND...: the command prints TAP
suite()
{
	name=$1
	log=$logs/$(echo "$name" | tr ' /' '__').log
	begun=$(date +%s)
	shift
	"$@" >"$log" 2>&1
	code=$?
	bad=$(grep -c '^not ok' "$log")
	omitted=$(grep -c '^ok.*# SKIP' "$log")
	good=$(($(grep -c '^ok' "$log") - omitted))
	planned=$(sed -n 's/^1\.\.\([0-9][0-9]*\).*/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
	if [ "$bad" -eq 0 ] && { [ $code -ne 0 ] || [ "$planned" -gt $((good + omitted)) ] ||
		[ $((good + omitted)) -eq 0 ]; }; then
		bad=1
		echo "not ok - ended with code $code after $good of $planned tests" >>"$log"
	fi
	if [ "$omitted" -gt 0 ]; then
		reason=$(sed -n 's/^ok.*# SKIP *//p' "$log" | sort -u | tr '\n' ';')
		skip "$name" "$omitted" "$omitted: $reason"
	fi
	show "$name" "$good" "$bad" $(($(date +%s) - begun))
	if [ "$bad" -gt 0 ]; then
		grep -v '^ok' "$log" | grep -A 8 -E '^not ok|ERROR|error:' | sed 's/^/    | /' | head -n 50
		echo "    all of it: $log"
	fi
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

fuzz_all()
{
	FUZZ_RUNS=${FUZZ_RUNS:-20000} tests/fuzz/run.sh
}

# The packages of a browser suite, fetched once and again when the lock changes.
node_packages()
{
	stamp=$1/node_modules/.lock
	if cmp -s "$1/package-lock.json" "$stamp"; then
		return 0
	fi
	(cd "$1" && npm ci --no-audit --no-fund) >"$logs/npm.log" 2>&1 &&
		cp "$1/package-lock.json" "$stamp"
}

build release all
build sanitize FLAVOUR=sanitize test-programs
build fuzz fuzz-programs

for unit in tests/unit/test_*.c; do
	name=$(basename "$unit" .c)
	CMOCKA_MESSAGE_OUTPUT=TAP suite "unit ${name#test_}" "build/sanitize/tests/unit/$name"
done
suite "talk files" build/sanitize/limberd talk tests/talk/*.talk
for script in tests/script/*.sh; do
	LIMBERD=build/sanitize/limberd suite "script $(basename "$script" .sh)" "$script"
done
suite "crash" tests/crash/run.sh
LIMBERD=build/sanitize/limberd ASAN_OPTIONS=verify_asan_link_order=0 CRASH_KILLS=20 \
	suite "crash, sanitized" tests/crash/run.sh
suite "fuzz" fuzz_all
if [ ! -e tests/browser/run.sh ]; then
	skip "browser" 1 "there are no browser tests"
elif node_packages tests/browser; then
	suite "browser" tests/browser/run.sh
else
	skip "browser" 1 "npm could not fetch what tests/browser needs (build/logs/npm.log)"
fi
# shellcheck disable=SC2086
suite "check" $make check

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
