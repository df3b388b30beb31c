#!/bin/sh
# The command line as its manual page has it: exit codes of sysexits.h, one line on stderr that says
# what to do, JSON that is JSON. LIMBERD names the program. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
limberd=${LIMBERD:-build/release/limberd}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

# expect NAME CODE STDOUT STDERR ARGUMENTS...: patterns of grep -E, "-" for nothing at all
expect()
{
	name=$1 code=$2 out=$3 err=$4
	shift 4
	count=$((count + 1))
	"$limberd" "$@" <"$dir/in" >"$dir/out" 2>"$dir/err"
	got=$?
	if [ $got -eq "$code" ] && says "$out" "$dir/out" && says "$err" "$dir/err"; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		echo "# ended with $got instead of $code"
		head -n 5 "$dir/out" "$dir/err" | sed 's/^/# /'
	fi
	: >"$dir/in"
}

says()
{
	if [ "$1" = - ]; then
		[ ! -s "$2" ]
	else
		grep -qE -- "$1" "$2"
	fi
}

# ok NAME COMMAND...
ok()
{
	name=$1
	shift
	count=$((count + 1))
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$dir/log" | tail -n 10
	fi
}

# typed LINE...: what the next command reads
typed()
{
	printf '%s\n' "$@" >"$dir/in"
}

is_json()
{
	node -e 'require("fs").readFileSync(0, "utf8").trim().split("\n").forEach((l) => JSON.parse(l))' <"$1"
}

: >"$dir/in"
data=$dir/data

expect 'nothing: what there is' 64 '^  limberd run' -
expect '--help' 0 '^  limberd run' - --help
expect '--version' 0 '^limberd [0-9]+\.[0-9]+' - --version
expect 'an unknown command' 64 - '^limberd: there is no command "rnu"' rnu
for command in run chat talk read check doctor flow invite user backup restore; do
	expect "$command --help" 0 "^usage: limberd $command " - "$command" --help
	expect "$command: an unknown option" 64 - "^usage: limberd $command " "$command" --nonsense
done

typed 'hello'
expect 'chat by pipe' 0 '^< ' - chat --at '2026-03-02 07:15' --zone Europe/Berlin
typed 'hello' '{"text":"yes"}' '{"choice":"x"}' '{nonsense'
expect 'chat --json' 0 '^\{"text":.*"step":.*"kind":' - chat --json --at '2026-03-02 07:15' --zone UTC
ok 'chat --json writes JSON only' is_json "$dir/out"
expect 'chat: no such zone' 64 - 'no zone "Nowhere/X"' chat --zone Nowhere/X
expect 'chat: no such time' 64 - '^limberd: --at takes' chat --at tomorrow
expect 'chat: no such language' 64 - '^limberd: there are no texts in "xx"' chat --lang xx
typed 'hello'
expect 'chat --data keeps' 0 '^< ' - chat --data "$data" --as pat

expect 'read a number' 0 '^\{"result":"value","value":6' - read pain 'about a six'
expect 'read: asks' 0 '^\{"result":"ask","guess":\[' - read pain '5 or 6'
expect 'read: nothing' 0 '^\{"result":"none"' - read pain 'purple'
expect 'read a zone' 0 '"value":"Europe/Berlin"' - read zone berlin
typed '7' 'eight' '' 'nine'
expect 'read lines' 0 '"value":9' - read pain
ok 'read writes JSON only' is_json "$dir/out"
expect 'read: no such type' 64 - '^usage: limberd read' read colour blue

expect 'check' 0 'fine' - check
expect 'check the example' 0 'fine' - check -c config.example.ini
expect 'check: no file' 1 - "^$dir/none.ini: No such file" check -c "$dir/none.ini"
printf '[bot]\ngrace = soon\n[web]\nport = 0x50\n' >"$dir/bad.ini"
expect 'check: first fault' 1 - "^$dir/bad.ini:2:9: grace takes a whole number" check -c "$dir/bad.ini"
expect 'check: all faults' 1 - "^$dir/bad.ini:4:8: port takes" check -c "$dir/bad.ini"
expect 'run: a faulty configuration' 78 - "^$dir/bad.ini:2:9:" run -c "$dir/bad.ini"

expect 'flow list' 0 '^checkin ' - flow list
expect 'flow facts' 0 '^ ' - flow facts
expect 'flow show' 0 '^checkin:' - flow show checkin
expect 'flow dot' 0 '^digraph "checkin"' - flow dot checkin
expect 'flow pot' 0 '^msgctxt "' - flow pot
expect 'flow: no such flow' 64 - 'no flow "nonsense"' flow show nonsense

expect 'talk: a good file' 0 '^1 passed, 0 failed' - talk tests/talk/help.talk
printf 'known\n@ 2026-03-02 09:00\n> help\n< no such words\n' >"$dir/bad.talk"
expect 'talk: a file that is not true' 1 "^$dir/bad.talk:4: " - talk "$dir/bad.talk"
expect 'talk: no file' 1 "^$dir/none.talk: No such file" - talk "$dir/none.talk"

expect 'doctor' 0 '^ok .*(database|integrity)' - doctor --data "$data"
expect 'user list' 0 '^ *1 ' - user --data "$data" list
expect 'user export' 0 '"messages"' - user --data "$data" export 1
ok 'user export is JSON' node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$dir/out"
expect 'user export csv' 0 'kind' - user --data "$data" export 1 csv
expect 'user: nobody' 67 - 'no user 99' user --data "$data" export 99
expect 'user: a name' 67 - 'no user pat' user --data "$data" export pat
expect 'invite' 0 '^http://127\.0\.0\.1:8765/#[A-Za-z0-9_-]{32}$' - invite --data "$data" pat
expect 'invite: no name' 64 - 'cannot be a name' invite --data "$data" ../pat
expect 'invite: no database' 73 - '^limberd: there is no database' invite --data "$dir/none" pat

expect 'backup' 0 '' - backup --data "$data" "$dir/copy.db"
ok 'backup: checksum' sh -c "cd '$dir' && sha256sum -c copy.db.sha256"
expect 'backup: never overwrites' 74 - '^limberd: ' backup --data "$data" "$dir/copy.db"
expect 'user forget' 0 '[0-9]' - user --data "$data" forget 1
expect 'user forget: gone' 67 - 'no user 1' user --data "$data" export 1
expect 'restore' 0 '' - restore --data "$data" "$dir/copy.db"
expect 'restore: back again' 0 '"messages"' - user --data "$data" export 1
printf 'x' | dd of="$dir/copy.db" bs=1 seek=5000 conv=notrunc 2>"$dir/log"
expect 'restore: a damaged backup' 65 - '^limberd: ' restore --data "$data" "$dir/copy.db"
expect 'restore: no file' 65 - '^limberd: ' restore --data "$data" "$dir/none.db"
expect 'restore: what was there stays' 0 '"messages"' - user --data "$data" export 1
echo "1..$count"
