/* Reminders. Only those that are on have a next moment, and only those are in the index that the
 * clock looks at. */
#include "store/reminders.h"

#include "store/stmt.h"

#define REMINDER_COLUMNS                                                                           \
	"reminder_id, user_id, kind, has_rule, days, from_min, to_min, every_min, per_day,"        \
	" last_slot, next_slot, next_utc_ms, misses, is_weekly, data"

static void get_reminder(struct stmt *q, struct arena *a, struct reminder *out)
{
	*out = (struct reminder){.id = get_int(q)};
	out->user_id = get_int(q);
	out->kind = get_text(q, a);
	out->has_rule = get_int(q);
	out->rule.days = (unsigned)get_int(q);
	out->rule.from_min = (int)get_int(q);
	out->rule.to_min = (int)get_int(q);
	out->rule.every_min = (int)get_int(q);
	out->per_day = (int)get_int(q);
	out->last_slot = get_int(q);
	out->next_slot = get_int(q);
	out->next_utc_ms = get_int(q);
	out->misses = (int)get_int(q);
	out->is_weekly = get_int(q);
	out->data = get_text(q, a);
}

static size_t get_reminders(struct stmt *q, struct arena *a, struct reminder *out, size_t max)
{
	size_t n = 0;

	while (n < max && stmt_row(q)) {
		get_reminder(q, a, &out[n++]);
	}
	stmt_close(q);
	return n;
}

static const char reminder_insert_sql[] =
	"INSERT INTO reminders (days, from_min, to_min, every_min, per_day, last_slot, next_slot,"
	" next_utc_ms, misses, is_weekly, data, user_id, kind, has_rule)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
/* Whose it is and what it is never changes, so those indexes are left alone. */
static const char reminder_update_sql[] =
	"UPDATE reminders SET days = ?1, from_min = ?2, to_min = ?3, every_min = ?4, per_day = ?5,"
	" last_slot = ?6, next_slot = ?7, next_utc_ms = ?8, misses = ?9, is_weekly = ?10,"
	" data = ?11 WHERE reminder_id = ?12";

static void put_reminder(struct stmt *q, const struct reminder *r)
{
	put_int(q, r->rule.days);
	put_int(q, r->rule.from_min);
	put_int(q, r->rule.to_min);
	put_int(q, r->rule.every_min);
	put_int(q, r->per_day);
	put_int(q, r->last_slot);
	put_int(q, r->next_slot);
	put_int_or_null(q, r->next_utc_ms);
	put_int(q, r->misses);
	put_int(q, r->is_weekly);
	put_text(q, r->data);
}

void reminder_save(struct store *s, struct reminder *r)
{
	struct stmt q = stmt_open(s, r->id ? reminder_update_sql : reminder_insert_sql);

	put_reminder(&q, r);
	if (r->id) {
		put_int(&q, r->id);
		stmt_run(&q);
		return;
	}
	put_int(&q, r->user_id);
	put_text(&q, r->kind);
	put_int(&q, r->has_rule);
	r->id = stmt_insert(&q);
}

static const char reminder_delete_sql[] = "DELETE FROM reminders WHERE reminder_id = ?1";

void reminder_delete(struct store *s, int64_t id)
{
	struct stmt q = stmt_open(s, reminder_delete_sql);

	put_int(&q, id);
	stmt_run(&q);
}

static const char reminder_get_sql[] =
	"SELECT " REMINDER_COLUMNS " FROM reminders WHERE reminder_id = ?1";

bool reminder_get(struct store *s, struct arena *a, int64_t id, struct reminder *out)
{
	struct stmt q = stmt_open(s, reminder_get_sql);

	*out = (struct reminder){0};
	put_int(&q, id);
	return get_reminders(&q, a, out, 1) == 1;
}

static const char reminder_find_sql[] =
	"SELECT " REMINDER_COLUMNS " FROM reminders WHERE user_id = ?1 AND kind = ?2"
	" AND has_rule = 1";

bool reminder_find(
	struct store *s, struct arena *a, int64_t user_id, const char *kind, struct reminder *out)
{
	struct stmt q = stmt_open(s, reminder_find_sql);

	*out = (struct reminder){0};
	put_int(&q, user_id);
	put_text(&q, kind);
	return get_reminders(&q, a, out, 1) == 1;
}

static const char reminder_cancel_sql[] =
	"DELETE FROM reminders WHERE user_id = ?1 AND (?2 IS NULL OR kind = ?2) AND has_rule = 0";

void reminder_cancel(struct store *s, int64_t user_id, const char *kind)
{
	struct stmt q = stmt_open(s, reminder_cancel_sql);

	put_int(&q, user_id);
	put_text(&q, kind);
	stmt_run(&q);
}

static const char reminder_list_sql[] =
	"SELECT " REMINDER_COLUMNS " FROM reminders WHERE user_id = ?1"
	" ORDER BY has_rule DESC, reminder_id LIMIT ?2";

size_t reminder_list(
	struct store *s, struct arena *a, int64_t user_id, struct reminder *out, size_t max)
{
	struct stmt q = stmt_open(s, reminder_list_sql);

	put_int(&q, user_id);
	put_int(&q, (int64_t)max);
	return get_reminders(&q, a, out, max);
}

static const char reminder_due_sql[] =
	"SELECT " REMINDER_COLUMNS " FROM reminders INDEXED BY reminders_next"
	" WHERE next_utc_ms <= ?1 ORDER BY next_utc_ms, reminder_id LIMIT ?2";

size_t reminder_due(
	struct store *s, struct arena *a, int64_t now_utc_ms, struct reminder *out, size_t max)
{
	struct stmt q = stmt_open(s, reminder_due_sql);

	put_int(&q, now_utc_ms);
	put_int(&q, (int64_t)max);
	return get_reminders(&q, a, out, max);
}

static const char reminder_next_sql[] =
	"SELECT next_utc_ms FROM reminders INDEXED BY reminders_next"
	" WHERE next_utc_ms IS NOT NULL ORDER BY next_utc_ms LIMIT 1";

int64_t reminder_next(struct store *s)
{
	struct stmt q = stmt_open(s, reminder_next_sql);

	return stmt_int(&q);
}
