/* People: one row each, their handles on the platforms, and facts by name. */
#include "store/users.h"

#include "store/stmt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- users ---- */

#define USER_COLUMNS                                                                               \
	"user_id, name, zone, lang, country, created_utc_ms, consent_utc_ms, consent_text,"        \
	" paused_until_utc_ms, is_stopped, users.link, last_inbound_utc_ms"

static void get_user(struct stmt *q, struct user *out)
{
	*out = (struct user){.id = get_int(q)};
	get_chars(q, out->name, sizeof out->name);
	get_chars(q, out->zone, sizeof out->zone);
	get_chars(q, out->lang, sizeof out->lang);
	get_chars(q, out->country, sizeof out->country);
	out->created_utc_ms = get_int(q);
	out->consent_utc_ms = get_int(q);
	get_chars(q, out->consent_text, sizeof out->consent_text);
	out->paused_until_utc_ms = get_int(q);
	out->is_stopped = get_int(q);
	get_chars(q, out->link, sizeof out->link);
	out->last_inbound_utc_ms = get_int(q);
}

static bool get_one(struct stmt *q, struct user *out)
{
	bool found = stmt_row(q);

	*out = (struct user){0};
	if (found) {
		get_user(q, out);
	}
	stmt_close(q);
	return found;
}

static const char user_find_sql[] =
	"SELECT " USER_COLUMNS " FROM handles JOIN users USING (user_id)"
	" WHERE handles.link = ?1 AND handle = ?2";

bool user_find(struct store *s, const char *link, const char *handle, struct user *out)
{
	struct stmt q = stmt_open(s, user_find_sql);

	put_text(&q, link);
	put_text(&q, handle);
	return get_one(&q, out);
}

static const char user_get_sql[] = "SELECT " USER_COLUMNS " FROM users WHERE user_id = ?1";

bool user_get(struct store *s, int64_t user_id, struct user *out)
{
	struct stmt q = stmt_open(s, user_get_sql);

	put_int(&q, user_id);
	return get_one(&q, out);
}

static const char user_insert_sql[] =
	"INSERT INTO users (name, zone, lang, country, created_utc_ms, consent_utc_ms,"
	" consent_text, paused_until_utc_ms, is_stopped, link, last_inbound_utc_ms)"
	" VALUES ('', '', '', '', ?1, 0, '', 0, 0, ?2, 0)";

static int64_t user_insert(struct store *s, const char *link, int64_t now_utc_ms)
{
	struct stmt q = stmt_open(s, user_insert_sql);

	put_int(&q, now_utc_ms);
	put_text(&q, link);
	return stmt_insert(&q);
}

static const char handle_insert_sql[] =
	"INSERT INTO handles (link, handle, user_id, conversation) VALUES (?1, ?2, ?3, ?4)";

static void handle_insert(struct store *s, const char *link, const char *handle, int64_t user_id,
	const char *conversation)
{
	struct stmt q = stmt_open(s, handle_insert_sql);

	put_text(&q, link);
	put_text(&q, handle);
	put_int(&q, user_id);
	put_text(&q, conversation ? conversation : "");
	stmt_run(&q);
}

void user_create(struct store *s, const char *link, const char *handle, const char *conversation,
	int64_t now_utc_ms, struct user *out)
{
	*out = (struct user){.created_utc_ms = now_utc_ms};
	snprintf(out->link, sizeof out->link, "%s", link);
	out->id = user_insert(s, link, now_utc_ms);
	handle_insert(s, link, handle, out->id, conversation);
}

static const char user_save_sql[] =
	"UPDATE users SET name = ?1, zone = ?2, lang = ?3, country = ?4, created_utc_ms = ?5,"
	" consent_utc_ms = ?6, consent_text = ?7, paused_until_utc_ms = ?8, is_stopped = ?9,"
	" link = ?10, last_inbound_utc_ms = ?11 WHERE user_id = ?12";

void user_save(struct store *s, const struct user *u)
{
	struct stmt q = stmt_open(s, user_save_sql);

	put_text(&q, u->name);
	put_text(&q, u->zone);
	put_text(&q, u->lang);
	put_text(&q, u->country);
	put_int(&q, u->created_utc_ms);
	put_int(&q, u->consent_utc_ms);
	put_text(&q, u->consent_text);
	put_int(&q, u->paused_until_utc_ms);
	put_int(&q, u->is_stopped);
	put_text(&q, u->link);
	put_int(&q, u->last_inbound_utc_ms);
	put_int(&q, u->id);
	stmt_run(&q);
}

/* An unchanged conversation, the usual case, writes nothing. */
static const char set_conversation_sql[] =
	"UPDATE handles SET conversation = ?3"
	" WHERE link = ?1 AND handle = ?2 AND conversation <> ?3";

void user_set_conversation(
	struct store *s, const char *link, const char *handle, const char *conversation)
{
	struct stmt q = stmt_open(s, set_conversation_sql);

	put_text(&q, link);
	put_text(&q, handle);
	put_text(&q, conversation);
	stmt_run(&q);
}

