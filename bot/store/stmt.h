/* The one door to SQLite: statements prepared once and kept, values bound and read in order, every
 * failure remembered in the store. Only bot/store/ and its own tests include this.
 *
 *	struct stmt q = stmt_open(s, sql);
 *	put_int(&q, user_id);
 *	while (stmt_row(&q)) { ... get_text(&q, arena) ... }
 *	stmt_close(&q);
 *
 * After a failure each of these does nothing and gives its empty value. A statement must be closed
 * before anybody else's code runs: the same one may be needed there. */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include "store/scrub.h"
#include "store/store.h"

#include <sqlite3.h>

enum { STMT_SLOTS = 256 }; /* a power of two, about twice the number of queries */

struct stmt_slot {
	const char *sql; /* the key is the address: every query is one static array */
	sqlite3_stmt *stmt;
};

struct store {
	sqlite3 *db;
	char *path;  /* NULL in memory */
	int lock_fd; /* -1 in memory */
	uint64_t salt;
	int wal_pages; /* in the WAL after the last commit */
	struct scrub scrub;

	enum store_result failed;
	bool is_lost;   /* the open transaction is gone or in doubt: it can only be rolled back */
	bool is_broken; /* a commit failed in an unknown state: no more transactions */
	char error[200];

	struct stmt_slot slots[STMT_SLOTS];

	/* For tests: which statement from now on fails (1 the next, 0 none), and how. */
	long steps, fail_at;
	int fail_code;
};

struct stmt {
	struct store *store;
	sqlite3_stmt *stmt; /* NULL: the store has failed */
	int bound, read;
};

/* sql must be a static array. */
struct stmt stmt_open(struct store *, const char *sql);
/* The next row; false: no more, or failed. */
bool stmt_row(struct stmt *);
/* Resets it; text that came without an arena is gone. */
void stmt_close(struct stmt *);
/* For statements without rows: runs, closes, returns how many rows changed. */
int stmt_run(struct stmt *);
/* The same for an INSERT: the new row's id, 0 when it failed. */
int64_t stmt_insert(struct stmt *);
/* For queries of one number: 0 when there is no row or it is NULL. */
int64_t stmt_int(struct stmt *);

/* Parameters, in order. Text must stay until the statement is closed. */
void put_int(struct stmt *, int64_t);
void put_number(struct stmt *, double);
void put_text(struct stmt *, const char *); /* NULL binds NULL */
void put_null(struct stmt *);
void put_int_or_null(struct stmt *, int64_t); /* 0 binds NULL */

/* Columns of the current row, in order. */
int64_t get_int(struct stmt *); /* NULL gives 0 */
double get_number(struct stmt *);
bool get_is_null(struct stmt *);                       /* does not move on */
const char *get_text(struct stmt *, struct arena *);   /* or NULL; arena NULL: until the next row */
void get_chars(struct stmt *, char *out, size_t size); /* cut between characters when too long */

/* A statement without parameters or rows that runs even after a failure (transactions). False when
 * it failed, which is remembered. sql must be a static array or literal. */
bool stmt_exec(struct store *, const char *sql);
/* Remembers a failure; the first one since it was cleared wins. */
void stmt_fail(struct store *, int code);
void stmt_clear(struct store *);
/* What a code means for the caller; right after the call that gave it (reads errno). */
enum store_result stmt_result(int code);
void stmt_finish(struct store *); /* finalizes all */

/* Opens a connection with every guard on. SQLITE_OK, or the code and *out is NULL. */
int stmt_connect(const char *path, int flags, sqlite3 **out);
/* The first integer of a query on a plain connection, or fallback. */
int64_t stmt_pragma(sqlite3 *, const char *sql, int64_t fallback);

/* ---- shared by store.c and backup.c ---- */

/* Takes the lock file of a database: a descriptor, or -1 with *error. */
int store_lock(const char *path, const char **error);
/* store_check() on a plain connection. */
bool store_check_db(sqlite3 *, struct arena *, const char **error);

#endif
