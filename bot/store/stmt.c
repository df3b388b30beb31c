/* Prepared statements kept in an open hash by the address of their text, and the sticky error.
 * A failure is sorted by what the caller can do about it: wait, undo one turn, or stop. */
#include "store/stmt.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- failures ---- */

/* SQLite only calls ENOSPC "full"; a quota or a size limit is the same thing to us. It does not
 * keep the errno of a failed COMMIT, so the steps below start from errno 0. Failed syncs never
 * count as full: what is on disk then is unknown. */
static bool is_disk_full(int code)
{
	return code == SQLITE_IOERR_SHMSIZE ||
	       (code == SQLITE_IOERR_WRITE && (errno == EDQUOT || errno == EFBIG));
}

static int step(sqlite3_stmt *stmt)
{
	errno = 0;
	return sqlite3_step(stmt);
}

enum store_result stmt_result(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return STORE_OK;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_BUSY;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return STORE_REFUSED;
	default:
		return is_disk_full(code) ? STORE_FULL : STORE_BROKEN;
	}
}

void stmt_fail(struct store *s, int code)
{
	if (s->failed != STORE_OK) {
		return;
	}
	s->failed = stmt_result(code);
	snprintf(s->error, sizeof s->error, "%s (%d)", sqlite3_errstr(code), code);
	if (s->failed != STORE_REFUSED) {
		return;
	}
	/* A constraint's message names table and column, never a value. */
	snprintf(s->error, sizeof s->error, "%s (%d)", sqlite3_errmsg(s->db), code);
}

void stmt_clear(struct store *s)
{
	s->failed = STORE_OK;
}

/* True when a test wants this step to fail. */
static bool is_sabotaged(struct store *s)
{
	s->steps++;
	return s->fail_at > 0 && --s->fail_at == 0;
}

/* ---- statements ---- */

static struct stmt_slot *slot_find(struct store *s, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 4) * 2654435761u;

	for (size_t n = 0; n < STMT_SLOTS; n++, i++) {
		struct stmt_slot *slot = &s->slots[i % STMT_SLOTS];

		if (!slot->sql || slot->sql == sql) {
			return slot;
		}
	}
	assert(!"more queries than STMT_SLOTS");
	return NULL;
}

static sqlite3_stmt *stmt_prepared(struct store *s, const char *sql)
{
	struct stmt_slot *slot = slot_find(s, sql);
	int code;

	if (!slot->stmt) {
		code = sqlite3_prepare_v3(
			s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->stmt, NULL);
		if (code != SQLITE_OK) {
			stmt_fail(s, code);
			return NULL;
		}
		slot->sql = sql;
	}
	assert(!sqlite3_stmt_busy(slot->stmt));
	return slot->stmt;
}

struct stmt stmt_open(struct store *s, const char *sql)
{
	return (struct stmt){
		.store = s,
		.stmt = s->failed == STORE_OK ? stmt_prepared(s, sql) : NULL,
	};
}

static void stmt_stop(struct stmt *q, int code)
{
	stmt_fail(q->store, code);
	stmt_close(q);
}

bool stmt_row(struct stmt *q)
{
	int code;

	if (!q->stmt) {
		return false;
	}
	code = is_sabotaged(q->store) ? q->store->fail_code : step(q->stmt);
	q->read = 0;
	if (code == SQLITE_ROW) {
		return true;
	}
	if (code != SQLITE_DONE) {
		stmt_stop(q, code);
	}
	return false;
}

void stmt_close(struct stmt *q)
{
	if (q->stmt) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		q->stmt = NULL;
	}
}

int stmt_run(struct stmt *q)
{
	int changed = 0;

	while (stmt_row(q)) {
	}
	if (q->stmt) {
		changed = sqlite3_changes(q->store->db);
	}
	stmt_close(q);
	return changed;
}

int64_t stmt_insert(struct stmt *q)
{
	return stmt_run(q) ? sqlite3_last_insert_rowid(q->store->db) : 0;
}

