#!/bin/sh
# make bench: prints a table of one run; docs/benchmarks.md keeps the last one.
# usage: tests/bench/run.sh BENCH_TURNS_PROGRAM
set -eu
bench=$1
BENCH_DIR=$(mktemp -d "${TMPDIR:-/var/tmp}/limberd-bench-XXXXXX")
export BENCH_DIR
trap 'rm -rf "$BENCH_DIR"' EXIT
echo "machine: $(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), $(uname -sr), SQLite $(sqlite3 --version 2>/dev/null | cut -d' ' -f1)"
echo
echo "| what | figure | beside it | ratio |"
echo "|---|---|---|---|"
"$bench" turns "${PEOPLE:-100000}" 256
rm -f "$BENCH_DIR"/*
"$bench" turns "${PEOPLE:-100000}" 32
rm -f "$BENCH_DIR"/*
"$bench" turns 5000 1
rm -f "$BENCH_DIR"/*
"$bench" open 0
"$bench" due "${CROWD:-1000000}"
"$bench" open "${CROWD:-1000000}" people.db
