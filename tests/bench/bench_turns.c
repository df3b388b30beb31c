/* What a turn costs. Prints a table; figures are compared within this run only.
 *
 *   bench_turns turns PEOPLE BATCH   durable turns a second, beside the SQLite limit: the same
 * number of rows of the same size in transactions of the same batch size, and nothing else
 *   bench_turns due PEOPLE           cost of a due reminder with PEOPLE stored
 *   bench_turns open PEOPLE          start-up time and memory with PEOPLE stored (run after due)
 */
#include "base/clock.h"
#include "base/log.h"
#include "bot/bot.h"
#include "bot/handler.h"
#include "store/messages.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a platform that swallows everything ---- */

static long sent;

static bool sink_open(struct link *link, const char **error)
{
	(void)link;
	(void)error;
	return true;
}

static void sink_close(struct link *link)
{
	(void)link;
}

static void sink_send(struct link *link, const struct outbound *out)
{
	sent++;
	bot_on_sent(link, out->id, SENT_OK, NULL, 0, NULL);
}

static const struct platform sink_platform = {
	.name = "sink",
	.open = sink_open,
	.close = sink_close,
	.send = sink_send,
};

static double now_s(void)
{
	return (double)clock_mono_us() / 1e6;
}

static long resident_kib(void)
{
	long pages = 0, skip = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f) {
		if (fscanf(f, "%ld %ld", &skip, &pages) != 2) {
			pages = 0;
		}
		fclose(f);
	}
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static struct bot *open_bot(const char *path, struct link **link_out)
{
	const char *error = NULL;
	char *faults = NULL;
	struct prompts *prompts = prompts_load("prompts", bot_vocabulary(), &faults);
	struct store *store = prompts ? store_open(path, STORE_CREATE, &error) : NULL;
	struct bot *bot;

	if (!prompts || !store) {
		die(prompts ? error : faults);
	}
	bot = bot_create(store, prompts, &bot_default_settings);
	bot->settings.rate_per_s = 0;
	bot->settings.in_flight = 64;
	*link_out = bot_link_add(bot, "sink", &sink_platform, NULL, NULL, &error);
	return bot;
}

static void add_people(struct bot *bot, long people, bool with_reminder, int64_t due_utc_ms)
{
	char handle[32];
	struct user user;

	for (long i = 0; i < people; i++) {
		if (i % 10000 == 0) {
			store_begin(bot->store);
		}
		snprintf(handle, sizeof handle, "u%ld", i);
		user_create(bot->store, "sink", handle, handle, clock_utc_ms(), &user);
		snprintf(user.zone, sizeof user.zone, "Europe/Berlin");
		snprintf(user.lang, sizeof user.lang, "en");
		snprintf(user.link, sizeof user.link, "sink");
		user.consent_utc_ms = clock_utc_ms();
		user.last_inbound_utc_ms = clock_utc_ms();
		user_save(bot->store, &user);
		if (with_reminder) {
			struct rule rule = {
				.days = RULE_EVERY_DAY, .from_min = 7 * 60, .to_min = 7 * 60};
			struct reminder r = {.user_id = user.id,
				.kind = "checkin",
				.has_rule = true,
				.rule = rule,
				.next_slot =
					zone_day(zone_find("Europe/Berlin"), due_utc_ms / 1000) *
						1440 +
					7 * 60,
				.next_utc_ms = due_utc_ms};

			reminder_save(bot->store, &r);
		}
		if (i % 10000 == 9999 || i == people - 1) {
			store_commit(bot->store);
		}
	}
}

/* ---- turns ---- */

static double run_turns(struct bot *bot, struct link *link, long people, long batch)
{
	static const char *const texts[] = {
		"pain 4", "5/10", "pain is about 3", "6/10 after gardening"};
	char handle[32], id[32];
	double start = now_s();

	for (long i = 0; i < people; i++) {
		struct inbound in = {.kind = INBOUND_TEXT,
			.message_id = id,
			.handle = handle,
			.conversation = handle,
			.text = texts[i % 4]};

		snprintf(handle, sizeof handle, "u%ld", i);
		snprintf(id, sizeof id, "m%ld", i);
		bot_on_message(link, &in);
		if (i % batch == batch - 1) {
			bot_pass(bot);
		}
	}
	while (bot_pass(bot) || bot->arriving->count) {
	}
	return (double)people / (now_s() - start);
}

static void must(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		die(sqlite3_errmsg(db));
	}
}

/* The rows that a turn writes (repeat id, message in, entry, turn, message out, its outcome, the
 * person), with their indexes, and nothing else. */
