/* The store itself: opening and refusing, transactions, sticky errors, repeats, clearing out. */
#include "store/dialogs.h"
#include "store/messages.h"
#include "store/schema.h"
#include "store/sessions.h"
#include "store/stmt.h"
#include "store/users.h"
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *note(struct fixture *f, const char *name)
{
	const char *value = store_note_get(f->store, f->arena, name);

	return value ? value : "(none)";
}

static void exec(struct store *s, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(s->db, sql, NULL, NULL, &error) != SQLITE_OK) {
		fail_msg("%s: %s", sql, error);
	}
}

static void assert_refused(const char *path, enum store_mode mode, const char *word)
{
	const char *error = NULL;
	struct store *s = store_open(path, mode, &error);

	assert_null(s);
	assert_non_null(error);
	if (!strstr(error, word)) {
		fail_msg("\"%s\" does not say \"%s\"", error, word);
	}
}

/* ---- opening ---- */

static void test_files_are_private(void **state)
{
	struct fixture *f = *state;
	const char *path = fixture_path(f, "new/limberd.db"), *error = NULL;
	static const char *const names[] = {"", "-wal", "-shm", ".lock"};
	struct store *s = store_open(path, STORE_CREATE, &error);
	struct stat st;

	assert_non_null(s);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(stat(arena_printf(f->arena, "%s%s", path, names[i]), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	assert_int_equal(stat(fixture_path(f, "new"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	store_close(s);
	assert_int_equal(stat(arena_printf(f->arena, "%s-wal", path), &st), -1);
	unlink(path);
	unlink(arena_printf(f->arena, "%s.lock", path));
	rmdir(fixture_path(f, "new"));
}

static void test_guards_are_on(void **state)
{
	static const struct {
		const char *pragma;
		int value;
	} rows[] = {
		{"PRAGMA synchronous", 2},
		{"PRAGMA foreign_keys", 1},
		{"PRAGMA busy_timeout", 5000},
		{"PRAGMA trusted_schema", 0},
		{"PRAGMA cell_size_check", 1},
		{"PRAGMA temp_store", 2},
		{"PRAGMA secure_delete", 1},
		{"PRAGMA wal_autocheckpoint", 0},
		{"PRAGMA application_id", SCHEMA_APPLICATION},
		{"SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'", 1},
		{"SELECT count(*) FROM pragma_table_list WHERE NOT strict AND schema = 'main'"
		 " AND type = 'table' AND name NOT LIKE 'sqlite%'",
			0},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (stmt_pragma(f->store->db, rows[i].pragma, -1) != rows[i].value) {
			fail_msg("%s is not %d", rows[i].pragma, rows[i].value);
		}
	}
	/* Double quotes are names only; the schema cannot be edited by hand. */
	assert_int_not_equal(sqlite3_exec(f->store->db, "SELECT \"x\"", NULL, NULL, NULL), 0);
	exec(f->store, "PRAGMA writable_schema = ON");
	assert_int_not_equal(
		sqlite3_exec(f->store->db, "DELETE FROM sqlite_schema", NULL, NULL, NULL), 0);
}

static void test_second_opener_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_refused(f->path, STORE_CREATE, "another limberd");
	fixture_close(f);
	fixture_open(f);
}

static void test_strange_files_are_refused(void **state)
{
	struct fixture *f = *state;
	const char *text = fixture_path(f, "text.db"), *other = fixture_path(f, "other.db");
	const char *empty = fixture_path(f, "empty.db"), *before, *after;
	size_t before_len, after_len;
	sqlite3 *db;
	FILE *file = fopen(text, "w");

	assert_non_null(file);
	for (int i = 0; i < 1000; i++) {
		fputs("This is a diary, but not one of ours.\n", file);
	}
	fclose(file);
	fclose(fopen(empty, "w"));
	assert_int_equal(stmt_connect(other, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db), 0);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL), 0);
	sqlite3_close(db);
	before = fixture_read(f, other, &before_len);
	assert_refused(text, STORE_CREATE, "not a database of limberd");
	assert_refused(other, STORE_CREATE, "not a database of limberd");
	assert_refused(empty, STORE_EXISTING, "not a database of limberd");
	assert_refused(fixture_path(f, "absent.db"), STORE_EXISTING, "no database");
	assert_refused(fixture_path(f, "no/such/place.db"), STORE_CREATE, "directory");
	after = fixture_read(f, other, &after_len);
	assert_int_equal(after_len, before_len);
	assert_memory_equal(after, before, before_len);
}

static void test_newer_version_is_refused(void **state)
{
	struct fixture *f = *state;

	exec(f->store, "PRAGMA user_version = 999");
	fixture_close(f);
	assert_refused(f->path, STORE_CREATE, "newer limberd");
}

static void test_read_only_directory(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t child;

	fixture_close(f);
	assert_int_equal(chmod(f->dir, 0555), 0);
	child = fork();
	if (child == 0) { /* root may write anywhere, so be somebody else */
		const char *error = "opened";
		struct store *s;

		if (geteuid() == 0 && setuid(65534) != 0) {
			_exit(2);
		}
		s = store_open(f->path, STORE_CREATE, &error);
		_exit(s || !strstr(error, "lock file"));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	chmod(f->dir, 0700);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void fill(struct fixture *f, int count)
{
	char name[32];

	assert_true(store_begin(f->store));
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "note %d", i);
		store_note_set(f->store, name, "some text that takes a little room in the file");
	}
	assert_int_equal(store_commit(f->store), STORE_OK);
}

static void test_damage_is_refused(void **state)
{
	struct fixture *f = *state;
	char garbage[256];
	struct stat st;
	int fd, pages = 0;

	fill(f, 2000);
	fixture_close(f);
	assert_int_equal(stat(f->path, &st), 0);
	memset(garbage, 0xa5, sizeof garbage);
	fd = open(f->path, O_RDWR | O_CLOEXEC);
	for (off_t at = 4096 * 40; at < st.st_size; at += 4096, pages++) {
		assert_int_equal(pwrite(fd, garbage, sizeof garbage, at), sizeof garbage);
	}
	close(fd);
	assert_true(pages > 5);
	assert_refused(f->path, STORE_CREATE, "damaged");
}

/* ---- migration ---- */

static void test_migration_keeps_a_copy(void **state)
{
	static const char extra[] = "ALTER TABLE users ADD COLUMN mood TEXT";
	static const char broken[] = "CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE users (x)";
	struct fixture *f = *state;
	struct schema now = schema_current();
	const char *steps[16], *error = NULL;
	int copies;

	fixture_people(f);
	fixture_commit(f);
	store_rollback(f->store);
	copies = fixture_search(f, "dm-ana");
	memcpy(steps, now.steps, (size_t)now.count * sizeof *steps);
	steps[now.count] = extra;
	steps[now.count + 1] = broken;
	assert_false(schema_migrate(f->store->db, f->path,
		(struct schema){.steps = steps, .count = now.count + 2}, &error));
	assert_non_null(strstr(error, "up to date"));
	/* The good step stays, of the broken one nothing, and the old state is kept. */
	assert_int_equal(store_schema_version(f->store), now.count + 1);
	assert_int_equal(
		stmt_pragma(f->store->db, "SELECT count(*) FROM users WHERE mood IS NULL", -1), 2);
	assert_int_equal(stmt_pragma(f->store->db,
				 "SELECT count(*) FROM sqlite_schema WHERE name = 'half'", -1),
		0);
	assert_int_equal(fixture_search(f, "dm-ana"), copies + 1);
}

/* ---- transactions ---- */

static void test_commit_and_rollback(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->store));
	store_note_set(f->store, "a", "1");
	assert_int_equal(store_commit(f->store), STORE_OK);
	assert_true(store_begin(f->store));
	store_note_set(f->store, "a", NULL);
	store_note_set(f->store, "b", "2");
	store_rollback(f->store);
	assert_string_equal(note(f, "a"), "1");
	assert_string_equal(note(f, "b"), "(none)");
	fixture_close(f);
	fixture_open(f);
	assert_string_equal(note(f, "a"), "1");
}

