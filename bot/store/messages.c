/* Messages and the outbox.
 *
 * The next try of a row is never before that of an earlier pending row of its conversation. So the
 * smallest next try of all is a moment at which something can really be sent, and asking for it is
 * one index look-up. */
#include "store/messages.h"

#include "store/stmt.h"

#include <stdio.h>
#include <string.h>

#define MESSAGE_COLUMNS                                                                            \
	"message_id, user_id, state, link, conversation, handle, body, platform_id, attempts,"     \
	" created_utc_ms, next_try_utc_ms, error"

/* One-to-one on 64 bits (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* A UUID (version 8) out of the row id, the database's salt and the time: the same at every retry,
 * another one when the id comes back after an old backup was restored. */
static void make_key(const struct store *s, struct message *m)
{
	uint64_t a = mix((uint64_t)m->id + s->salt);
	uint64_t b = mix(a ^ mix((uint64_t)m->created_utc_ms));

	snprintf(m->key, sizeof m->key, "%08x-%04x-8%03x-%04x-%012llx", (unsigned)(a >> 32),
		(unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
		(unsigned)(b >> 48 & 0x3fff) | 0x8000, (unsigned long long)(b & 0xffffffffffffu));
}

static void get_message(struct stmt *q, struct arena *a, struct message *out)
{
	*out = (struct message){.id = get_int(q)};
	out->user_id = get_int(q);
	out->state = (enum message_state)get_int(q);
	out->link = get_text(q, a);
	out->conversation = get_text(q, a);
	out->handle = get_text(q, a);
	out->body = get_text(q, a);
	out->platform_id = get_text(q, a);
	out->attempts = (int)get_int(q);
	out->created_utc_ms = get_int(q);
	out->next_try_utc_ms = get_int(q);
	out->error = get_text(q, a);
	if (out->state != MESSAGE_IN) {
		make_key(q->store, out);
	}
}

static size_t get_messages(struct stmt *q, struct arena *a, struct message *out, size_t max)
{
	size_t n = 0;

	while (n < max && stmt_row(q)) {
		get_message(q, a, &out[n++]);
	}
	stmt_close(q);
	return n;
}

static const char message_add_sql[] =
	"INSERT INTO messages (user_id, state, link, conversation, handle, body, platform_id,"
	" attempts, created_utc_ms, next_try_utc_ms, error)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static const char held_back_sql[] =
	"SELECT next_try_utc_ms FROM messages INDEXED BY messages_order"
	" WHERE state = 1 AND link = ?1 AND conversation = ?2 ORDER BY message_id DESC LIMIT 1";

/* When the last pending row of this conversation may go; 0: there is none. */
static int64_t held_back_until(struct store *s, const struct message *m)
{
	struct stmt q = stmt_open(s, held_back_sql);

	put_text(&q, m->link);
	put_text(&q, m->conversation);
	return stmt_int(&q);
}

void message_add(struct store *s, struct message *m)
{
	struct stmt q;
	int64_t until = m->state == MESSAGE_PENDING ? held_back_until(s, m) : 0;

	if (until > m->next_try_utc_ms) {
		m->next_try_utc_ms = until;
	}
	q = stmt_open(s, message_add_sql);
	put_int_or_null(&q, m->user_id);
	put_int(&q, m->state);
	put_text(&q, m->link);
	put_text(&q, m->conversation);
	put_text(&q, m->handle);
	put_text(&q, m->body);
	put_text(&q, m->platform_id);
	put_int(&q, m->attempts);
	put_int(&q, m->created_utc_ms);
	put_int(&q, m->next_try_utc_ms);
	put_text(&q, m->error);
	m->id = stmt_insert(&q);
	if (m->state != MESSAGE_IN) {
		make_key(s, m);
	}
}

static const char message_get_sql[] =
	"SELECT " MESSAGE_COLUMNS " FROM messages WHERE message_id = ?1";

bool message_get(struct store *s, struct arena *a, int64_t id, struct message *out)
{
	struct stmt q = stmt_open(s, message_get_sql);

	*out = (struct message){0};
	put_int(&q, id);
	return get_messages(&q, a, out, 1) == 1;
}

/* ---- the outbox ---- */

static const char outbox_ready_sql[] =
	"SELECT " MESSAGE_COLUMNS " FROM messages AS m INDEXED BY messages_ready"
	" WHERE state = 1 AND link = ?1 AND message_id > ?2 AND next_try_utc_ms <= ?3"
	" AND NOT EXISTS (SELECT 1 FROM messages AS earlier INDEXED BY messages_order"
	"  WHERE earlier.state = 1 AND earlier.link = m.link"
	"  AND earlier.conversation = m.conversation AND earlier.message_id < m.message_id)"
	" ORDER BY message_id LIMIT ?4";

size_t outbox_ready(struct store *s, struct arena *a, const char *link, int64_t now_utc_ms,
	int64_t after_id, struct message *out, size_t max)
{
	struct stmt q = stmt_open(s, outbox_ready_sql);

	put_text(&q, link);
	put_int(&q, after_id);
	put_int(&q, now_utc_ms);
	put_int(&q, (int64_t)max);
	return get_messages(&q, a, out, max);
}

static const char outbox_next_sql[] =
	"SELECT next_try_utc_ms FROM messages INDEXED BY messages_next"
	" WHERE state = 1 ORDER BY next_try_utc_ms LIMIT 1";

int64_t outbox_next_try(struct store *s)
{
	struct stmt q = stmt_open(s, outbox_next_sql);

	return stmt_int(&q);
}

/* Rows of nobody (the receipt after "forget me") leave nothing behind. */
static const char settle_nobody_sql[] =
	"DELETE FROM messages WHERE message_id = ?1 AND user_id IS NULL";

static void settle_nobody(struct store *s, int64_t id)
{
	struct stmt q = stmt_open(s, settle_nobody_sql);

	put_int(&q, id);
	stmt_run(&q);
}

static const char outbox_sent_sql[] =
	"UPDATE messages SET state = 2, attempts = attempts + 1, platform_id = ?2, error = NULL"
	" WHERE message_id = ?1 AND state = 1";

void outbox_sent(struct store *s, int64_t id, const char *platform_id)
{
	struct stmt q = stmt_open(s, outbox_sent_sql);

	put_int(&q, id);
	put_text(&q, platform_id);
	stmt_run(&q);
	settle_nobody(s, id);
}

static const char outbox_retry_sql[] =
	"UPDATE messages SET attempts = attempts + 1, next_try_utc_ms = ?2, error = ?3"
	" WHERE message_id = ?1 AND state = 1";
/* Those behind it wait at least as long. */
static const char outbox_hold_sql[] =
	"UPDATE messages SET next_try_utc_ms = ?2 WHERE state = 1 AND next_try_utc_ms < ?2"
	" AND (link, conversation) = (SELECT link, conversation FROM messages WHERE message_id = "
	"?1)"
	" AND message_id > ?1";

void outbox_retry(struct store *s, int64_t id, int64_t next_try_utc_ms, const char *error)
{
	struct stmt q = stmt_open(s, outbox_retry_sql);

	put_int(&q, id);
	put_int(&q, next_try_utc_ms);
	put_text(&q, error);
	if (stmt_run(&q) == 0) {
		return;
	}
	q = stmt_open(s, outbox_hold_sql);
	put_int(&q, id);
	put_int(&q, next_try_utc_ms);
	stmt_run(&q);
}

static const char outbox_dead_sql[] =
	"UPDATE messages SET state = 3, attempts = attempts + 1, error = ?2"
	" WHERE message_id = ?1 AND state = 1";

void outbox_dead(struct store *s, int64_t id, const char *error)
{
	struct stmt q = stmt_open(s, outbox_dead_sql);

	put_int(&q, id);
	put_text(&q, error);
	stmt_run(&q);
	settle_nobody(s, id);
}

static const char outbox_count_sql[] =
	"SELECT count(*), coalesce(min(created_utc_ms), 0),"
	" (SELECT count(*) FROM messages INDEXED BY messages_dead WHERE state = 3)"
	" FROM messages INDEXED BY messages_next WHERE state = 1";

struct outbox_counts outbox_count(struct store *s)
{
	struct stmt q = stmt_open(s, outbox_count_sql);
	struct outbox_counts counts = {0};

	if (stmt_row(&q)) {
		counts.pending = get_int(&q);
		counts.oldest_pending_utc_ms = get_int(&q);
		counts.dead = get_int(&q);
	}
	stmt_close(&q);
	return counts;
}

/* ---- history ---- */

static const char history_before_sql[] =
	"SELECT * FROM (SELECT " MESSAGE_COLUMNS " FROM messages INDEXED BY messages_user"
	"  WHERE user_id = ?1 AND message_id < ?2 AND (?3 IS NULL OR link = ?3)"
	"  ORDER BY message_id DESC LIMIT ?4) ORDER BY message_id";
static const char history_after_sql[] =
	"SELECT " MESSAGE_COLUMNS " FROM messages INDEXED BY messages_user"
	" WHERE user_id = ?1 AND message_id > ?2 AND (?3 IS NULL OR link = ?3)"
	" ORDER BY message_id LIMIT ?4";

size_t message_history(struct store *s, struct arena *a, int64_t user_id, const char *link,
	int64_t before_id, int64_t after_id, struct message *out, size_t max)
{
	struct stmt q = stmt_open(s, after_id > 0 ? history_after_sql : history_before_sql);

	put_int(&q, user_id);
	put_int(&q, after_id > 0 ? after_id : before_id > 0 ? before_id : INT64_MAX);
	put_text(&q, link);
	put_int(&q, (int64_t)max);
	return get_messages(&q, a, out, max);
}

static const char message_find_sql[] =
	"SELECT " MESSAGE_COLUMNS " FROM messages INDEXED BY messages_inbound"
	" WHERE state = 0 AND link = ?1 AND platform_id = ?2 ORDER BY message_id DESC LIMIT 1";

bool message_find(struct store *s, struct arena *a, const char *link, const char *platform_id,
	struct message *out)
{
	struct stmt q = stmt_open(s, message_find_sql);

	*out = (struct message){0};
	put_text(&q, link);
	put_text(&q, platform_id);
	return get_messages(&q, a, out, 1) == 1;
}

static const char message_set_body_sql[] = "UPDATE messages SET body = ?2 WHERE message_id = ?1";

void message_set_body(struct store *s, int64_t id, const char *body)
{
	struct stmt q = stmt_open(s, message_set_body_sql);

	put_int(&q, id);
	put_text(&q, body);
	stmt_run(&q);
}

/* ---- turns ---- */

static const char turn_row_add_sql[] =
	"INSERT INTO turns (user_id, message_id, what, before, at_utc_ms)"
	" VALUES (?1, ?2, ?3, ?4, ?5)";

void turn_row_add(struct store *s, struct turn_row *t)
{
	struct stmt q = stmt_open(s, turn_row_add_sql);

	put_int(&q, t->user_id);
	put_int_or_null(&q, t->message_id);
	put_text(&q, t->what);
	put_text(&q, t->before);
	put_int(&q, t->at_utc_ms);
	t->id = stmt_insert(&q);
}

static const char turn_row_last_sql[] =
	"SELECT turn_id, user_id, message_id, what, before, at_utc_ms FROM turns"
	" WHERE user_id = ?1 AND is_undone = 0 ORDER BY turn_id DESC LIMIT 1";

bool turn_row_last(struct store *s, struct arena *a, int64_t user_id, struct turn_row *out)
{
	struct stmt q = stmt_open(s, turn_row_last_sql);
	bool found;

	*out = (struct turn_row){0};
	put_int(&q, user_id);
	found = stmt_row(&q);
	if (found) {
		out->id = get_int(&q);
		out->user_id = get_int(&q);
		out->message_id = get_int(&q);
		out->what = get_text(&q, a);
		out->before = get_text(&q, a);
		out->at_utc_ms = get_int(&q);
	}
	stmt_close(&q);
	return found;
}

static const char turn_row_undone_sql[] = "UPDATE turns SET is_undone = 1 WHERE turn_id = ?1";

void turn_row_undone(struct store *s, int64_t id)
{
	struct stmt q = stmt_open(s, turn_row_undone_sql);

	put_int(&q, id);
	stmt_run(&q);
}
