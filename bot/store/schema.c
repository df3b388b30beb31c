/* A new database runs the same steps as an old one, so there is one description of the tables.
 *
 * Ids are never used twice (AUTOINCREMENT): platforms remember our ids and so do open pages.
 * Every table that belongs to a person has the column user_id with a full index on it, which
 * "forget me" and the foreign keys need. Times are UTC milliseconds; 0 or NULL means never. */
#include "store/schema.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char people[] = /* users, handles, facts */
	"CREATE TABLE users ("
	" user_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" name TEXT NOT NULL, zone TEXT NOT NULL, lang TEXT NOT NULL, country TEXT NOT NULL,"
	" created_utc_ms INTEGER NOT NULL,"
	" consent_utc_ms INTEGER NOT NULL, consent_text TEXT NOT NULL,"
	" paused_until_utc_ms INTEGER NOT NULL, is_stopped INTEGER NOT NULL,"
	" link TEXT NOT NULL, last_inbound_utc_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE handles ("
	" link TEXT NOT NULL, handle TEXT NOT NULL,"
	" user_id INTEGER NOT NULL REFERENCES users, conversation TEXT NOT NULL,"
	" PRIMARY KEY (link, handle)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX handles_user ON handles (user_id);"
	"CREATE TABLE facts ("
	" user_id INTEGER NOT NULL REFERENCES users, name TEXT NOT NULL,"
	" value TEXT NOT NULL, set_utc_ms INTEGER NOT NULL,"
	" PRIMARY KEY (user_id, name)"
	") STRICT, WITHOUT ROWID;";

static const char talk[] = /* dialogs, flow versions, turns */
	"CREATE TABLE dialogs ("
	" dialog_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" user_id INTEGER NOT NULL REFERENCES users,"
	" flow TEXT NOT NULL, version TEXT NOT NULL, step TEXT NOT NULL,"
	" answers TEXT NOT NULL, pending TEXT, unread INTEGER NOT NULL,"
	" started_utc_ms INTEGER NOT NULL, updated_utc_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX dialogs_user ON dialogs (user_id, dialog_id);"
	"CREATE INDEX dialogs_version ON dialogs (version);"
	"CREATE TABLE flow_versions ("
	" version TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE turns ("
	" turn_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" user_id INTEGER NOT NULL REFERENCES users, message_id INTEGER,"
	" what TEXT NOT NULL, before TEXT, at_utc_ms INTEGER NOT NULL,"
	" is_undone INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE INDEX turns_user ON turns (user_id, turn_id);";

static const char diary[] = /* entries and what they were before */
	"CREATE TABLE entries ("
	" entry_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" user_id INTEGER NOT NULL REFERENCES users, kind TEXT NOT NULL,"
	" number REAL, text TEXT, day INTEGER NOT NULL, part INTEGER NOT NULL,"
	" at_utc_ms INTEGER NOT NULL, message_id INTEGER, source TEXT NOT NULL,"
	" is_retracted INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE INDEX entries_kind ON entries (user_id, kind, day, at_utc_ms);"
	"CREATE INDEX entries_message ON entries (message_id) WHERE message_id IS NOT NULL;"
	/* number, text and message_id are those that a change replaced; after 'restored' those that
	 * the restoring replaced. */
	"CREATE TABLE entry_history ("
	" history_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" entry_id INTEGER NOT NULL REFERENCES entries,"
	" user_id INTEGER NOT NULL REFERENCES users,"
	" number REAL, text TEXT, message_id INTEGER, changed_utc_ms INTEGER NOT NULL,"
	" what TEXT NOT NULL CHECK (what IN ('corrected', 'retracted', 'restored'))"
	") STRICT;"
	"CREATE INDEX entry_history_entry ON entry_history (entry_id, history_id);"
	"CREATE INDEX entry_history_user ON entry_history (user_id);";

/* Delivery only ever looks at pending rows: its indexes hold nothing else, however long the
 * history grows. State 1 is MESSAGE_PENDING, 3 MESSAGE_DEAD. */
static const char messages[] =
	"CREATE TABLE messages ("
	" message_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" user_id INTEGER REFERENCES users,"
	" state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
	" link TEXT NOT NULL, conversation TEXT NOT NULL, handle TEXT NOT NULL,"
	" body TEXT, platform_id TEXT, attempts INTEGER NOT NULL,"
	" created_utc_ms INTEGER NOT NULL, next_try_utc_ms INTEGER NOT NULL, error TEXT"
	") STRICT;"
	"CREATE INDEX messages_user ON messages (user_id, message_id);"
	"CREATE INDEX messages_inbound ON messages (link, platform_id)"
	" WHERE state = 0 AND platform_id IS NOT NULL;"
	"CREATE INDEX messages_ready ON messages (link, message_id, next_try_utc_ms)"
	" WHERE state = 1;"
	"CREATE INDEX messages_order ON messages (link, conversation, message_id, next_try_utc_ms)"
	" WHERE state = 1;"
	"CREATE INDEX messages_next ON messages (next_try_utc_ms, created_utc_ms) WHERE state = 1;"
	"CREATE INDEX messages_dead ON messages (created_utc_ms) WHERE state = 3;";