static void test_savepoints(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->store));
	store_mark(f->store);
	store_note_set(f->store, "first", "kept");
	store_release(f->store);
	store_mark(f->store);
	store_note_set(f->store, "second", "dropped");
	store_undo(f->store);
	store_mark(f->store);
	store_note_set(f->store, "third", "kept");
	store_release(f->store);
	assert_int_equal(store_commit(f->store), STORE_OK);
	assert_string_equal(note(f, "first"), "kept");
	assert_string_equal(note(f, "second"), "(none)");
	assert_string_equal(note(f, "third"), "kept");
}

static void test_errors_are_sticky(void **state)
{
	struct fixture *f = *state;
	struct dialog d = {.user_id = 4711, .flow = "f", .step = "s"};

	fixture_people(f);
	store_mark(f->store);
	store_note_set(f->store, "turn", "one");
	store_release(f->store);
	store_mark(f->store);
	store_note_set(f->store, "turn", "two");
	dialog_save(f->store, &d); /* nobody has this id */
	assert_int_equal(store_failed(f->store), STORE_REFUSED);
	assert_non_null(strstr(store_error(f->store), "FOREIGN KEY"));
	assert_string_equal(note(f, "turn"), "(none)"); /* everything is empty now */
	assert_int_equal(user_count(f->store), 0);
	assert_false(store_see(f->store, "web", "1", NOW));
	store_undo(f->store);
	assert_int_equal(store_failed(f->store), STORE_OK);
	assert_string_equal(note(f, "turn"), "one");
	assert_int_equal(store_commit(f->store), STORE_OK);
	assert_string_equal(note(f, "turn"), "one");
}

