/* Everything goes wrong once: each statement and each allocation of a scenario fails in turn, and
 * the process is killed at random moments. Never a crash, a leak, half a turn or a lost commit. */
#include "base/buf.h"
#include "store/dialogs.h"
#include "store/entries.h"
#include "store/messages.h"
#include "store/privacy.h"
#include "store/reminders.h"
#include "store/sessions.h"
#include "store/stmt.h"
#include "store/users.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the scenario ---- */

static bool look_at(void *ctx, const struct entry *e)
{
	return ctx && e->id;
}

static bool look_at_user(void *ctx, const struct user *u)
{
	return ctx && u->id;
}

/* Reads everything that can be read; only that it survives matters. */
static void read_all(struct store *s, struct arena *a, int64_t user_id)
{
	struct entry entry, entries[4];
	struct message message, messages[4];
	struct reminder reminder, reminders[4];
	struct turn_row turn;
	struct dialog dialog;
	struct user user;
	struct buf out = {0};
	const char *link, *handle, *conversation;
	double number;

	user_get(s, user_id, &user);
	user_find(s, "web", "ana", &user);
	user_address(s, a, user_id, NULL, &link, &handle, &conversation);
	user_each(s, look_at_user, &user);
	user_count(s);
	fact_get(s, a, user_id, "wake");
	fact_get_number(s, user_id, "wake", &number);
	fact_set_at(s, user_id, "wake");
	dialog_top(s, a, user_id, &dialog);
	flow_source_get(s, a, "v1");
	entry_last(s, a, user_id, "pain", &entry);
	entry_last(s, a, user_id, NULL, &entry);
	entry_of_message(s, a, user_id, 1, entries, 4);
	entry_each(s, user_id, "pain", 0, 100, look_at, &entry);
	entry_exists(s, user_id, "pain", 1, -1);
	entry_median(s, user_id, "pain", 0, 100, -1, &number);
	entry_days(s, user_id, "pain", 0, 100);
	outbox_ready(s, a, "web", NOW, 0, messages, 4);
	outbox_next_try(s);
	outbox_count(s);
	message_get(s, a, 1, &message);
	message_history(s, a, user_id, NULL, 0, 0, messages, 4);
	message_find(s, a, "web", "p", &message);
	turn_row_last(s, a, user_id, &turn);
	reminder_get(s, a, 1, &reminder);
	reminder_find(s, a, user_id, "checkin", &reminder);
	reminder_list(s, a, user_id, reminders, 4);
	reminder_due(s, a, NOW, reminders, 4);
	reminder_next(s);
	session_find(s, a, "hash", 0, &handle);
	store_note_get(s, a, "note");
	privacy_count(s, user_id);
	privacy_export_json(s, user_id, &out);
	privacy_export_csv(s, user_id, &out);
	buf_finish(&out);
}

/* One turn: a row in each table of a person, all with the same number. */
static void write_all(struct store *s, struct arena *a, int64_t user_id, int n)
{
	static const char *const keep[] = {"v1", NULL};
	const char *name = arena_printf(a, "%d", n), *handle;
	struct entry entry = {.user_id = user_id, .kind = "pain", .text = name, .day = n};
	struct message message = {
		.user_id = user_id,
		.state = MESSAGE_PENDING,
		.link = "web",
		.conversation = "c",
		.handle = "ana",
		.created_utc_ms = NOW,
	};
	struct dialog dialog = {.user_id = user_id, .flow = "f", .version = "v1", .step = "s"};
	struct reminder reminder = {.user_id = user_id, .kind = "snooze", .next_utc_ms = NOW};
	struct turn_row turn = {.user_id = user_id, .what = "x", .at_utc_ms = NOW};
	struct user user;

	store_see(s, "web", name, NOW);
	if (user_get(s, user_id, &user)) {
		user_save(s, &user);
	}
	user_set_conversation(s, "web", "ana", name);
	fact_set_number(s, user_id, name, 0.1, NOW);
	fact_set(s, user_id, "absent", NULL, NOW);
	flow_source_put(s, "v1", "f", "source");
	flow_source_prune(s, keep);
	dialog_save(s, &dialog);
	dialog_save(s, &dialog);
	dialog_end(s, dialog.id);
	dialog_end_flow(s, user_id, NULL);
	entry_add(s, &entry);
	entry_correct(s, entry.id, true, 6, name, 0, NOW);
	entry_retract(s, entry.id, NOW);
	entry_restore(s, entry.id);
	entry_restore(s, entry.id);
	message_add(s, &message);
	message_set_body(s, message.id, "{}");
	outbox_retry(s, message.id, NOW + 1, "later");
	outbox_sent(s, message.id, "p");
	outbox_dead(s, message.id, "no");
	turn_row_add(s, &turn);
	turn_row_undone(s, turn.id);
	reminder_save(s, &reminder);
	reminder_save(s, &reminder);
	reminder_cancel(s, user_id, "other");
	invite_add(s, name, "ana", NOW);
	invite_use(s, a, name, 0, &handle);
	session_add(s, name, "ana", NOW);
	session_end(s, "absent", NULL);
	store_note_set(s, "note", name);
	store_prune(s, 1, 1, 10);
}

