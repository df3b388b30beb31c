/* Backup while somebody writes, and restoring only what is whole. */
#include "store/schema.h"
#include "store/stmt.h"
#include "store/users.h"
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void note(struct fixture *f, const char *name, const char *value)
{
	assert_true(store_begin(f->store));
	store_note_set(f->store, name, value);
	assert_int_equal(store_commit(f->store), STORE_OK);
}

static const char *noted(struct fixture *f, const char *name)
{
	const char *value = store_note_get(f->store, f->arena, name);

	return value ? value : "(none)";
}

static void backup(struct fixture *f, const char *to)
{
	const char *error = "";

	if (!store_backup(f->path, to, f->arena, &error)) {
		fail_msg("backup: %s", error);
	}
}

static void restore(struct fixture *f, const char *from)
{
	const char *error = "";

	if (!store_restore(f->path, from, f->arena, &error)) {
		fail_msg("restore: %s", error);
	}
}

static void restore_refused(struct fixture *f, const char *from, const char *word)
{
	const char *error = "";
	size_t before_len, after_len;
	const char *before = fixture_read(f, f->path, &before_len), *after;

	assert_false(store_restore(f->path, from, f->arena, &error));
	if (!strstr(error, word)) {
		fail_msg("\"%s\" does not say \"%s\"", error, word);
	}
	after = fixture_read(f, f->path, &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	assert_int_equal(access(arena_printf(f->arena, "%s.restoring", f->path), F_OK), -1);
}

static void test_there_and_back(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db"), *error = "", *sum;
	struct stat st;
	size_t len;

	note(f, "when", "before");
	backup(f, copy);
	assert_int_equal(stat(copy, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	sum = fixture_read(f, arena_printf(f->arena, "%s.sha256", copy), &len);
	assert_int_equal(len, 64 + 2 + strlen("copy.db") + 1);
	assert_string_equal(sum + 64, "  copy.db\n");
	assert_false(store_backup(f->path, copy, f->arena, &error)); /* never overwrites */
	assert_non_null(strstr(error, "exists already"));
	note(f, "when", "after");
	assert_false(store_restore(f->path, copy, f->arena, &error));
	assert_non_null(strstr(error, "another limberd"));
	fixture_close(f);
	restore(f, copy);
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "before");
	fixture_close(f);
	/* The replaced one is kept, whole. */
	assert_int_equal(rename(arena_printf(f->arena, "%s.before-restore", f->path), f->path), 0);
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "after");
}

static void test_a_crashed_database_is_set_aside_with_its_wal(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db"), *wal, *data;
	char *saved;
	size_t len;
	int fd;

	note(f, "when", "before");
	backup(f, copy);
	note(f, "when", "after");
	/* As after kill -9: the last commit is only in the WAL. */
	wal = arena_printf(f->arena, "%s-wal", f->path);
	data = fixture_read(f, wal, &len);
	saved = mem_alloc(len, 1);
	memcpy(saved, data, len);
	fixture_close(f);
	restore(f, copy);
	fd = open(wal, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, saved, len), len);
	close(fd);
	restore(f, copy);
	assert_int_equal(access(wal, F_OK), -1); /* else the copy would inherit it */
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "before");
	free(saved);
}

static void test_a_damaged_database_is_replaced(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db");
	FILE *file;

	note(f, "when", "before");
	backup(f, copy);
	fixture_close(f);
	file = fopen(f->path, "w");
	for (int i = 0; i < 1000; i++) {
		fputs("nothing but garbage ", file);
	}
	fclose(file);
	restore(f, copy);
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "before");
	assert_int_equal(fixture_search(f, "nothing but garbage"), 1); /* kept all the same */
}

/* Some other program, the sqlite3 shell say: while it reads nothing is replaced under it; when it
 * only has the file open, the WAL cannot vanish and has to be moved. */
static void test_another_program_has_it_open(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db"), *error = "", *wal;
	sqlite3 *other;

	note(f, "when", "before");
	backup(f, copy);
	assert_int_equal(stmt_connect(f->path, SQLITE_OPEN_READWRITE, &other), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(other, "BEGIN; SELECT * FROM notes", NULL, NULL, NULL), SQLITE_OK);
	note(f, "when", "after");
	fixture_close(f);
	/* (Reading the file here to compare it would drop the other one's locks.) */
	assert_false(store_restore(f->path, copy, f->arena, &error));
	assert_non_null(strstr(error, "another program"));
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	restore(f, copy);
	wal = arena_printf(f->arena, "%s-wal", f->path);
	assert_int_equal(access(wal, F_OK), -1);
	sqlite3_close(other);
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "before");
}

static void test_restore_into_nothing(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db");

	note(f, "when", "before");
	backup(f, copy);
	fixture_close(f);
	unlink(f->path);
	restore(f, copy);
	fixture_open(f);
	assert_string_equal(noted(f, "when"), "before");
}