static void test_commit_refuses_half_a_turn(void **state)
{
	struct fixture *f = *state;
	struct dialog d = {.user_id = 4711, .flow = "f", .step = "s"};

	assert_true(store_begin(f->store));
	store_note_set(f->store, "half", "a turn");
	dialog_save(f->store, &d);
	assert_int_equal(store_commit(f->store), STORE_REFUSED);
	assert_int_equal(store_failed(f->store), STORE_OK);
	assert_string_equal(note(f, "half"), "(none)");
	assert_true(store_begin(f->store)); /* and goes on */
	assert_int_equal(store_commit(f->store), STORE_OK);
}

static void test_locked_by_another_program(void **state)
{
	struct fixture *f = *state;
	sqlite3 *other;

	assert_int_equal(stmt_connect(f->path, SQLITE_OPEN_READWRITE, &other), 0);
	sqlite3_busy_timeout(f->store->db, 50);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), 0);
	assert_false(store_begin(f->store));
	assert_int_equal(store_failed(f->store), STORE_BUSY);
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), 0);
	assert_true(store_begin(f->store));
	assert_int_equal(store_failed(f->store), STORE_OK);
	assert_int_equal(store_commit(f->store), STORE_OK);
	sqlite3_close(other);
}

/* limberd invite works while the daemon runs. */
static void test_opens_beside_the_daemon(void **state)
{
	struct fixture *f = *state;
	const char *error = NULL;
	struct store *beside = store_open(f->path, STORE_BESIDE, &error);

	assert_non_null(beside);
	assert_true(store_begin(beside));
	store_note_set(beside, "beside", "yes");
	assert_int_equal(store_commit(beside), STORE_OK);
	store_close(beside);
	assert_string_equal(note(f, "beside"), "yes");
	assert_int_equal(
		sqlite3_exec(f->store->db, "PRAGMA user_version = 1", NULL, NULL, NULL), 0);
	assert_null(store_open(f->path, STORE_BESIDE, &error));
	assert_non_null(strstr(error, "older limberd"));
}

/* Adds notes until something gives; the commit's result. */
static enum store_result fill_up(struct fixture *f)
{
	char name[32];

