/* Small things that belong to nobody: notes by name, message ids that were seen, and clearing out
 * what is old. */
#include "store/store.h"

#include "store/stmt.h"

/* ---- notes ---- */

static const char note_get_sql[] = "SELECT value FROM notes WHERE name = ?1";

const char *store_note_get(struct store *s, struct arena *a, const char *name)
{
	struct stmt q = stmt_open(s, note_get_sql);
	const char *value = NULL;

	put_text(&q, name);
	if (stmt_row(&q)) {
		value = get_text(&q, a);
	}
	stmt_close(&q);
	return value;
}

static const char note_remove_sql[] = "DELETE FROM notes WHERE name = ?1";

static void note_remove(struct store *s, const char *name)
{
	struct stmt q = stmt_open(s, note_remove_sql);

	put_text(&q, name);
	stmt_run(&q);
}

static const char note_set_sql[] = "INSERT INTO notes (name, value) VALUES (?1, ?2)"
				   " ON CONFLICT DO UPDATE SET value = excluded.value";

void store_note_set(struct store *s, const char *name, const char *value)
{
	struct stmt q;

	if (!value) {
		note_remove(s, name);
		return;
	}
	q = stmt_open(s, note_set_sql);
	put_text(&q, name);
	put_text(&q, value);
	stmt_run(&q);
}

/* ---- repeats ---- */

static const char see_sql[] = "INSERT INTO seen (link, message_id, seen_utc_ms) VALUES (?1, ?2, ?3)"
			      " ON CONFLICT DO NOTHING";

bool store_see(struct store *s, const char *link, const char *message_id, int64_t now_utc_ms)
{
	struct stmt q = stmt_open(s, see_sql);

	put_text(&q, link);
	put_text(&q, message_id);
	put_int(&q, now_utc_ms);
	return stmt_run(&q) > 0;
}

/* ---- clearing out ---- */

static const char prune_seen_sql[] =
	"DELETE FROM seen WHERE (link, message_id) IN"
	" (SELECT link, message_id FROM seen WHERE seen_utc_ms < ?1 LIMIT ?2)";
static const char prune_sessions_sql[] =
	"DELETE FROM sessions WHERE hash IN"
	" (SELECT hash FROM sessions WHERE expires_utc_ms < ?1 LIMIT ?2)";
static const char prune_invites_sql[] =
	"DELETE FROM invites WHERE hash IN"
	" (SELECT hash FROM invites WHERE expires_utc_ms < ?1 LIMIT ?2)";
/* Ids ascend with time, so the old ones are at the front: no index on the time is needed, and what
 * is not old enough is looked at once. Pending rows are never too old to be sent. */
static const char prune_messages_sql[] =
	"DELETE FROM messages WHERE message_id IN"
	" (SELECT message_id FROM"
	"  (SELECT message_id, created_utc_ms, state FROM messages ORDER BY message_id LIMIT ?2)"
	"  WHERE created_utc_ms < ?1 AND state <> 1)";
static const char prune_turns_sql[] =
	"DELETE FROM turns WHERE turn_id IN"
	" (SELECT turn_id FROM (SELECT turn_id, at_utc_ms FROM turns ORDER BY turn_id LIMIT ?2)"
	"  WHERE at_utc_ms < ?1)";

int store_prune(
	struct store *s, int64_t seen_before_utc_ms, int64_t messages_before_utc_ms, int max)
{
	const struct {
		const char *sql;
		int64_t before_utc_ms;
	} prunes[] = {
		{prune_seen_sql, seen_before_utc_ms},
		{prune_sessions_sql, seen_before_utc_ms},
		{prune_invites_sql, seen_before_utc_ms},
		{prune_messages_sql, messages_before_utc_ms},
		{prune_turns_sql, messages_before_utc_ms},
	};
	int pruned = 0;

	for (size_t i = 0; i < sizeof prunes / sizeof *prunes && pruned < max; i++) {
		struct stmt q = stmt_open(s, prunes[i].sql);

		put_int(&q, prunes[i].before_utc_ms);
		put_int(&q, max - pruned);
		pruned += stmt_run(&q);
	}
	return pruned;
}
