/* The store with a million people: what a start, a due reminder and a turn cost. Prints one figure
 * a line; arguments: directory, people. */
#include "base/clock.h"
#include "store/dialogs.h"
#include "store/entries.h"
#include "store/messages.h"
#include "store/privacy.h"
#include "store/reminders.h"
#include "store/stmt.h"
#include "store/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { T0 = 1800000000, MINUTE_MS = 60000, BATCH = 256, DUE_ROUNDS = 200, TURNS = 20000 };

static void say(const char *what, int64_t since_us, double per)
{
	printf("%-46s %10.1f us\n", what, (double)(clock_mono_us() - since_us) / per);
}

static void say_size(const char *path)
{
	struct stat st;
	struct rusage usage;

	stat(path, &st);
	getrusage(RUSAGE_SELF, &usage);
	printf("%-46s %10.1f MB\n%-46s %10.1f MB\n", "database", (double)st.st_size / 1e6,
		"memory, highest so far", (double)usage.ru_maxrss / 1e3);
}

static struct store *open_store(const char *path, const char *what)
{
	const char *error = NULL;
	int64_t start = clock_mono_us();
	struct store *s = store_open(path, STORE_CREATE, &error);

	if (!s) {
		fprintf(stderr, "%s: %s\n", path, error);
		exit(1);
	}
	say(what, start, 1);
	return s;
}

static void must_commit(struct store *s)
{
	if (store_commit(s) != STORE_OK) {
		fprintf(stderr, "commit: %s\n", store_error(s));
		exit(1);
	}
}

/* A person as they are after sign-up: a handle, ten facts, two reminders, a few entries. */
static void add_person(struct store *s, int n)
{
	struct user user;
	char text[32];

	snprintf(text, sizeof text, "handle-%08d", n);
	user_create(s, "web", text, text, T0, &user);
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof text, "fact_%d", i);
		fact_set_number(s, user.id, text, i, T0);
	}
	for (int i = 0; i < 2; i++) {
		struct reminder r = {
			.user_id = user.id,
			.kind = i ? "evening" : "checkin",
			.has_rule = true,
			.rule = {.days = RULE_EVERY_DAY, .from_min = 435, .to_min = 435},
			.next_utc_ms = T0 + (int64_t)(rand() % 1440) * MINUTE_MS,
		};

		reminder_save(s, &r);
	}
	for (int i = 0; i < 5; i++) {
		struct entry e = {.user_id = user.id,
			.kind = "pain",
			.has_number = true,
			.number = i,
			.day = i,
			.part = PART_MORNING,
			.source = "checkin.pain"};

		entry_add(s, &e);
	}
}

static void fill(struct store *s, int people)
{
	int64_t start = clock_mono_us();

	for (int n = 0; n < people; n++) {
		if (n % 10000 == 0 && (n == 0 || (must_commit(s), store_tidy(s), true))) {
			store_begin(s);
		}
		add_person(s, n);
	}
	must_commit(s);
	say("a person signs up (18 rows)", start, people);
}

/* As the schedule does it: take a batch that is due, plan the next moment of each. */
static void due(struct store *s, struct arena *a)
{
	static struct reminder list[BATCH];
	int64_t find_us = 0, save_us = 0, commit_us = 0, found = 0, start;

	for (int round = 0; round < DUE_ROUNDS; round++) {
		size_t n;

		arena_reset(a);
		store_begin(s);
		start = clock_mono_us();
		n = reminder_due(s, a, INT64_MAX, list, BATCH);
		find_us += clock_mono_us() - start;
		start = clock_mono_us();
		for (size_t i = 0; i < n; i++) {
			list[i].next_utc_ms += 1440LL * MINUTE_MS;
			reminder_save(s, &list[i]);
		}
		save_us += clock_mono_us() - start;
		start = clock_mono_us();
		must_commit(s);
		commit_us += clock_mono_us() - start;
		found += (int64_t)n;
	}
	printf("%-46s %10.1f us\n", "reminder_due of 256", (double)find_us / DUE_ROUNDS);
	printf("%-46s %10.2f us\n", "reminder_save of a due one", (double)save_us / (double)found);
	printf("%-46s %10.1f us\n", "commit of 256", (double)commit_us / DUE_ROUNDS);
	start = clock_mono_us();
	for (int i = 0; i < 10000; i++) {
		reminder_next(s);
	}
	say("reminder_next", start, 10000);
}