static double run_limit(const char *dir, long people, long batch)
{
	static const char *const sql[] = {
		"insert into seen values('sink', 'm' || ?1, 1700000000000)",
		"insert into msg(user, state, link, conv, handle, body, pid, created) values(?1, "
		"0, "
		"'sink', 'u', 'u', '6/10 after gardening', 'm' || ?1, 1700000000000)",
		"insert into entry(user, kind, number, day, part, at, msg, source) values(?1, "
		"'pain', 6, "
		"20000, 1, 1700000000000, ?1, 'painlog.pain')",
		"insert into turn(user, msg, what, at) values(?1, ?1, 'painlog.pain', "
		"1700000000000)",
		"insert into msg(user, state, link, conv, handle, body, pid, created) values(?1, "
		"1, "
		"'sink', 'u', 'u', '{\"kind\":\"say\",\"text\":\"Noted, 6 of 10. Write undo to "
		"take it "
		"back.\",\"step\":\"painlog.thanks\"}', null, 1700000000000)",
		"update msg set state = 2, pid = 'p' where id = last_insert_rowid()",
		"update person set last = 1700000000001 where id = ?1",
	};
	enum { N = sizeof sql / sizeof *sql };
	sqlite3_stmt *stmt[N];
	char path[256];
	sqlite3 *db;
	double start;

	snprintf(path, sizeof path, "%s/limit.db", dir);
	if (sqlite3_open(path, &db) != SQLITE_OK) {
		die("cannot open the second database");
	}
	must(db, "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-16384;"
		 "create table seen(link text, id text, at integer, primary key(link, id)) without "
		 "rowid, "
		 "strict;"
		 "create table person(id integer primary key, name text, zone text, last integer) "
		 "strict;"
		 "create table msg(id integer primary key, user integer, state integer, link text, "
		 "conv "
		 "text, handle text, body text, pid text, created integer) strict;"
		 "create index m1 on msg(user, id);"
		 "create index m2 on msg(id) where state = 1;"
		 "create table entry(id integer primary key, user integer, kind text, number real, "
		 "day "
		 "integer, part integer, at integer, msg integer, source text) strict;"
		 "create index e1 on entry(user, kind, day);"
		 "create table turn(id integer primary key, user integer, msg integer, what text, "
		 "at "
		 "integer) strict;"
		 "create index t1 on turn(user, id);"
		 "with recursive n(i) as (select 0 union all select i + 1 from n where i < 999999) "
		 "insert into person select i, 'name', 'Europe/Berlin', 0 from n limit 1;");
	must(db, "begin");
	for (long i = 0; i < people; i++) {
		char insert[128];

		snprintf(insert, sizeof insert,
			"insert or ignore into person values(%ld, 'name', 'Europe/Berlin', 0)", i);
		must(db, insert);
	}
	must(db, "commit");
	for (int s = 0; s < N; s++) {
		if (sqlite3_prepare_v3(db, sql[s], -1, SQLITE_PREPARE_PERSISTENT, &stmt[s], NULL) !=
			SQLITE_OK) {
			die(sqlite3_errmsg(db));
		}
	}
	start = now_s();
	for (long i = 0; i < people; i++) {
		if (i % batch == 0) {
			must(db, "begin immediate");
		}
		for (int s = 0; s < N; s++) {
			sqlite3_bind_int64(stmt[s], 1, i);
			if (sqlite3_step(stmt[s]) != SQLITE_DONE) {
				die(sqlite3_errmsg(db));
			}
			sqlite3_reset(stmt[s]);
		}
		if (i % batch == batch - 1 || i == people - 1) {
			must(db, "commit");
		}
	}
	start = (double)people / (now_s() - start);
	for (int s = 0; s < N; s++) {
		sqlite3_finalize(stmt[s]);
	}
	sqlite3_close(db);
	return start;
}

static void bench_turns(const char *dir, long people, long batch)
{
	char path[256];
	struct link *link;
	struct bot *bot;
	double turns, limit;

	snprintf(path, sizeof path, "%s/turns.db", dir);
	bot = open_bot(path, &link);
	add_people(bot, people, false, 0);
	turns = run_turns(bot, link, people, batch);
	if (sent < people) {
		die("not every turn was answered");
	}
	bot_destroy(bot);
	limit = run_limit(dir, people, batch);
	printf("| durable turns, %ld people, batches of %ld | %.0f /s | SQLite limit %.0f /s | "
	       "%.2f |\n",
		people, batch, turns, limit, turns / limit);
}

/* ---- reminders ---- */

static void bench_due(const char *dir, long people)
{
	/* 2026-03-02 07:00 in Berlin */
	const int64_t due = 1772431200000;
	enum { SAMPLE = 20000 };
	char path[256];
	struct link *link;
	struct bot *bot;
	double start, each;
	long before;

	clock_set_utc_ms(due - 3600000);
	snprintf(path, sizeof path, "%s/people.db", dir);
	bot = open_bot(path, &link);
	start = now_s();
	add_people(bot, people, true, due);
	printf("| storing %ld people | %.1f s | | |\n", people, now_s() - start);
	clock_set_utc_ms(due);
	before = sent;
	start = now_s();
	while (sent - before < SAMPLE && sent - before < people) {
		bot_pass(bot);
	}
	each = (now_s() - start) * 1e6 / (double)(sent - before);
	printf("| a due reminder, %ld people stored | %.1f us | | |\n", people, each);
	bot_destroy(bot);
}

static void bench_open(const char *dir, const char *file, long people)
{
	char path[256];
	struct link *link;
	struct bot *bot;
	struct stat st = {0};
	double start;

	clock_set_utc_ms(1772400000000);
	snprintf(path, sizeof path, "%s/%s", dir, file);
	start = now_s();
	bot = open_bot(path, &link);
	bot_pass(bot);
	start = now_s() - start;
	stat(path, &st);
	printf("| start with %ld people (%.0f MB) | %.0f ms | %ld KiB resident | |\n", people,
		(double)st.st_size / 1e6, start * 1e3, resident_kib());
	bot_destroy(bot);
}

int main(int argc, char **argv)
{
	const char *dir = getenv("BENCH_DIR");
	long people = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

	if (!dir || argc < 3) {
		die("usage: BENCH_DIR=dir bench_turns turns|due|open PEOPLE [BATCH|FILE]");
	}
	log_set_level(LOG_LEVEL_ERROR);
	if (strcmp(argv[1], "turns") == 0) {
		bench_turns(dir, people, argc > 3 ? strtol(argv[3], NULL, 10) : 256);
	} else if (strcmp(argv[1], "due") == 0) {
		bench_due(dir, people);
	} else {
		bench_open(dir, argc > 3 ? argv[3] : "empty.db", people);
	}
	return 0;
}
