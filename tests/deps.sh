#!/bin/sh
# Installs what is missing (Debian 12, as root), or says what to do.
# usage: tests/deps.sh build|test
set -eu

# A line each: how we know that it is there, the package that brings it.
build='command -v cc|gcc
command -v pkg-config|pkg-config
pkg-config --exists libwebsockets|libwebsockets-dev
pkg-config --exists json-c|libjson-c-dev
pkg-config --exists sqlite3|libsqlite3-dev
pkg-config --exists inih|libinih-dev
pkg-config --exists yaml-0.1|libyaml-dev
pkg-config --exists libcrypto|libssl-dev
header unistr.h|libunistring-dev
header gnu/libc-version.h|libc6-dev
test -f /usr/share/zoneinfo/zone.tab|tzdata'
test='pkg-config --exists cmocka|libcmocka-dev
command -v clang|clang
has_fuzzer|libclang-rt-14-dev
command -v clang-tidy|clang-tidy
command -v clang-format|clang-format
command -v cppcheck|cppcheck
command -v msgfmt|gettext
command -v scdoc|scdoc
command -v sqlite3|sqlite3
command -v node|nodejs
command -v npm|npm
command -v chromium|chromium'

header()
{
	echo "#include <$1>" | cc -E - >/dev/null 2>&1
}

has_fuzzer()
{
	echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return !p && n; }' |
		clang -x c -fsanitize=fuzzer -o /dev/null -
}

case ${1-} in
build) wanted=$build ;;
test) wanted="$build
$test" ;;
*)
	echo "usage: tests/deps.sh build|test" >&2
	exit 64
	;;
esac

# The packages of the lines that do not hold.
list_missing()
{
	echo "$wanted" | while IFS='|' read -r condition package; do
		(eval "$condition") >/dev/null 2>&1 || printf '%s ' "$package"
	done
}

missing=$(list_missing)
if [ -z "$missing" ]; then
	exit 0
fi
install="apt-get install -y --no-install-recommends $missing"
if ! command -v apt-get >/dev/null; then
	echo "Missing, by their Debian names: $missing" >&2
	echo "Install what your system calls them, then try again." >&2
	exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "Something is missing. Run this as root, then try again:" >&2
	echo "    $install" >&2
	exit 1
fi
echo "Installing: $missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$install || { apt-get update && $install; }
missing=$(list_missing)
if [ -n "$missing" ]; then
	echo "Still missing after the installation: $missing" >&2
	exit 1
fi