	assert_true(store_begin(f->store));
	for (int i = 0; i < 20000 && store_failed(f->store) == STORE_OK; i++) {
		store_mark(f->store);
		snprintf(name, sizeof name, "filler %d", i);
		store_note_set(f->store, name, "forty characters of filler, more or less");
		if (store_failed(f->store) == STORE_OK) {
			store_release(f->store);
		} else {
			store_undo(f->store);
		}
	}
	return store_commit(f->store);
}

static void test_full_database(void **state)
{
	struct fixture *f = *state;

	fill(f, 10);
	exec(f->store, "PRAGMA max_page_count = 60");
	/* A turn that does not fit any more is undone, or takes the pass with it. */
	fill_up(f);
	assert_string_equal(note(f, "note 9"), "some text that takes a little room in the file");
	assert_true(store_check(f->store, f->arena, &(const char *){NULL}));
	exec(f->store, "PRAGMA max_page_count = 100000");
	assert_int_equal(fill_up(f), STORE_OK);
	assert_string_not_equal(note(f, "filler 19999"), "(none)");
}

static void test_full_disk(void **state)
{
	struct fixture *f = *state;
	struct rlimit old, tiny;
	enum store_result result;

	fill(f, 10);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tiny = (struct rlimit){.rlim_cur = 300000, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	result = fill_up(f);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(result, STORE_FULL);
	assert_string_equal(note(f, "filler 0"), "(none)");
	assert_string_equal(note(f, "note 9"), "some text that takes a little room in the file");
	assert_int_equal(fill_up(f), STORE_OK); /* room again: it goes on by itself */
	assert_string_not_equal(note(f, "filler 19999"), "(none)");
}

static void test_broken_commit_stops(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->store));
	store_note_set(f->store, "doubtful", "x");
	f->store->fail_at = 1;
	f->store->fail_code = SQLITE_IOERR_FSYNC;
	assert_int_equal(store_commit(f->store), STORE_BROKEN);
	assert_false(store_begin(f->store));
	assert_int_equal(store_failed(f->store), STORE_BROKEN);
	fixture_close(f);
	fixture_open(f);
	assert_string_equal(note(f, "doubtful"), "(none)");
}

/* ---- small things ---- */

static void test_repeats(void **state)
{
	struct fixture *f = *state;

	assert_true(store_begin(f->store));
	assert_true(store_see(f->store, "web", "m1", NOW));
	assert_false(store_see(f->store, "web", "m1", NOW + 5));
	assert_true(store_see(f->store, "chat", "m1", NOW));
	store_mark(f->store);
	assert_true(store_see(f->store, "web", "m2", NOW));
	store_undo(f->store); /* the turn failed, so it has not been seen */
	assert_true(store_see(f->store, "web", "m2", NOW));
	fixture_commit(f);
	assert_false(store_see(f->store, "web", "m2", NOW));
}

static void add_message(struct fixture *f, enum message_state state, int64_t created_utc_ms)
{
	struct message m = {
		.user_id = f->ana,
		.state = state,
		.link = "web",
		.conversation = "c",
		.handle = "ana",
		.created_utc_ms = created_utc_ms,
	};

	message_add(f->store, &m);
}

static void test_prune(void **state)
{
	struct fixture *f = *state;
	struct turn_row turn = {.what = "x", .at_utc_ms = 10};
	struct message left[8];
	const char *handle;

	fixture_people(f);
	turn.user_id = f->ana;
	turn_row_add(f->store, &turn);
	store_see(f->store, "web", "old", 10);
	store_see(f->store, "web", "new", 30);
	session_add(f->store, "s-old", "ana", 10);
	session_add(f->store, "s-new", "ana", 30);
	invite_add(f->store, "i-old", "ana", 10);
	add_message(f, MESSAGE_IN, 10);
	add_message(f, MESSAGE_SENT, 10);
	add_message(f, MESSAGE_PENDING, 10);
	add_message(f, MESSAGE_IN, 30);
	assert_int_equal(store_prune(f->store, 20, 5, 2), 2); /* never more than max */
	assert_int_equal(store_prune(f->store, 20, 5, 100), 1);
	assert_int_equal(store_prune(f->store, 20, 20, 100), 3);
	assert_int_equal(store_prune(f->store, 20, 20, 100), 0);
	assert_true(store_see(f->store, "web", "old", 40));
	assert_false(store_see(f->store, "web", "new", 40));
	assert_true(session_find(f->store, f->arena, "s-new", 0, &handle));
	assert_false(session_find(f->store, f->arena, "s-old", 0, &handle));
	assert_int_equal(message_history(f->store, f->arena, f->ana, NULL, 0, 0, left, 8), 2);
	assert_int_equal(left[0].state, MESSAGE_PENDING);
	assert_false(turn_row_last(f->store, f->arena, f->ana, &turn));
}