/* True when the pass is committed, whatever its turns did. */
static bool run_pass(struct store *s, struct arena *a, int64_t user_id)
{
	if (!store_begin(s)) {
		store_rollback(s);
		return false;
	}
	for (int n = 1; n <= 2; n++) {
		store_mark(s);
		write_all(s, a, user_id, n);
		read_all(s, a, user_id);
		if (store_failed(s) == STORE_OK) {
			store_release(s);
		} else {
			store_undo(s);
		}
	}
	return store_commit(s) == STORE_OK;
}

/* Which turns are there: 0, 1, 2, or 3 for both. Each must be whole in every table. */
static int whole_turns(struct store *s)
{
	static const char *const sums[] = {
		"SELECT coalesce(sum(name), 0) FROM facts",
		"SELECT coalesce(sum(day), 0) FROM entries WHERE is_retracted = 0",
		"SELECT coalesce(sum(hash), 0) FROM sessions",
		"SELECT coalesce(sum(message_id), 0) FROM seen",
	};
	static const char *const counts[] = {
		"SELECT count(*) FROM messages WHERE state = 2",
		"SELECT count(*) FROM reminders",
		"SELECT count(*) FROM turns WHERE is_undone = 1",
		"SELECT count(*) / 2 FROM entry_history WHERE what = 'restored'",
	};
	int found = (int)stmt_pragma(s->db, sums[0], -1);

	for (size_t i = 1; i < sizeof sums / sizeof *sums; i++) {
		assert_int_equal(stmt_pragma(s->db, sums[i], -1), found);
	}
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		assert_int_equal(stmt_pragma(s->db, counts[i], -1), found == 3 ? 2 : found ? 1 : 0);
	}
	return found;
}

static struct store *open_with_ana(int64_t *ana_out)
{
	const char *error = NULL;
	struct store *s = store_open(NULL, STORE_MEMORY, &error);
	struct user user;

	assert_non_null(s);
	assert_true(store_begin(s));
	user_create(s, "web", "ana", "", NOW, &user);
	assert_int_equal(store_commit(s), STORE_OK);
	*ana_out = user.id;
	return s;
}

/* After any failure: nothing, one turn or both, but no half, and the store works again; unless a
 * commit broke, when it must not go on. */
static void check_after(struct store *s, struct arena *a, int64_t ana, bool committed)
{
	int found = whole_turns(s);

	if (!committed) {
		assert_int_equal(found, 0);
	}
	if (s->is_broken) {
		assert_false(store_begin(s));
		return;
	}
	assert_int_equal(store_failed(s), STORE_OK);
	assert_true(run_pass(s, a, ana)); /* what is there is refused, what is missing is added */
	assert_int_equal(whole_turns(s), 3);
}

/* ---- nothing walks a table ---- */

/* Walking an index that holds only what is pending, or what one person has, is not meant here. */
static bool walks_a_table(const char *step)
{
	return strncmp(step, "SCAN ", 5) == 0 && !strstr(step, "USING INDEX") &&
	       !strstr(step, "CONSTANT ROW") && !strchr(step, '(');
}

static bool may_walk(const char *sql)
{
	static const char *const allowed[] = {
		"SELECT count(*) FROM users",
		"FROM users WHERE user_id > ",    /* user_each() */
		"DELETE FROM flow_versions",      /* a row for each flow ever released */
		"ORDER BY message_id LIMIT ?2) ", /* store_prune(): at most max rows of it */
		"ORDER BY turn_id LIMIT ?2) ",
	};

	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
		if (strstr(sql, allowed[i])) {
			return true;
		}
	}
	return false;
}

static void check_plan(struct store *s, const char *sql)
{
	char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *plan = NULL;

	assert_int_equal(sqlite3_prepare_v2(s->db, explain, -1, &plan, NULL), SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);

		if (walks_a_table(step) && !may_walk(sql)) {
			fail_msg("%s: %s", sql, step);
		}
	}
	sqlite3_finalize(plan);
	sqlite3_free(explain);
}

static void test_nothing_walks_a_table(void **state)
{
	struct arena *a = arena_create();
	int64_t ana;
	struct store *s = open_with_ana(&ana);
	int checked = 0;

	(void)state;
	assert_true(run_pass(s, a, ana));
	for (size_t i = 0; i < STMT_SLOTS; i++) {
		if (s->slots[i].sql) {
			check_plan(s, s->slots[i].sql);
			checked++;
		}
	}
	assert_true(checked > 80);
	store_close(s);
	arena_destroy(a);
}

/* ---- each statement ---- */

