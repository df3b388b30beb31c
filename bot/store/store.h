/* The database: one SQLite file behind typed functions. No SQLite type leaves bot/store/.
 *
 * Errors are sticky, like stdio's: a query that fails returns its empty value and marks the store;
 * the turn asks store_failed() once before it commits. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
	STORE_CREATE,   /* make it when missing, migrate when old */
	STORE_EXISTING, /* must exist; migrated when old */
	STORE_BESIDE,   /* must exist and be current; takes no lock: short work beside the daemon */
	STORE_MEMORY,   /* in memory, path ignored (chat and talk) */
};
/* path: the database file. A missing directory (the last part of the path) is made 0700; the file
 * becomes 0600. Takes the lock file (path + ".lock") so that only one process writes. Looks for
 * damage by quick_check when the file is below 64 MiB or was not closed by store_close(); the
 * nightly check of a backup covers the rest. NULL with *error (one static sentence with a way out)
 * when it is locked by another process, damaged, read-only, newer than this program, or not ours:
 * the file is then unchanged. */
struct store *store_open(const char *path, enum store_mode, const char **error);
void store_close(struct store *); /* checkpoints; NULL accepted */

/* One transaction around all turns of a pass, one savepoint around each turn. Writes belong inside:
 * outside, each statement would commit by itself. False: store_failed() says why. */
bool store_begin(struct store *);
enum store_result {
	STORE_OK,
	STORE_FULL,    /* disk full: rolled back, try later */
	STORE_BUSY,    /* locked by somebody: rolled back, try later */
	STORE_REFUSED, /* a statement was refused (a constraint): the turn's own fault, undo it
			  alone */
	STORE_BROKEN, /* I/O error or damage: stop the process, recovery happens at the next open */
};
/* STORE_OK: it is on disk. Anything else, a sticky error included: all of it is rolled back. After
 * STORE_BROKEN no transaction begins any more. */
enum store_result store_commit(struct store *);
void store_rollback(struct store *);
void store_mark(struct store *);    /* savepoint */
void store_release(struct store *); /* keep what came after the mark */
/* Drops it and clears the sticky error; unless SQLite has dropped the whole transaction (disk full,
 * I/O error): then the error stays and the commit reports it. */
void store_undo(struct store *);
/* What went wrong since the last begin/undo/commit/rollback, STORE_OK if nothing. */
enum store_result store_failed(const struct store *);
/* The last error in words, for the log; kept after it was cleared. Holds no stored values. */
const char *store_error(const struct store *);

/* Full integrity and foreign key check; false with the first finding in *error (arena). */
bool store_check(struct store *, struct arena *, const char **error);
/* Moves the WAL into the file and truncates it: daily, and after "forget me". Waits for disk. */
void store_checkpoint(struct store *);
/* Moves the WAL into the file when it has grown past 4 MiB; call it between passes, when nobody
 * waits for an answer. (Without it the commit that reaches 64 MiB does it.) */
void store_tidy(struct store *);
int64_t store_wal_bytes(const struct store *);
int store_schema_version(const struct store *);

/* Online backup to a new file (refuses to overwrite), then verified by integrity check; writes
 * FILE.sha256 beside it (sha256sum -c reads it). Works while the daemon runs (no lock file needed):
 * it sees one moment, and the WAL is only emptied after it. Takes as long as reading the file
 * twice, so it belongs into a process of its own, not into the loop. Never in a fork()ed child
 * without exec: SQLite's locks do not survive that. */
bool store_backup(const char *path, const char *backup_path, struct arena *, const char **error);
/* Verifies a copy of backup_path (checksum if present, application id, schema not newer,
 * integrity), then replaces path by it atomically; the replaced database is kept as path +
 * ".before-restore" (that of an earlier restore is replaced). An older schema is migrated at the
 * next open. Refused while a daemon holds the lock. *error: one sentence, in the arena or static.
 */
bool store_restore(const char *path, const char *backup_path, struct arena *, const char **error);

/* Small things that belong to nobody: link resume marks, installed salts, daily jobs done. */
const char *store_note_get(struct store *, struct arena *, const char *name); /* or NULL */
void store_note_set(struct store *, const char *name, const char *value);     /* NULL removes */

/* True when (link, message id) is new and is now remembered; false: a repeat, or failed. */
bool store_see(struct store *, const char *link, const char *message_id, int64_t now_utc_ms);
/* Forgets ids seen and sessions expired before the first limit, and messages (but not those still
 * to be sent) and turn rows from before the second; at most max rows a call. Returns how many. */
int store_prune(
	struct store *, int64_t seen_before_utc_ms, int64_t messages_before_utc_ms, int max);

#endif
