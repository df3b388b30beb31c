/* Invites and sessions of the web chat. An invite is deleted by using it, so it works once. */
#include "store/sessions.h"

#include "store/stmt.h"

static void add(struct store *s, const char *sql, const char *hash, const char *handle,
	int64_t expires_utc_ms)
{
	struct stmt q = stmt_open(s, sql);

	put_text(&q, hash);
	put_text(&q, handle);
	put_int(&q, expires_utc_ms);
	stmt_run(&q);
}

/* The handle that the query gives for a hash that has not expired. */
static bool find(struct store *s, struct arena *a, const char *sql, const char *hash,
	int64_t now_utc_ms, const char **handle_out)
{
	struct stmt q = stmt_open(s, sql);
	bool found;

	*handle_out = NULL;
	put_text(&q, hash);
	put_int(&q, now_utc_ms);
	found = stmt_row(&q);
	if (found) {
		*handle_out = get_text(&q, a);
		stmt_run(&q);
	}
	stmt_close(&q);
	return found;
}

static const char invite_add_sql[] =
	"INSERT INTO invites (hash, handle, expires_utc_ms) VALUES (?1, ?2, ?3)";

void invite_add(struct store *s, const char *hash, const char *handle, int64_t expires_utc_ms)
{
	add(s, invite_add_sql, hash, handle, expires_utc_ms);
}

static const char invite_use_sql[] =
	"DELETE FROM invites WHERE hash = ?1 AND expires_utc_ms > ?2 RETURNING handle";

bool invite_use(struct store *s, struct arena *a, const char *hash, int64_t now_utc_ms,
	const char **handle_out)
{
	return find(s, a, invite_use_sql, hash, now_utc_ms, handle_out);
}

static const char session_add_sql[] =
	"INSERT INTO sessions (hash, handle, expires_utc_ms) VALUES (?1, ?2, ?3)";

void session_add(struct store *s, const char *hash, const char *handle, int64_t expires_utc_ms)
{
	add(s, session_add_sql, hash, handle, expires_utc_ms);
}

static const char session_find_sql[] =
	"SELECT handle FROM sessions WHERE hash = ?1 AND expires_utc_ms > ?2";

bool session_find(struct store *s, struct arena *a, const char *hash, int64_t now_utc_ms,
	const char **handle_out)
{
	return find(s, a, session_find_sql, hash, now_utc_ms, handle_out);
}

static const char session_end_sql[] = "DELETE FROM sessions WHERE hash = ?1";
static const char session_end_all_sql[] = "DELETE FROM sessions WHERE handle = ?1";

void session_end(struct store *s, const char *hash, const char *handle)
{
	struct stmt q = stmt_open(s, hash ? session_end_sql : session_end_all_sql);

	put_text(&q, hash ? hash : handle);
	stmt_run(&q);
}
