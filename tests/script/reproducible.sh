#!/bin/sh
# Two builds in different places are the same program, byte for byte. TAP.
set -eu
unset MAKEFLAGS MAKELEVEL
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for place in first second/deeper; do
	mkdir -p "$dir/$place"
	cp -R Makefile bot handlers "$dir/$place"
	make --no-print-directory -C "$dir/$place" CC=cc all >"$dir/log" 2>&1 || {
		tail -n 20 "$dir/log"
		exit 1
	}
done
cmp "$dir/first/build/release/limberd" "$dir/second/deeper/build/release/limberd"
echo "ok 1 - the program is $(sha256sum <"$dir/first/build/release/limberd")"
echo "1..1"
