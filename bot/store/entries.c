/* The diary. A row holds what counts now; what it was before is in entry_history, newest last.
 * Taking a change back swaps the two values, so that even a withdrawn correction stays on record.
 */
#include "store/entries.h"

#include "store/stmt.h"

#define ENTRY_COLUMNS                                                                              \
	"entry_id, user_id, kind, number, text, day, part, at_utc_ms, message_id, source"

static void get_entry(struct stmt *q, struct arena *a, struct entry *out)
{
	*out = (struct entry){.id = get_int(q)};
	out->user_id = get_int(q);
	out->kind = get_text(q, a);
	out->has_number = !get_is_null(q);
	out->number = get_number(q);
	out->text = get_text(q, a);
	out->day = get_int(q);
	out->part = (enum day_part)get_int(q);
	out->at_utc_ms = get_int(q);
	out->message_id = get_int(q);
	out->source = get_text(q, a);
}

static void put_number_or_null(struct stmt *q, bool has_number, double number)
{
	if (has_number) {
		put_number(q, number);
	} else {
		put_null(q);
	}
}

static const char entry_add_sql[] = "INSERT INTO entries (user_id, kind, number, text, day, part, "
				    "at_utc_ms, message_id, source)"
				    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

void entry_add(struct store *s, struct entry *e)
{
	struct stmt q = stmt_open(s, entry_add_sql);

	put_int(&q, e->user_id);
	put_text(&q, e->kind);
	put_number_or_null(&q, e->has_number, e->number);
	put_text(&q, e->text);
	put_int(&q, e->day);
	put_int(&q, e->part);
	put_int(&q, e->at_utc_ms);
	put_int_or_null(&q, e->message_id);
	put_text(&q, e->source ? e->source : "");
	e->id = stmt_insert(&q);
}

/* ---- changes ---- */

static const char keep_history_sql[] =
	"INSERT INTO entry_history (entry_id, user_id, number, text, message_id, changed_utc_ms,"
	" what) SELECT entry_id, user_id, number, text, message_id, ?2, ?3 FROM entries"
	" WHERE entry_id = ?1 AND is_retracted = 0";

/* False when there is no such entry that counts. */
static bool keep_history(struct store *s, int64_t entry_id, const char *what, int64_t now_utc_ms)
{
	struct stmt q = stmt_open(s, keep_history_sql);

	put_int(&q, entry_id);
	put_int(&q, now_utc_ms);
	put_text(&q, what);
	return stmt_run(&q) > 0;
}

static const char entry_set_sql[] =
	"UPDATE entries SET number = ?2, text = ?3, message_id = ?4 WHERE entry_id = ?1";

void entry_correct(struct store *s, int64_t entry_id, bool has_number, double number,
	const char *text, int64_t message_id, int64_t now_utc_ms)
{
	struct stmt q;

	if (!keep_history(s, entry_id, "corrected", now_utc_ms)) {
		return;
	}
	q = stmt_open(s, entry_set_sql);
	put_int(&q, entry_id);
	put_number_or_null(&q, has_number, number);
	put_text(&q, text);
	put_int_or_null(&q, message_id);
	stmt_run(&q);
}

static const char entry_count_it_sql[] = "UPDATE entries SET is_retracted = ?2 WHERE entry_id = ?1";

static void set_retracted(struct store *s, int64_t entry_id, bool is_retracted)
{
	struct stmt q = stmt_open(s, entry_count_it_sql);

	put_int(&q, entry_id);
	put_int(&q, is_retracted);
	stmt_run(&q);
}

void entry_retract(struct store *s, int64_t entry_id, int64_t now_utc_ms)
{
	if (keep_history(s, entry_id, "retracted", now_utc_ms)) {
		set_retracted(s, entry_id, true);
	}
}

/* ---- taking a change back ---- */

/* One side of the swap: a value read from one table, to be written to the other. */
struct past {
	int64_t history_id, message_id;
	bool was_retracted, has_number;
	double number;
	const char *text;
};

static void get_past(struct stmt *q, struct arena *a, struct past *out)
{
	out->has_number = !get_is_null(q);
	out->number = get_number(q);
	out->text = get_text(q, a);
	out->message_id = get_int(q);
}

