#!/bin/sh
# Who may include whom: style.md section 4 as patterns, held against every #include line. A folder
# and what its lines may name; the last patterns are the system's libraries.
set -eu
cd "$(dirname "$0")/../.."
libc='<(assert|ctype|dirent|errno|fcntl|float|getopt|inttypes|limits|locale|math|poll|pthread|pwd|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|sysexits|termios|time|unistd|wchar|netdb|ftw|glob|libgen|fnmatch)\.h>|<(sys|netinet|arpa)/[a-z]+\.h>'
text='<(uni[a-z]+)\.h>'
status=0

# rule FILES ALLOWED...: every include line of these files must match one of the patterns
rule()
{
	files=$1
	shift
	allowed=$libc
	for pattern; do
		allowed="$allowed|$pattern"
	done
	# shellcheck disable=SC2046,SC2086
	if grep -HnE '^[[:space:]]*#[[:space:]]*include' $(ls $files 2>/dev/null) /dev/null |
		grep -vE "#[[:space:]]*include[[:space:]]+($allowed)"; then
		echo "  ^ not allowed in $files"
		status=1
	fi
}

rule 'bot/base/*.[ch]' '"base/' '<json-c/' "$text"
rule 'bot/io/*.[ch]' '"base/' '"io/' '<libwebsockets\.h>' '<curl/' '<openssl/'
rule 'bot/store/*.[ch]' '"base/' '"store/' '<sqlite3\.h>' '<openssl/evp\.h>'
rule 'bot/flow/expr.c' '"base/' '"flow/' '<sqlite3\.h>'
rule 'bot/flow/[!e]*.[ch] bot/flow/e[!x]*.[ch] bot/flow/ex[!p]*.[ch] bot/flow/expr.h bot/flow/expr_*.[ch]' '"base/' '"flow/' '<yaml\.h>' "$text" '<json-c/'
rule 'bot/chart/*.[ch]' '"base/' '"chart/' '<cairo' '<pango'
rule 'bot/platforms/*.[ch]' '"base/' '"io/' '"platforms/' '"bot/platform\.h"' '"bot/config\.h"' '<expat\.h>' '<gsasl\.h>' '<json-c/'
rule 'bot/*.[ch]' '"base/' '"io/' '"store/' '"flow/' '"chart/' '"bot/' '"platforms/platforms\.h"' '"platforms/console\.h"' '<ini\.h>' '<json-c/' '<openssl/evp\.h>' "$text"
rule 'handlers/*.[ch]' '"base/' '"bot/handler\.h"' '"bot/prompts\.h"' '"store/(users|entries|reminders|dialogs|messages|sessions|privacy|store)\.h"' '"flow/' '"chart/' '"handlers/[a-z_]+\.h"' '<json-c/'

# A platform never includes another, a handler never another; flow knows no clock.
for file in bot/platforms/*.c; do
	own=$(basename "$file" .c)
	own=${own%%_*}
	if grep -Hn '#include "platforms/' "$file" | grep -vE "\"platforms/(platforms|${own}[a-z_]*)\.h\""; then
		echo "  ^ one platform knows another"
		status=1
	fi
done
if grep -nE '#include "base/(clock|zone)\.h"|[^_a-z](time|clock_gettime|gettimeofday)\(' bot/flow/*.c | grep -v 'zone\.h"'; then
	echo "  ^ bot/flow is pure: it is told the time"
	status=1
fi
exit $status
