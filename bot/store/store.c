/* Opening, closing and transactions. A pass of the loop is one transaction, a turn in it one
 * savepoint; when SQLite itself drops the transaction (disk full, I/O error) nothing of the pass
 * can be kept any more, and the store says so until it is rolled back. */
#include "store/store.h"

#include "store/schema.h"
#include "store/stmt.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the file and its lock ---- */

static const char *open_sentence(enum store_result why)
{
	switch (why) {
	case STORE_FULL:
		return "the disk is full; make room and start again";
	case STORE_BUSY:
		return "another program holds the database; close it and start again";
	default:
		return "the database cannot be read or written; check the disk and the permissions "
		       "of the file and its directory, or restore a backup";
	}
}

/* The directory is only made, never changed: it may be somebody's home. */
static bool make_directory(const char *path, const char **error)
{
	char *copy = mem_strdup(path);
	bool ok = mkdir(dirname(copy), 0700) == 0 || errno == EEXIST;

	free(copy);
	if (!ok) {
		*error = "the directory of the database cannot be made; make it, or name another "
			 "path";
	}
	return ok;
}

int store_lock(const char *path, const char **error)
{
	char *name = sqlite3_mprintf("%s.lock", path);
	int fd = name ? open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600) : -1;

	sqlite3_free(name);
	if (fd < 0) {
		*error = "the lock file beside the database cannot be written; the directory must "
			 "belong to the user that runs limberd";
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		*error = "another limberd has this database open; stop it first";
		close(fd);
		return -1;
	}
	return fd;
}

/* SQLite gives its own files the mode of the database, so that mode is set before it opens it. */
static bool make_file(const char *path, enum store_mode mode, const char **error)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | (mode == STORE_CREATE ? O_CREAT : 0), 0600);

	if (fd < 0) {
		*error = errno == ENOENT ? "there is no database at this path; check the path, or "
					   "run `limberd run` once"
					 : open_sentence(STORE_BROKEN);
		return false;
	}
	fchmod(fd, 0600);
	close(fd);
	return true;
}

/* ---- opening ---- */

/* A clean stop moves the WAL into the file and removes it; after a crash it is still there. */
static bool was_stopped_cleanly(const char *path)
{
	char *name = sqlite3_mprintf("%s-wal", path);
	struct stat st;
	bool ok = !name || stat(name, &st) != 0 || st.st_size == 0;

	sqlite3_free(name);
	return ok;
}

/* quick_check reads the whole file. Small files are always checked; large ones after a crash, so
 * that a planned restart does not take longer with every person. */
static bool needs_check(const char *path, bool was_clean)
{
	enum { ALWAYS_BELOW = 64 << 20 };
	struct stat st;

	return !was_clean || (stat(path, &st) == 0 && st.st_size < ALWAYS_BELOW);
}

static bool is_whole(sqlite3 *db)
{
	return stmt_pragma(db,
		       "SELECT count(*) FROM pragma_quick_check(1) WHERE quick_check <> 'ok'",
		       1) == 0;
}

static int on_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
	enum { FORCED_PAGES = 16384 }; /* 64 MiB: somebody forgot store_tidy() */
	struct store *s = ctx;

	s->wal_pages = pages;
	if (pages >= FORCED_PAGES) {
		sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
	return SQLITE_OK;
}

/* Beside the daemon nothing may be migrated under its feet. */
static bool is_current(sqlite3 *db, struct schema schema, const char **error)
{
	if (stmt_pragma(db, "PRAGMA user_version", -1) < schema.count) {
		*error = "the database was written by an older limberd; start `limberd run` once";
		return false;
	}
	return true;
}

/* Everything between a connection and a usable store; the file is not changed before it is known
 * to be ours. */
static bool prepare(struct store *s, enum store_mode mode, bool was_clean, const char **error)
{
	static const char wal[] = "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;"
				  "PRAGMA wal_autocheckpoint = 0;";
	struct schema schema = schema_current();
	int code = SQLITE_OK;

	*error = schema_refusal(s->db, schema, mode == STORE_CREATE || mode == STORE_MEMORY);
	if (*error) {
		return false;
	}
	if (s->path && sqlite3_db_readonly(s->db, "main")) {
		*error = "the database is read-only; give the file and its directory to the user "
			 "that runs limberd";
		return false;
	}
	if (s->path) {
		code = sqlite3_exec(s->db, wal, NULL, NULL, NULL);
	}
	if (s->path && code == SQLITE_OK) {
		code = scrub_attach(&s->scrub, s->db);
	}
	if (code != SQLITE_OK) {
		*error = open_sentence(stmt_result(code));
		return false;
	}
	if (mode == STORE_BESIDE) {
		return is_current(s->db, schema, error); /* the daemon has looked for damage */
	}
	if (s->path && needs_check(s->path, was_clean) && !is_whole(s->db)) {
		*error = "the database is damaged; keep the file and restore a backup: "
			 "limberd restore FILE";
		return false;
	}
	if (!schema_migrate(s->db, s->path, schema, error)) {
		return false;
	}
	sqlite3_wal_hook(s->db, on_wal, s);
	return true;
}

static bool open_file(struct store *s, enum store_mode mode, const char **error)
{
	bool was_clean;
	int code;

	if (mode == STORE_CREATE && !make_directory(s->path, error)) {
		return false;
	}
	if (mode != STORE_BESIDE) {
		s->lock_fd = store_lock(s->path, error);
		if (s->lock_fd < 0) {
			return false;
		}
	}
	if (!make_file(s->path, mode, error)) {
		return false;
	}
	was_clean = was_stopped_cleanly(s->path);
	code = stmt_connect(s->path, SQLITE_OPEN_READWRITE, &s->db);
	if (code != SQLITE_OK) {
		*error = (code & 0xff) == SQLITE_NOTADB
				 ? "this file is not a database of limberd; name another file"
				 : open_sentence(stmt_result(code));
		return false;
	}
	return prepare(s, mode, was_clean, error);
}