static const char user_address_sql[] =
	"SELECT link, handle, conversation FROM handles WHERE user_id = ?1"
	" ORDER BY link = ?2 DESC, link = (SELECT link FROM users WHERE user_id = ?1) DESC, link"
	" LIMIT 1";

bool user_address(struct store *s, struct arena *a, int64_t user_id, const char *link_wanted,
	const char **link_out, const char **handle_out, const char **conversation_out)
{
	struct stmt q = stmt_open(s, user_address_sql);
	bool found;

	put_int(&q, user_id);
	put_text(&q, link_wanted ? link_wanted : "");
	found = stmt_row(&q);
	*link_out = found ? get_text(&q, a) : NULL;
	*handle_out = found ? get_text(&q, a) : NULL;
	*conversation_out = found ? get_text(&q, a) : NULL;
	stmt_close(&q);
	return found;
}

static const char user_page_sql[] = "SELECT " USER_COLUMNS " FROM users WHERE user_id > ?1"
				    " ORDER BY user_id LIMIT ?2";

static size_t user_page(struct store *s, int64_t after_id, struct user *page, size_t max)
{
	struct stmt q = stmt_open(s, user_page_sql);
	size_t n = 0;

	put_int(&q, after_id);
	put_int(&q, (int64_t)max);
	while (n < max && stmt_row(&q)) {
		get_user(&q, &page[n++]);
	}
	stmt_close(&q);
	return n;
}

void user_each(struct store *s, bool (*fn)(void *ctx, const struct user *), void *ctx)
{
	enum { PAGE = 64 };
	struct user page[PAGE];
	int64_t after_id = 0;
	size_t n;

	while ((n = user_page(s, after_id, page, PAGE)) > 0) {
		after_id = page[n - 1].id;
		for (size_t i = 0; i < n; i++) {
			if (!fn(ctx, &page[i])) {
				return;
			}
		}
	}
}

static const char user_count_sql[] = "SELECT count(*) FROM users";

int64_t user_count(struct store *s)
{
	struct stmt q = stmt_open(s, user_count_sql);

	return stmt_int(&q);
}

/* ---- facts ---- */

static const char fact_get_sql[] = "SELECT value FROM facts WHERE user_id = ?1 AND name = ?2";

const char *fact_get(struct store *s, struct arena *a, int64_t user_id, const char *name)
{
	struct stmt q = stmt_open(s, fact_get_sql);
	const char *value = NULL;

	put_int(&q, user_id);
	put_text(&q, name);
	if (stmt_row(&q)) {
		value = get_text(&q, a);
	}
	stmt_close(&q);
	return value;
}

bool fact_get_number(struct store *s, int64_t user_id, const char *name, double *out)
{
	struct stmt q = stmt_open(s, fact_get_sql);
	const char *text = NULL;
	char *end = NULL;
	double number = 0;
	bool ok;

	put_int(&q, user_id);
	put_text(&q, name);
	if (stmt_row(&q)) {
		text = get_text(&q, NULL);
		number = strtod(text, &end);
	}
	ok = text && end != text && *end == '\0' && isfinite(number);
	stmt_close(&q);
	if (ok) {
		*out = number;
	}
	return ok;
}

static const char fact_set_at_sql[] =
	"SELECT set_utc_ms FROM facts WHERE user_id = ?1 AND name = ?2";

int64_t fact_set_at(struct store *s, int64_t user_id, const char *name)
{
	struct stmt q = stmt_open(s, fact_set_at_sql);

	put_int(&q, user_id);
	put_text(&q, name);
	return stmt_int(&q);
}

static const char fact_remove_sql[] = "DELETE FROM facts WHERE user_id = ?1 AND name = ?2";

static void fact_remove(struct store *s, int64_t user_id, const char *name)
{
	struct stmt q = stmt_open(s, fact_remove_sql);

	put_int(&q, user_id);
	put_text(&q, name);
	stmt_run(&q);
}

static const char fact_set_sql[] =
	"INSERT INTO facts (user_id, name, value, set_utc_ms) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT DO UPDATE SET value = excluded.value, set_utc_ms = excluded.set_utc_ms";

void fact_set(
	struct store *s, int64_t user_id, const char *name, const char *value, int64_t now_utc_ms)
{
	struct stmt q;

	if (!value) {
		fact_remove(s, user_id, name);
		return;
	}
	q = stmt_open(s, fact_set_sql);
	put_int(&q, user_id);
	put_text(&q, name);
	put_text(&q, value);
	put_int(&q, now_utc_ms);
	stmt_run(&q);
}

/* The shortest text that reads back as the same number: "6", "6.5". */
void fact_set_number(
	struct store *s, int64_t user_id, const char *name, double value, int64_t now_utc_ms)
{
	char text[40];

	snprintf(text, sizeof text, "%.15g", value);
	if (strtod(text, NULL) != value) {
		snprintf(text, sizeof text, "%.17g", value);
	}
	fact_set(s, user_id, name, text, now_utc_ms);
}