int64_t stmt_int(struct stmt *q)
{
	int64_t value = stmt_row(q) ? get_int(q) : 0;

	stmt_close(q);
	return value;
}

void stmt_finish(struct store *s)
{
	for (size_t i = 0; i < STMT_SLOTS; i++) {
		sqlite3_finalize(s->slots[i].stmt);
		s->slots[i] = (struct stmt_slot){0};
	}
}

/* ---- values ---- */

static void bound(struct stmt *q, int code)
{
	if (code != SQLITE_OK) {
		stmt_stop(q, code);
	}
}

void put_int(struct stmt *q, int64_t value)
{
	if (q->stmt) {
		bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
	}
}

void put_number(struct stmt *q, double value)
{
	if (q->stmt) {
		bound(q, sqlite3_bind_double(q->stmt, ++q->bound, value));
	}
}

void put_text(struct stmt *q, const char *text)
{
	if (q->stmt) {
		bound(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
	}
}

void put_null(struct stmt *q)
{
	if (q->stmt) {
		bound(q, sqlite3_bind_null(q->stmt, ++q->bound));
	}
}

void put_int_or_null(struct stmt *q, int64_t value)
{
	if (value) {
		put_int(q, value);
	} else {
		put_null(q);
	}
}

int64_t get_int(struct stmt *q)
{
	return sqlite3_column_int64(q->stmt, q->read++);
}

double get_number(struct stmt *q)
{
	return sqlite3_column_double(q->stmt, q->read++);
}

bool get_is_null(struct stmt *q)
{
	return sqlite3_column_type(q->stmt, q->read) == SQLITE_NULL;
}

/* SQLite may need memory to terminate a text; without it a text that is there comes as NULL. */
const char *get_text(struct stmt *q, struct arena *arena)
{
	bool is_null = get_is_null(q);
	const char *text = (const char *)sqlite3_column_text(q->stmt, q->read++);

	if (!text && !is_null) {
		stmt_fail(q->store, SQLITE_NOMEM);
		return "";
	}
	return arena ? arena_strdup(arena, text) : text;
}

void get_chars(struct stmt *q, char *out, size_t size)
{
	const char *text = get_text(q, NULL);
	size_t len = text ? strlen(text) : 0;

	if (text && size && len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
			len--;
		}
	}
	if (len) {
		memcpy(out, text, len);
	}
	out[len] = '\0';
}

/* ---- the connection ---- */

bool stmt_exec(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt = stmt_prepared(s, sql);
	int code;

	if (!stmt) {
		return false;
	}
	code = is_sabotaged(s) ? s->fail_code : step(stmt);
	if (code != SQLITE_DONE) {
		stmt_fail(s, code);
	}
	sqlite3_reset(stmt);
	return code == SQLITE_DONE;
}

int64_t stmt_pragma(sqlite3 *db, const char *sql, int64_t fallback)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = fallback;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW) {
		value = sqlite3_column_int64(stmt, 0);
	}
	sqlite3_finalize(stmt);
	return value;
}

int stmt_connect(const char *path, int flags, sqlite3 **out)
{
	static const char guards[] = "PRAGMA foreign_keys = ON;"
				     "PRAGMA cell_size_check = ON;"
				     "PRAGMA temp_store = MEMORY;"
				     "PRAGMA secure_delete = ON;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA cache_size = -16384;"
				     "PRAGMA mmap_size = 0;";
	static const struct {
		int option, value;
	} switches[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
		{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	};
	enum { BUSY_MS = 5000 };
	sqlite3 *db = NULL;
	int code = sqlite3_open_v2(
		path, &db, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL);

	for (size_t i = 0; code == SQLITE_OK && i < sizeof switches / sizeof *switches; i++) {
		code = sqlite3_db_config(db, switches[i].option, switches[i].value, NULL);
	}
	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(db, BUSY_MS);
		code = sqlite3_exec(db, guards, NULL, NULL, NULL);
	}
	if (code != SQLITE_OK) {
		sqlite3_close(db);
		db = NULL;
	}
	*out = db;
	return code;
}
