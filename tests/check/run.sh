#!/bin/sh
# shellcheck disable=SC2317
# make check: what a look at the sources alone can tell. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
count=0
status=0
log=build/logs/check
mkdir -p "$log"

# check NAME COMMAND...
check()
{
	name=$1
	shift
	count=$((count + 1))
	if "$@" >"$log/$name.log" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		head -n 40 "$log/$name.log"
		status=1
	fi
}

format()
{
	find bot handlers tests -name '*.[ch]' -not -path '*/node_modules/*' -print0 |
		xargs -0 clang-format --dry-run -Werror
}

tidy()
{
	${MAKE:-make} --no-print-directory -k check-tidy
}

analyse()
{
	cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
		--error-exitcode=1 --inline-suppr -j "$(nproc)" --cppcheck-build-dir=build/cppcheck \
		--suppressions-list=tests/check/cppcheck.txt --suppress=missingIncludeSystem --suppress=preprocessorErrorDirective -D_GNU_SOURCE \
		-DLIMBERD_VERSION='""' -Ibot -I. bot handlers
}

# What has no place in a C program of ours.
banned()
{
	! grep -rnE --include='*.[ch]' \
		'[^a-z_](sprintf|strcpy|strcat|gets|alloca|system|popen|tmpnam)\(' bot handlers
}

unfinished()
{
	! grep -rnIwE 'TO''DO|FIX''ME|XX''X' --exclude-dir=node_modules --exclude-dir=corpus \
		--exclude=package-lock.json bot handlers prompts tests docs
}

manual()
{
	scdoc <docs/limberd.1.scd >build/limberd.1
}

scripts()
{
	for script in tests/*.sh tests/*/*.sh .ci/run; do
		sh -n "$script" || return 1
	done
	if command -v shellcheck >/dev/null; then
		shellcheck --severity=warning tests/*.sh tests/*/*.sh .ci/run
	fi
}

service()
{
	sed 's|@PREFIX@/bin/limberd|/bin/true|' docs/limberd.service >build/limberd.service
	if command -v systemd-analyze >/dev/null; then
		systemd-analyze verify --man=no build/limberd.service &&
			systemd-analyze security --offline=true --threshold=20 build/limberd.service
	fi
}

mkdir -p build/cppcheck
check includes tests/check/includes.sh
check format format
check clang-tidy tidy
check cppcheck analyse
check banned banned
check unfinished unfinished
check manual manual
check service service
check scripts scripts
echo "1..$count"
exit $status