static void damage(struct fixture *f, const char *path, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char byte;

	(void)f;
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x40;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	close(fd);
}

static void test_bad_backups_are_refused(void **state)
{
	struct fixture *f = *state;
	const char *copy = fixture_path(f, "copy.db"), *error = "";
	const char *sum = fixture_path(f, "copy.db.sha256");
	const char *foreign = fixture_path(f, "foreign.db"), *newer = fixture_path(f, "newer.db");
	struct stat st;
	sqlite3 *db;

	for (int i = 0; i < 50; i++) {
		note(f, arena_printf(f->arena, "note %d", i), "a text in the middle of a page");
	}
	backup(f, copy);
	backup(f, newer);
	unlink(fixture_path(f, "newer.db.sha256"));
	assert_int_equal(stmt_connect(newer, SQLITE_OPEN_READWRITE, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL);
	sqlite3_close(db);
	assert_int_equal(
		stmt_connect(foreign, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db), SQLITE_OK);
	sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL);
	sqlite3_close(db);
	fixture_close(f);

	restore_refused(f, fixture_path(f, "absent.db"), "cannot be read");
	restore_refused(f, foreign, "not a database of limberd");
	restore_refused(f, newer, "newer limberd");
	/* One bit in a text: only the checksum sees it. */
	assert_int_equal(stat(copy, &st), 0);
	damage(f, copy, st.st_size - 30);
	restore_refused(f, copy, "checksum");
	damage(f, copy, st.st_size - 30);
	restore(f, copy);
	/* Truncated, also without a checksum. */
	assert_int_equal(truncate(copy, st.st_size - 8192), 0);
	restore_refused(f, copy, "checksum");
	unlink(sum);
	restore_refused(f, copy, "nothing was replaced");
	assert_int_equal(truncate(copy, 100), 0);
	restore_refused(f, copy, "nothing was replaced");
	fclose(fopen(arena_printf(f->arena, "%s-wal", newer), "w"));
	restore_refused(f, newer, "-wal");
	assert_false(store_backup(foreign, fixture_path(f, "x.db"), f->arena, &error));
	assert_non_null(strstr(error, "not a database of limberd"));
	assert_false(store_backup(f->path, fixture_path(f, "no/x.db"), f->arena, &error));
	fixture_open(f);
	assert_string_equal(noted(f, "note 49"), "a text in the middle of a page");
}

struct backups {
	struct fixture *fixture;
	struct arena *arena;
	int good;
	_Atomic int stop;
};

static void *make_backups(void *ctx)
{
	struct backups *b = ctx;
	const char *error;

	for (; b->good < 5; b->good++) {
		const char *to = arena_printf(b->arena, "%s/live-%d.db", b->fixture->dir, b->good);

		if (!store_backup(b->fixture->path, to, b->arena, &error)) {
			break;
		}
	}
	b->stop = 1;
	return NULL;
}

/* The writer adds one person and raises a counter in each transaction: a backup that holds half of
 * one, or misses an earlier one, has the two differ. */
static void test_backup_while_writing(void **state)
{
	struct fixture *f = *state;
	struct backups b = {.fixture = f, .arena = arena_create()};
	pthread_t thread;
	int written = 0;
	int64_t last = 0;

	assert_int_equal(pthread_create(&thread, NULL, make_backups, &b), 0);
	while (!b.stop) {
		struct user user;
		char handle[24];

		written++;
		snprintf(handle, sizeof handle, "h%d", written);
		assert_true(store_begin(f->store));
		user_create(f->store, "web", handle, "", NOW, &user);
		store_note_set(f->store, "written", handle + 1);
		assert_int_equal(store_commit(f->store), STORE_OK);
	}
	pthread_join(thread, NULL);
	assert_int_equal(b.good, 5);
	for (int i = 0; i < 5; i++) {
		const char *path = arena_printf(f->arena, "%s/live-%d.db", f->dir, i);
		int64_t users, count;
		sqlite3 *db;

		assert_int_equal(stmt_connect(path, SQLITE_OPEN_READONLY, &db), SQLITE_OK);
		users = stmt_pragma(db, "SELECT count(*) FROM users", -1);
		count = stmt_pragma(db, "SELECT value FROM notes WHERE name = 'written'", 0);
		sqlite3_close(db);
		assert_int_equal(users, count);
		assert_true(users >= last);
		last = users;
	}
	assert_true(written > 0);
	arena_destroy(b.arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_there_and_back),
		TEST(test_a_crashed_database_is_set_aside_with_its_wal),
		TEST(test_a_damaged_database_is_replaced),
		TEST(test_another_program_has_it_open),
		TEST(test_restore_into_nothing),
		TEST(test_bad_backups_are_refused),
		TEST(test_backup_while_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