static const char last_change_sql[] =
	"SELECT number, text, message_id, history_id, what = 'retracted' FROM entry_history"
	" WHERE entry_id = ?1 AND what <> 'restored' ORDER BY history_id DESC LIMIT 1";

static bool last_change(struct store *s, struct arena *a, int64_t entry_id, struct past *out)
{
	struct stmt q = stmt_open(s, last_change_sql);
	bool found;

	put_int(&q, entry_id);
	found = stmt_row(&q);
	if (found) {
		get_past(&q, a, out);
		out->history_id = get_int(&q);
		out->was_retracted = get_int(&q);
	}
	stmt_close(&q);
	return found;
}

static const char history_swap_sql[] =
	"UPDATE entry_history SET what = 'restored', (number, text, message_id) ="
	" (SELECT number, text, message_id FROM entries WHERE entries.entry_id ="
	"  entry_history.entry_id) WHERE history_id = ?1";

static void history_swap(struct store *s, int64_t history_id)
{
	struct stmt q = stmt_open(s, history_swap_sql);

	put_int(&q, history_id);
	stmt_run(&q);
}

static void put_back(struct store *s, int64_t entry_id, const struct past *old)
{
	struct stmt q = stmt_open(s, entry_set_sql);

	put_int(&q, entry_id);
	put_number_or_null(&q, old->has_number, old->number);
	put_text(&q, old->text);
	put_int_or_null(&q, old->message_id);
	stmt_run(&q);
}

void entry_restore(struct store *s, int64_t entry_id)
{
	struct arena *a = arena_create();
	struct past old = {0};

	if (last_change(s, a, entry_id, &old)) {
		history_swap(s, old.history_id);
		if (old.was_retracted) {
			set_retracted(s, entry_id, false);
		} else {
			put_back(s, entry_id, &old);
		}
	}
	arena_destroy(a);
}

/* ---- looking ---- */

static const char entry_last_sql[] = "SELECT " ENTRY_COLUMNS " FROM entries INDEXED BY entries_kind"
				     " WHERE user_id = ?1 AND kind = ?2 AND is_retracted = 0"
				     " ORDER BY day DESC, at_utc_ms DESC, entry_id DESC LIMIT 1";
static const char entry_last_any_sql[] =
	"SELECT " ENTRY_COLUMNS " FROM entries"
	" WHERE user_id = ?1 AND is_retracted = 0"
	" ORDER BY day DESC, at_utc_ms DESC, entry_id DESC LIMIT 1";

bool entry_last(
	struct store *s, struct arena *a, int64_t user_id, const char *kind, struct entry *out)
{
	struct stmt q = stmt_open(s, kind ? entry_last_sql : entry_last_any_sql);
	bool found;

	*out = (struct entry){0};
	put_int(&q, user_id);
	if (kind) {
		put_text(&q, kind);
	}
	found = stmt_row(&q);
	if (found) {
		get_entry(&q, a, out);
	}
	stmt_close(&q);
	return found;
}

static const char entry_of_message_sql[] =
	"SELECT " ENTRY_COLUMNS " FROM entries"
	" WHERE message_id = ?1 AND user_id = ?2 AND is_retracted = 0"
	" ORDER BY entry_id LIMIT ?3";

size_t entry_of_message(struct store *s, struct arena *a, int64_t user_id, int64_t message_id,
	struct entry *out, size_t max)
{
	struct stmt q = stmt_open(s, entry_of_message_sql);
	size_t n = 0;

	put_int(&q, message_id);
	put_int(&q, user_id);
	put_int(&q, (int64_t)max);
	while (n < max && stmt_row(&q)) {
		get_entry(&q, a, &out[n++]);
	}
	stmt_close(&q);
	return n;
}

/* Pages go on after the last row seen, so what fn changes meanwhile does not shift them. Without a
 * kind each page sorts the one person's entries, which is cheaper than an index in every turn. */
static const char entry_page_sql[] =
	"SELECT " ENTRY_COLUMNS " FROM entries INDEXED BY entries_kind"
	" WHERE user_id = ?1 AND day <= ?2 AND (day, at_utc_ms, entry_id) > (?3, ?4, ?5)"
	" AND is_retracted = 0 AND kind = ?7 ORDER BY day, at_utc_ms, entry_id LIMIT ?6";