static void load_salt(struct store *s)
{
	struct arena *a = arena_create();
	const char *salt = store_note_get(s, a, "key salt");

	s->salt = s->path && salt ? strtoull(salt, NULL, 16) : 0;
	arena_destroy(a);
}

struct store *store_open(const char *path, enum store_mode mode, const char **error)
{
	struct store *s = mem_alloc(1, sizeof *s);
	bool ok;

	s->lock_fd = -1;
	if (mode == STORE_MEMORY) {
		ok = stmt_connect(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &s->db) ==
			     SQLITE_OK &&
		     prepare(s, mode, true, error);
	} else {
		s->path = mem_strdup(path);
		ok = open_file(s, mode, error);
	}
	if (!ok) {
		store_close(s);
		return NULL;
	}
	load_salt(s);
	return s;
}

void store_close(struct store *s)
{
	if (!s) {
		return;
	}
	stmt_finish(s);
	sqlite3_close(s->db); /* the last one out checkpoints and removes the WAL */
	if (s->lock_fd >= 0) {
		close(s->lock_fd);
	}
	free(s->path);
	free(s);
}

/* ---- transactions ---- */

bool store_begin(struct store *s)
{
	if (s->is_broken) {
		return false;
	}
	stmt_clear(s);
	s->is_lost = false;
	return stmt_exec(s, "BEGIN IMMEDIATE");
}

static void leave(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db)) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	}
	s->is_lost = false;
}

/* A failed COMMIT may leave the transaction open (busy, full): then it is rolled back. */
enum store_result store_commit(struct store *s)
{
	enum store_result result;

	if (s->failed == STORE_OK) {
		s->is_broken = !stmt_exec(s, "COMMIT") && s->failed == STORE_BROKEN;
	}
	result = s->failed;
	if (result != STORE_OK) {
		leave(s);
	}
	if (!s->is_broken) {
		stmt_clear(s);
	}
	return result;
}

void store_rollback(struct store *s)
{
	leave(s);
	if (!s->is_broken) {
		stmt_clear(s);
	}
}

/* A savepoint that cannot be set or left would make a later undo reach too far back: then the whole
 * transaction is lost. It is, too, when SQLite has already dropped it. */
static void savepoint(struct store *s, const char *sql)
{
	enum store_result before = s->failed;

	if (s->is_lost) {
		return;
	}
	if (sqlite3_get_autocommit(s->db)) {
		s->is_lost = true;
		stmt_fail(s, SQLITE_ABORT);
		return;
	}
	stmt_clear(s);
	if (stmt_exec(s, sql)) {
		s->failed = before;
	} else {
		s->is_lost = true;
	}
}

void store_mark(struct store *s)
{
	savepoint(s, "SAVEPOINT turn");
}

void store_release(struct store *s)
{
	savepoint(s, "RELEASE turn");
}

void store_undo(struct store *s)
{
	savepoint(s, "ROLLBACK TO turn");
	savepoint(s, "RELEASE turn");
	if (!s->is_lost) {
		stmt_clear(s);
	}
}

enum store_result store_failed(const struct store *s)
{
	return s->failed;
}

const char *store_error(const struct store *s)
{
	return s->error;
}

/* ---- health ---- */

/* The first finding of a check that answers "ok"; NULL when it is well. */
static const char *finding(sqlite3 *db, struct arena *a, const char *sql, const char *ok)
{
	sqlite3_stmt *stmt = NULL;
	const char *text = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK) {
		code = sqlite3_step(stmt);
	}
	if (code == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(stmt, 0);
		text = text && ok && strcmp(text, ok) == 0 ? NULL
							   : arena_strdup(a, text ? text : "NULL");
	} else if (code != SQLITE_DONE) {
		text = arena_strdup(a, sqlite3_errmsg(db));
	}
	sqlite3_finalize(stmt);
	return text;
}

bool store_check_db(sqlite3 *db, struct arena *a, const char **error)
{
	const char *what = finding(db, a, "PRAGMA integrity_check(1)", "ok");

	if (what) {
		*error = arena_printf(a, "integrity: %s", what);
		return false;
	}
	what = finding(db, a, "PRAGMA foreign_key_check", NULL);
	if (what) {
		*error = arena_printf(a, "a row of %s belongs to nobody", what);
		return false;
	}
	return true;
}

bool store_check(struct store *s, struct arena *a, const char **error)
{
	return store_check_db(s->db, a, error);
}

void store_checkpoint(struct store *s)
{
	if (s->path && sqlite3_get_autocommit(s->db)) {
		sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		s->wal_pages = 0;
		sqlite3_db_release_memory(
			s->db); /* cached pages are not scrubbed, those read again are */
	}
}

void store_tidy(struct store *s)
{
	enum { WORTH_PAGES = 1024 }; /* 4 MiB */

	if (s->wal_pages >= WORTH_PAGES && sqlite3_get_autocommit(s->db)) {
		sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		s->wal_pages = 0;
	}
}

int64_t store_wal_bytes(const struct store *s)
{
	char *name = s->path ? sqlite3_mprintf("%s-wal", s->path) : NULL;
	struct stat st;
	int64_t bytes = name && stat(name, &st) == 0 ? st.st_size : 0;

	sqlite3_free(name);
	return bytes;
}

int store_schema_version(const struct store *s)
{
	return (int)stmt_pragma(s->db, "PRAGMA user_version", 0);
}