static const char reminders[] =
	"CREATE TABLE reminders ("
	" reminder_id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" user_id INTEGER NOT NULL REFERENCES users, kind TEXT NOT NULL,"
	" has_rule INTEGER NOT NULL, days INTEGER NOT NULL,"
	" from_min INTEGER NOT NULL, to_min INTEGER NOT NULL, every_min INTEGER NOT NULL,"
	" per_day INTEGER NOT NULL, last_slot INTEGER NOT NULL, next_slot INTEGER NOT NULL,"
	" next_utc_ms INTEGER, misses INTEGER NOT NULL, is_weekly INTEGER NOT NULL, data TEXT"
	") STRICT;"
	"CREATE INDEX reminders_user ON reminders (user_id, kind);"
	"CREATE UNIQUE INDEX reminders_rule ON reminders (user_id, kind) WHERE has_rule = 1;"
	"CREATE INDEX reminders_next ON reminders (next_utc_ms) WHERE next_utc_ms IS NOT NULL;";

static const char house[] = /* what belongs to nobody, and the keys of the web chat */
	"CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
	"INSERT INTO notes VALUES ('key salt', hex(randomblob(8)));"
	"CREATE TABLE seen ("
	" link TEXT NOT NULL, message_id TEXT NOT NULL, seen_utc_ms INTEGER NOT NULL,"
	" PRIMARY KEY (link, message_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX seen_when ON seen (seen_utc_ms);"
	"CREATE TABLE invites ("
	" hash TEXT PRIMARY KEY, handle TEXT NOT NULL, expires_utc_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX invites_handle ON invites (handle);"
	"CREATE INDEX invites_when ON invites (expires_utc_ms);"
	"CREATE TABLE sessions ("
	" hash TEXT PRIMARY KEY, handle TEXT NOT NULL, expires_utc_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX sessions_handle ON sessions (handle);"
	"CREATE INDEX sessions_when ON sessions (expires_utc_ms);";

struct schema schema_current(void)
{
	static const char *const steps[] = {people, talk, diary, messages, reminders, house};

	return (struct schema){.steps = steps, .count = sizeof steps / sizeof *steps};
}

const char *schema_refusal(sqlite3 *db, struct schema schema, bool may_be_empty)
{
	int64_t application = stmt_pragma(db, "PRAGMA application_id", -1);
	int64_t version = stmt_pragma(db, "PRAGMA user_version", -1);
	int64_t tables = stmt_pragma(db, "SELECT count(*) FROM sqlite_schema", -1);

	if (application == 0 && version == 0 && tables == 0 && may_be_empty) {
		return NULL;
	}
	if (application != SCHEMA_APPLICATION || version < 1) {
		return "this file is not a database of limberd; name another file";
	}
	if (version > schema.count) {
		return "the database was written by a newer limberd; install that version or "
		       "restore an older backup";
	}
	return NULL;
}

/* VACUUM INTO itself does not wait for the disk, hence the fsync. */
static bool keep_copy(sqlite3 *db, const char *path, int version)
{
	time_t now = (time_t)(clock_utc_ms() / 1000);
	struct tm utc;
	char when[32];
	char *copy, *sql;
	bool ok;
	int fd;

	strftime(when, sizeof when, "%Y%m%d-%H%M%S", gmtime_r(&now, &utc));
	copy = sqlite3_mprintf("%s.v%d-%s", path, version, when);
	sql = sqlite3_mprintf("VACUUM INTO %Q", copy);
	fd = copy ? open(copy, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600) : -1;
	ok = fd >= 0 && sql && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK &&
	     fsync(fd) == 0;
	if (fd >= 0) {
		close(fd);
		if (!ok) {
			unlink(copy);
		}
	}
	sqlite3_free(sql);
	sqlite3_free(copy);
	return ok;
}

static bool run_step(sqlite3 *db, const char *step, int version)
{
	char mark[80];

	snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
		SCHEMA_APPLICATION, version);
	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
		return false;
	}
	if (sqlite3_exec(db, step, NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_exec(db, mark, NULL, NULL, NULL) == SQLITE_OK) {
		return true;
	}
	if (!sqlite3_get_autocommit(db)) {
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	return false;
}

bool schema_migrate(sqlite3 *db, const char *path, struct schema schema, const char **error)
{
	int version = (int)stmt_pragma(db, "PRAGMA user_version", -1);

	if (version > 0 && version < schema.count && path && !keep_copy(db, path, version)) {
		*error = "cannot keep a copy of the database before changing it; make room on the "
			 "disk and start again";
		return false;
	}
	for (int i = version < 0 ? 0 : version; i < schema.count; i++) {
		if (!run_step(db, schema.steps[i], i + 1)) {
			*error = "cannot bring the database up to date; check disk space and "
				 "permissions, nothing was changed";
			return false;
		}
	}
	return true;
}