static const char entry_page_any_sql[] =
	"SELECT " ENTRY_COLUMNS " FROM entries"
	" WHERE user_id = ?1 AND day <= ?2 AND (day, at_utc_ms, entry_id) > (?3, ?4, ?5)"
	" AND is_retracted = 0 ORDER BY day, at_utc_ms, entry_id LIMIT ?6";

static size_t entry_page(struct store *s, struct arena *a, int64_t user_id, const char *kind,
	int64_t to_day, const struct entry *after, struct entry *page, size_t max)
{
	struct stmt q = stmt_open(s, kind ? entry_page_sql : entry_page_any_sql);
	size_t n = 0;

	put_int(&q, user_id);
	put_int(&q, to_day);
	put_int(&q, after->day);
	put_int(&q, after->at_utc_ms);
	put_int(&q, after->id);
	put_int(&q, (int64_t)max);
	if (kind) {
		put_text(&q, kind);
	}
	while (n < max && stmt_row(&q)) {
		get_entry(&q, a, &page[n++]);
	}
	stmt_close(&q);
	return n;
}

void entry_each(struct store *s, int64_t user_id, const char *kind, int64_t from_day,
	int64_t to_day, bool (*fn)(void *ctx, const struct entry *), void *ctx)
{
	enum { PAGE = 256 };
	struct entry page[PAGE], after = {.day = from_day, .at_utc_ms = INT64_MIN};
	struct arena *a = arena_create();
	bool more = true;
	size_t n = PAGE;

	while (more && n == PAGE) {
		arena_reset(a);
		n = entry_page(s, a, user_id, kind, to_day, &after, page, PAGE);
		for (size_t i = 0; i < n && more; i++) {
			after = page[i];
			more = fn(ctx, &page[i]);
		}
	}
	arena_destroy(a);
}

/* ---- counting ---- */

static const char entry_exists_sql[] =
	"SELECT EXISTS (SELECT 1 FROM entries INDEXED BY entries_kind"
	" WHERE user_id = ?1 AND kind = ?2 AND day = ?3 AND is_retracted = 0"
	" AND (?4 < 0 OR part = ?4))";

bool entry_exists(struct store *s, int64_t user_id, const char *kind, int64_t day, int part)
{
	struct stmt q = stmt_open(s, entry_exists_sql);

	put_int(&q, user_id);
	put_text(&q, kind);
	put_int(&q, day);
	put_int(&q, part);
	return stmt_int(&q);
}

/* The middle number, or the mean of the middle two: each row carries its rank and the count. */
static const char entry_median_sql[] =
	"SELECT count, avg(number) FROM (SELECT number, count(*) OVER () AS count,"
	"  row_number() OVER (ORDER BY number) AS rank"
	"  FROM entries INDEXED BY entries_kind"
	"  WHERE user_id = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4 AND is_retracted = 0"
	"  AND number IS NOT NULL AND (?5 < 0 OR part = ?5))"
	" WHERE rank IN ((count + 1) / 2, count / 2 + 1)";

int entry_median(struct store *s, int64_t user_id, const char *kind, int64_t from_day,
	int64_t to_day, int part, double *median_out)
{
	struct stmt q = stmt_open(s, entry_median_sql);
	int count = 0;

	put_int(&q, user_id);
	put_text(&q, kind);
	put_int(&q, from_day);
	put_int(&q, to_day);
	put_int(&q, part);
	if (stmt_row(&q)) {
		count = (int)get_int(&q);
		if (count) {
			*median_out = get_number(&q);
		}
	}
	stmt_close(&q);
	return count;
}

static const char entry_days_sql[] =
	"SELECT count(DISTINCT day) FROM entries INDEXED BY entries_kind"
	" WHERE user_id = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4 AND is_retracted = 0";

int entry_days(struct store *s, int64_t user_id, const char *kind, int64_t from_day, int64_t to_day)
{
	struct stmt q = stmt_open(s, entry_days_sql);

	put_int(&q, user_id);
	put_text(&q, kind);
	put_int(&q, from_day);
	put_int(&q, to_day);
	return (int)stmt_int(&q);
}
