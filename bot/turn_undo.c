/* Taking back: the turn log knows what a turn stored and which question was open before it. */
#include "base/json.h"
#include "bot/turn.h"

#include <stdlib.h>
#include <string.h>

static void restore_dialog(struct turn *t, const struct turn_row *row)
{
	struct json_object *o = row->before ? json_read(row->before, strlen(row->before)) : NULL;
	struct dialog d;

	/* What that turn opened, or went on with, goes; what was open before comes back. */
	if (t->has_dialog && (t->dialog.started_utc_ms >= row->at_utc_ms ||
				     t->dialog.id == json_int(o, "id", 0))) {
		dialog_end(t->store, t->dialog.id);
	}
	if (o) {
		d = (struct dialog){
			.user_id = t->user.id,
			.flow = arena_strdup(t->arena, json_text(o, "flow", "")),
			.version = arena_strdup(t->arena, json_text(o, "version", "")),
			.step = arena_strdup(t->arena, json_text(o, "step", "")),
			.values = arena_strdup(t->arena, json_text(o, "values", "{}")),
			.pending = arena_strdup(t->arena, json_text(o, "pending", NULL)),
			.started_utc_ms = t->now_utc_ms,
			.updated_utc_ms = t->now_utc_ms,
		};
		dialog_save(t->store, &d);
		json_object_put(o);
	}
	turn_load_dialog(t);
}

bool turn_undo(struct turn *t)
{
	struct turn_row row;
	struct entry entries[32];
	size_t n;
	int64_t corrected = 0;

	if (!turn_row_last(t->store, t->arena, t->user.id, &row)) {
		return false;
	}
	t->is_undo = true;
	if (strncmp(row.what, "correct:", 8) == 0) {
		corrected = strtoll(row.what + 8, NULL, 10);
		entry_restore(t->store, corrected);
	}
	n = row.message_id ? entry_of_message(t->store, t->arena, t->user.id, row.message_id,
				     entries, sizeof entries / sizeof *entries)
			   : 0;
	turn_set_text(t, "undone", corrected ? "change" : n ? "entries" : "step");
	for (size_t i = 0; i < n; i++) {
		if (strcmp(entries[i].kind, "pain") == 0 && !corrected) {
			turn_set_text(t, "undone", "pain");
			turn_set_number(t, "pain", entries[i].number);
		}
		if (entries[i].id != corrected) {
			entry_retract(t->store, entries[i].id, t->now_utc_ms);
		}
	}
	turn_row_undone(t->store, row.id);
	restore_dialog(t, &row);
	return true;
}