static void test_invites_and_sessions(void **state)
{
	struct fixture *f = *state;
	const char *handle;

	assert_true(store_begin(f->store));
	invite_add(f->store, "i1", "ana", NOW);
	assert_false(invite_use(f->store, f->arena, "i1", NOW, &handle)); /* expired */
	assert_null(handle);
	assert_true(invite_use(f->store, f->arena, "i1", NOW - 1, &handle));
	assert_string_equal(handle, "ana");
	assert_false(invite_use(f->store, f->arena, "i1", NOW - 1, &handle)); /* used */
	session_add(f->store, "s1", "ana", NOW);
	session_add(f->store, "s2", "ana", NOW);
	session_add(f->store, "s3", "ben", NOW);
	assert_true(session_find(f->store, f->arena, "s1", NOW - 1, &handle));
	assert_string_equal(handle, "ana");
	assert_false(session_find(f->store, f->arena, "s1", NOW, &handle));
	session_end(f->store, "s1", NULL);
	assert_false(session_find(f->store, f->arena, "s1", 0, &handle));
	assert_true(session_find(f->store, f->arena, "s2", 0, &handle));
	session_end(f->store, NULL, "ana");
	assert_false(session_find(f->store, f->arena, "s2", 0, &handle));
	assert_true(session_find(f->store, f->arena, "s3", 0, &handle));
}

static void test_checkpoint(void **state)
{
	struct fixture *f = *state;

	fill(f, 100);
	assert_true(store_wal_bytes(f->store) > 0);
	store_tidy(f->store); /* not worth it yet */
	assert_true(f->store->wal_pages > 0);
	fill(f, 80000);
	assert_true(f->store->wal_pages >= 1024);
	store_tidy(f->store);
	assert_int_equal(f->store->wal_pages, 0);
	store_checkpoint(f->store);
	assert_int_equal(store_wal_bytes(f->store), 0);
	assert_true(store_check(f->store, f->arena, &(const char *){NULL}));
}

static void test_memory_mode(void **state)
{
	const char *error = NULL;
	struct store *s = store_open(NULL, STORE_MEMORY, &error);
	struct user user;

	(void)state;
	assert_non_null(s);
	assert_true(store_begin(s));
	user_create(s, "console", "me", "", NOW, &user);
	session_add(s, "h", "me", NOW);
	assert_int_equal(store_commit(s), STORE_OK);
	assert_true(user_find(s, "console", "me", &user));
	assert_int_equal(store_wal_bytes(s), 0);
	assert_int_equal(store_schema_version(s), schema_current().count);
	store_checkpoint(s);
	store_tidy(s);
	store_close(s);
	store_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_files_are_private),
		TEST(test_guards_are_on),
		TEST(test_second_opener_is_refused),
		TEST(test_strange_files_are_refused),
		TEST(test_newer_version_is_refused),
		TEST(test_read_only_directory),
		TEST(test_damage_is_refused),
		TEST(test_migration_keeps_a_copy),
		TEST(test_commit_and_rollback),
		TEST(test_savepoints),
		TEST(test_errors_are_sticky),
		TEST(test_commit_refuses_half_a_turn),
		TEST(test_locked_by_another_program),
		TEST(test_opens_beside_the_daemon),
		TEST(test_full_database),
		TEST(test_full_disk),
		TEST(test_broken_commit_stops),
		TEST(test_repeats),
		TEST(test_prune),
		TEST(test_invites_and_sessions),
		TEST(test_checkpoint),
		cmocka_unit_test(test_memory_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
