#!/bin/sh
# Two builds in different places must be the same program, byte for byte.
set -eu
cd "$(dirname "$0")/../.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for place in first second/deeper; do
	mkdir -p "$dir/$place"
	git ls-files -z | xargs -0 cp --parents -t "$dir/$place"
	make --no-print-directory -C "$dir/$place" CC=cc all >"$dir/log" 2>&1 || {
		tail -n 20 "$dir/log"
		exit 1
	}
done
cmp "$dir/first/build/release/limberd" "$dir/second/deeper/build/release/limberd"
sha256sum <"$dir/first/build/release/limberd"
