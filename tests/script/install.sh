#!/bin/sh
# What `make install` puts down works from any directory, without the source tree. TAP.
set -u
unset MAKEFLAGS MAKELEVEL
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

# ok NAME COMMAND...
ok()
{
	name=$1
	shift
	count=$((count + 1))
	if ("$@") >"$dir/log" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$dir/log" | tail -n 10
	fi
}

program=$dir/prefix/bin/limberd

answers()
{
	cd "$dir" && echo hello | "$program" chat --as pat --at '2026-03-02 07:15' --zone UTC |
		grep '^< '
}

checks()
{
	cd "$dir" && "$program" check -c prefix/share/limberd/config.example.ini
}

staged()
{
	make --no-print-directory BUILD="$dir/build" DESTDIR="$dir/stage" PREFIX=/usr install &&
		test -x "$dir/stage/usr/bin/limberd" &&
		grep -q '^ExecStart=/usr/bin/limberd' "$dir/stage/usr/lib/systemd/system/limberd.service"
}

ok 'installs under a prefix' make --no-print-directory BUILD="$dir/build" PREFIX="$dir/prefix" install
ok 'talks without the source tree' answers
ok 'accepts its example configuration' checks
ok 'has a manual page' test -s "$dir/prefix/share/man/man1/limberd.1"
ok 'names its version' "$program" --version
ok 'can be staged for a package' staged
echo "1..$count"
