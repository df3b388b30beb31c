#!/bin/sh
# Runs each fuzzer on its corpus: FUZZ_RUNS inputs (a fixed seed, for make test) or FUZZ_SECONDS
# seconds. TAP. New inputs and crashes go to build/fuzz, never into the corpus that is kept.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -n "${FUZZ_SECONDS-}" ]; then
	limit="-max_total_time=$FUZZ_SECONDS"
else
	limit="-runs=${FUZZ_RUNS:-20000} -seed=1 -max_total_time=60"
fi
count=0
failed=0
for source in tests/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	name=${name#fuzz_}
	kept=tests/fuzz/corpus/$name
	new=build/fuzz/corpus/$name
	found=build/fuzz/found/
	log=build/fuzz/$name.log
	count=$((count + 1))
	mkdir -p "$new" "$found" "$kept"
	dictionary=
	[ -e "tests/fuzz/$name.dict" ] && dictionary="-dict=tests/fuzz/$name.dict"
	# shellcheck disable=SC2086
	if "build/fuzz/tests/fuzz/fuzz_$name" $limit $dictionary -timeout=10 -rss_limit_mb=1024 \
		-max_len=16384 -print_final_stats=1 -artifact_prefix="$found$name-" "$new" "$kept" \
		>"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		echo "ok $count - $name, ${runs:-0} inputs"
	else
		failed=1
		echo "not ok $count - $name"
		grep -E 'ERROR|SUMMARY|runtime error|Test unit written|^    #[0-9] ' "$log" | head -n 20
	fi
done
echo "1..$count"
exit $failed