/* What a check-in's answer costs: repeat, person, dialog, entry, reply, turn row. */
static void turn(struct store *s, struct arena *a, int n, int people)
{
	char handle[32], id[32];
	struct user user;
	struct dialog d;
	struct message in = {.state = MESSAGE_IN, .link = "web", .body = "about a six"};
	struct message out = {.state = MESSAGE_PENDING,
		.link = "web",
		.body = "{\"kind\":\"ask\",\"text\":\"How stiff is your back?\"}"};
	struct entry e = {.kind = "pain", .has_number = true, .number = 6, .day = 9, .source = "x"};
	struct turn_row row = {.what = "checkin.pain", .at_utc_ms = T0};

	snprintf(handle, sizeof handle, "handle-%08d", rand() % people);
	snprintf(id, sizeof id, "message-%d", n);
	arena_reset(a);
	store_mark(s);
	store_see(s, "web", id, T0);
	user_find(s, "web", handle, &user);
	in.user_id = out.user_id = e.user_id = row.user_id = user.id;
	in.handle = out.handle = in.conversation = out.conversation = handle;
	in.platform_id = id;
	message_add(s, &in);
	if (!dialog_top(s, a, user.id, &d)) {
		d = (struct dialog){.user_id = user.id, .flow = "checkin", .step = "pain"};
	}
	dialog_save(s, &d);
	e.message_id = row.message_id = in.id;
	entry_add(s, &e);
	message_add(s, &out);
	turn_row_add(s, &row);
	user_save(s, &user);
	store_release(s);
}

static void turns(struct store *s, struct arena *a, int people)
{
	static struct message ready[64];
	int64_t start = clock_mono_us(), worst = 0, worst_tidy = 0, commit;

	for (int n = 0; n < TURNS; n++) {
		if (n % 100 == 0) {
			store_begin(s);
		}
		turn(s, a, n, people);
		if (n % 100 == 99) {
			commit = clock_mono_us();
			must_commit(s);
			commit = clock_mono_us() - commit;
			worst = commit > worst ? commit : worst;
			commit = clock_mono_us();
			store_tidy(s);
			commit = clock_mono_us() - commit;
			worst_tidy = commit > worst_tidy ? commit : worst_tidy;
		}
	}
	say("a turn, 100 to a commit", start, TURNS);
	printf("%-46s %10.1f us\n", "its slowest commit", (double)worst);
	printf("%-46s %10.1f us\n", "its slowest store_tidy", (double)worst_tidy);
	start = clock_mono_us();
	for (int i = 0; i < 100; i++) {
		arena_reset(a);
		outbox_ready(s, a, "web", INT64_MAX, 0, ready, 64);
	}
	say("outbox_ready of 64 with 20000 pending", start, 100);
	start = clock_mono_us();
	for (int i = 0; i < 1000; i++) {
		store_begin(s);
		store_note_set(s, "x", i % 2 ? "1" : "2");
		must_commit(s);
	}
	say("a commit by itself", start, 1000);
}

static void forget(struct store *s, int people)
{
	int64_t start = clock_mono_us();

	for (int i = 0; i < 100; i++) {
		store_begin(s);
		privacy_forget(s, 1 + rand() % people);
		must_commit(s);
	}
	say("privacy_forget with its commit", start, 100);
	start = clock_mono_us();
	store_checkpoint(s);
	say("store_checkpoint after it", start, 1);
}

int main(int argc, char **argv)
{
	int people = argc > 2 ? atoi(argv[2]) : 0;
	struct arena *a = arena_create();
	char path[256], copy[300];
	const char *error = NULL;
	struct store *s;
	int64_t start;

	if (people < 1000) {
		fputs("usage: bench_store DIRECTORY PEOPLE (1000 or more)\n", stderr);
		return 64;
	}
	snprintf(path, sizeof path, "%s/bench.db", argv[1]);
	snprintf(copy, sizeof copy, "%s.copy", path);
	s = open_store(path, "store_open of a new file");
	fill(s, people);
	start = clock_mono_us();
	store_close(s);
	say("store_close", start, 1);
	say_size(path);
	s = open_store(path, "store_open after a clean stop");
	due(s, a);
	turns(s, a, people);
	forget(s, people);
	start = clock_mono_us();
	stmt_pragma(s->db, "PRAGMA quick_check(1)", 0);
	say("quick_check (store_open after a crash)", start, 1);
	start = clock_mono_us();
	if (!store_backup(path, copy, a, &error)) {
		fprintf(stderr, "%s\n", error);
	}
	say("store_backup, checked and hashed", start, 1);
	store_close(s);
	say_size(path);
	arena_destroy(a);
	return 0;
}