static long fail_statement(long n, int code, bool *committed_out)
{
	struct arena *a = arena_create();
	int64_t ana;
	struct store *s = open_with_ana(&ana);
	long steps = s->steps;

	s->fail_at = n;
	s->fail_code = code;
	*committed_out = run_pass(s, a, ana);
	s->fail_at = 0;
	steps = s->steps - steps;
	check_after(s, a, ana, *committed_out);
	store_close(s);
	arena_destroy(a);
	return steps;
}

static void test_each_statement_fails(void **state)
{
	static const int codes[] = {SQLITE_IOERR_READ, SQLITE_FULL, SQLITE_CONSTRAINT_CHECK};
	bool committed;
	long steps = fail_statement(0, SQLITE_OK, &committed);

	(void)state;
	assert_true(committed);
	assert_true(steps > 200);
	for (long n = 1; n <= steps; n++) {
		fail_statement(n, codes[n % 3], &committed);
	}
}

/* ---- each allocation inside SQLite ---- */

static struct {
	sqlite3_mem_methods real;
	long count, fail_at;
} memory;

static bool out_of_memory(void)
{
	memory.count++;
	return memory.fail_at > 0 && --memory.fail_at == 0;
}

static void *failing_malloc(int size)
{
	return out_of_memory() ? NULL : memory.real.xMalloc(size);
}

static void *failing_realloc(void *old, int size)
{
	return out_of_memory() ? NULL : memory.real.xRealloc(old, size);
}

static int use_failing_memory(void **state)
{
	sqlite3_mem_methods failing;

	(void)state;
	sqlite3_shutdown();
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real) != SQLITE_OK) {
		return -1;
	}
	failing = memory.real;
	failing.xMalloc = failing_malloc;
	failing.xRealloc = failing_realloc;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
}

static long fail_allocation(long n)
{
	struct arena *a = arena_create();
	int64_t ana;
	struct store *s = open_with_ana(&ana);
	long count = memory.count;
	bool committed;

	memory.fail_at = n;
	committed = run_pass(s, a, ana);
	memory.fail_at = 0;
	count = memory.count - count;
	check_after(s, a, ana, committed);
	store_close(s);
	arena_destroy(a);
	return count;
}

/* Every 23rd, so that it takes a few seconds; preparing alone makes thousands. */
static void test_allocations_fail(void **state)
{
	long count = fail_allocation(0);

	(void)state;
	assert_true(count > 1000);
	for (long n = 1; n <= count; n += 23) {
		fail_allocation(n);
	}
}

/* ---- killed ---- */

/* Commits turn after turn and tells each number once it is safe. */
static void write_until_killed(const char *path, int pipe_fd)
{
	const char *error;
	struct store *s = store_open(path, STORE_CREATE, &error);
	struct user user;
	char text[24];

	while (s) {
		int64_t n;

		if (!store_begin(s)) {
			break;
		}
		n = user_count(s) + 1;
		snprintf(text, sizeof text, "%lld", (long long)n);
		user_create(s, "web", text, "", NOW, &user);
		fact_set(s, user.id, "n", text, NOW);
		store_note_set(s, "last", text);
		if (store_commit(s) != STORE_OK || write(pipe_fd, &n, sizeof n) != sizeof n) {
			break;
		}
		if (n % 50 == 0) {
			store_checkpoint(s);
		}
	}
	_exit(1);
}

/* Lets a child write for a while, kills it; the last number that it told. */
static int64_t run_child(const char *path)
{
	struct timespec while_ns = {.tv_nsec = 1000000 + rand() % 20000000};
	int64_t told, last = 0;
	int fds[2], status;
	pid_t child;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		write_until_killed(path, fds[1]);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &last, sizeof last), sizeof last); /* it is at work */
	nanosleep(&while_ns, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	while (read(fds[0], &told, sizeof told) == sizeof told) {
		last = told;
	}
	close(fds[0]);
	return last;
}

static void test_killed_at_any_moment(void **state)
{
	enum { KILLS = 50 };
	struct fixture *f = *state;

	srand((unsigned)time(NULL));
	fixture_close(f);
	for (int i = 0; i < KILLS; i++) {
		int64_t told = run_child(f->path), users;

		fixture_open(f);
		users = user_count(f->store);
		/* All that was told, at most one more, and that one whole. */
		assert_true(users == told || users == told + 1);
		assert_int_equal(
			stmt_pragma(f->store->db, "SELECT count(*) FROM facts", -1), users);
		assert_int_equal(
			stmt_pragma(f->store->db,
				"SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'last'", -1),
			users);
		fixture_close(f);
	}
	fixture_open(f);
	assert_true(store_check(f->store, f->arena, &(const char *){NULL}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_walks_a_table),
		cmocka_unit_test(test_each_statement_fails),
		cmocka_unit_test(test_allocations_fail),
		TEST(test_killed_at_any_moment),
	};

	return cmocka_run_group_tests(tests, use_failing_memory, NULL);
}
