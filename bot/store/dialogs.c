/* The stack of a person's dialogs is the order of their ids: the highest is open. */
#include "store/dialogs.h"

#include "base/json.h"
#include "store/stmt.h"

static const char dialog_top_sql[] =
	"SELECT dialog_id, user_id, flow, version, step, answers, pending, unread, started_utc_ms,"
	" updated_utc_ms FROM dialogs WHERE user_id = ?1 ORDER BY dialog_id DESC LIMIT 1";

bool dialog_top(struct store *s, struct arena *a, int64_t user_id, struct dialog *out)
{
	struct stmt q = stmt_open(s, dialog_top_sql);
	bool found;

	*out = (struct dialog){0};
	put_int(&q, user_id);
	found = stmt_row(&q);
	if (found) {
		out->id = get_int(&q);
		out->user_id = get_int(&q);
		out->flow = get_text(&q, a);
		out->version = get_text(&q, a);
		out->step = get_text(&q, a);
		out->values = get_text(&q, a);
		out->pending = get_text(&q, a);
		out->unread = (int)get_int(&q);
		out->started_utc_ms = get_int(&q);
		out->updated_utc_ms = get_int(&q);
	}
	stmt_close(&q);
	return found;
}

static const char dialog_insert_sql[] =
	"INSERT INTO dialogs (user_id, flow, version, step, answers, pending, unread,"
	" started_utc_ms, updated_utc_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char dialog_update_sql[] =
	"UPDATE dialogs SET flow = ?2, version = ?3, step = ?4, answers = ?5, pending = ?6,"
	" unread = ?7, started_utc_ms = ?8, updated_utc_ms = ?9"
	" WHERE dialog_id = ?10 AND user_id = ?1";

static void put_dialog(struct stmt *q, const struct dialog *d)
{
	put_int(q, d->user_id);
	put_text(q, d->flow);
	put_text(q, d->version ? d->version : "");
	put_text(q, d->step);
	put_text(q, d->values ? d->values : "{}");
	put_text(q, d->pending);
	put_int(q, d->unread);
	put_int(q, d->started_utc_ms);
	put_int(q, d->updated_utc_ms);
}

static const char dialog_trim_sql[] =
	"DELETE FROM dialogs WHERE user_id = ?1 AND dialog_id NOT IN"
	" (SELECT dialog_id FROM dialogs WHERE user_id = ?1 ORDER BY dialog_id DESC LIMIT 3)";

static void dialog_trim(struct store *s, int64_t user_id)
{
	struct stmt q = stmt_open(s, dialog_trim_sql);

	put_int(&q, user_id);
	stmt_run(&q);
}

void dialog_save(struct store *s, struct dialog *d)
{
	struct stmt q = stmt_open(s, d->id ? dialog_update_sql : dialog_insert_sql);

	put_dialog(&q, d);
	if (d->id) {
		put_int(&q, d->id);
		stmt_run(&q);
	} else {
		d->id = stmt_insert(&q);
		dialog_trim(s, d->user_id);
	}
}

static const char dialog_end_sql[] = "DELETE FROM dialogs WHERE dialog_id = ?1";

void dialog_end(struct store *s, int64_t dialog_id)
{
	struct stmt q = stmt_open(s, dialog_end_sql);

	put_int(&q, dialog_id);
	stmt_run(&q);
}

static const char dialog_end_flow_sql[] =
	"DELETE FROM dialogs WHERE user_id = ?1 AND (?2 IS NULL OR flow = ?2)";

void dialog_end_flow(struct store *s, int64_t user_id, const char *flow)
{
	struct stmt q = stmt_open(s, dialog_end_flow_sql);

	put_int(&q, user_id);
	put_text(&q, flow);
	stmt_run(&q);
}

/* ---- flow versions ---- */

static const char flow_source_get_sql[] = "SELECT source FROM flow_versions WHERE version = ?1";

const char *flow_source_get(struct store *s, struct arena *a, const char *version)
{
	struct stmt q = stmt_open(s, flow_source_get_sql);
	const char *source = NULL;

	put_text(&q, version);
	if (stmt_row(&q)) {
		source = get_text(&q, a);
	}
	stmt_close(&q);
	return source;
}

static const char flow_source_put_sql[] =
	"INSERT INTO flow_versions (version, name, source) VALUES (?1, ?2, ?3)"
	" ON CONFLICT DO NOTHING";

void flow_source_put(struct store *s, const char *version, const char *name, const char *source)
{
	struct stmt q = stmt_open(s, flow_source_put_sql);

	put_text(&q, version);
	put_text(&q, name);
	put_text(&q, source);
	stmt_run(&q);
}

/* json_each() makes one parameter of the list. */
static const char flow_source_prune_sql[] =
	"DELETE FROM flow_versions WHERE version NOT IN (SELECT value FROM json_each(?1))"
	" AND NOT EXISTS (SELECT 1 FROM dialogs WHERE dialogs.version = flow_versions.version)"
	" AND NOT EXISTS (SELECT 1 FROM users WHERE consent_text = flow_versions.version)";

void flow_source_prune(struct store *s, const char *const *keep)
{
	struct json_object *list = json_object_new_array();
	struct stmt q = stmt_open(s, flow_source_prune_sql);

	for (; *keep; keep++) {
		json_object_array_add(list, json_object_new_string(*keep));
	}
	put_text(&q, json_write(list));
	stmt_run(&q);
	json_object_put(list);
}
