/* The level that a triage came to: kept as facts until a new completed run replaces it, and looked
 * after by check-backs. */
#include "base/json.h"
#include "handlers/person.h"
#include "handlers/triage_now.h"

#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };
static const int64_t day_ms = INT64_C(24) * HOUR_MS;

const char *triage_level_now(struct turn *t)
{
	const char *level = person_fact(t, "tier");

	return level ? level : "";
}

void triage_level_set(struct turn *t, const char *level)
{
	if (!turn_has_consent(t)) {
		return;
	}
	person_keep(t, "tier", *level ? level : NULL);
	person_keep_number(t, "tier_at", (double)turn_now_utc_ms(t));
}

const char *triage_level_raise(struct turn *t, enum triage_level level)
{
	const char *before = triage_level_now(t);
	enum triage_level old = TRIAGE_SELF_CARE;

	triage_level_find(before, &old);
	if (!*before || level > old) {
		triage_level_set(t, triage_level_name(level));
	}
	return before;
}

static void plan(struct turn *t, enum triage_level level, int64_t delay_ms, const char *which)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "level", triage_level_name(level));
	json_add_text(o, "which", which);
	json_add_number(o, "asked", (double)turn_now_utc_ms(t));
	turn_remind_once(
		t, "checkback", delay_ms, arena_strdup(turn_arena(t), json_write(o)), true);
	json_object_put(o);
}

void triage_level_follow(struct turn *t, enum triage_level level)
{
	static const int64_t hour = HOUR_MS;

	if (!turn_has_consent(t)) {
		return;
	}
	reminder_cancel(turn_store(t), turn_user(t)->id, "checkback");
	switch (level) {
	case TRIAGE_EMERGENCY:
		plan(t, level, hour, "first");
		plan(t, level, day_ms, "next");
		plan(t, level, 2 * day_ms, "silence");
		break;
	case TRIAGE_URGENT:
		plan(t, level, day_ms, "first");
		plan(t, level, 2 * day_ms, "silence");
		break;
	case TRIAGE_SOON:
		plan(t, level, 7 * day_ms, "first");
		break;
	case TRIAGE_ROUTINE:
		plan(t, level, 21 * day_ms, "first");
		break;
	case TRIAGE_SELF_CARE:
		break;
	}
}
