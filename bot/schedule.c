/* Reminders coming due. The occurrence is marked as handled and the next one planned before the
 * handler speaks, in the same savepoint: nothing is said twice and nothing is forgotten. */
#include "base/json.h"
#include "base/log.h"
#include "bot/turn.h"

#include <string.h>

enum { MISSES_WEEKLY = 7 }; /* then it fades to once a week */

static int64_t day_of_slot(rule_slot slot)
{
	return slot >= 0 ? slot / 1440 : (slot - 1439) / 1440;
}

/* Which occurrence of its day a slot is, from 1. */
static int index_in_day(const struct rule *rule, rule_slot slot)
{
	int minute = (int)(slot - day_of_slot(slot) * 1440);

	return rule->every_min > 0 ? (minute - rule->from_min) / rule->every_min + 1 : 1;
}

/* The rule as it applies now: faded to one day a week, the one it last came on. */
static struct rule rule_now(const struct reminder *r)
{
	struct rule rule = r->rule;

	if (r->is_weekly && r->last_slot) {
		rule.days = 1u << civil_weekday(day_of_slot(r->last_slot));
	}
	return rule;
}

void schedule_plan(struct turn *t, struct reminder *r)
{
	struct rule rule = rule_now(r);
	int64_t from_s = t->now_utc_ms / 1000, utc_s;
	rule_slot after = r->last_slot;

	if (t->user.paused_until_utc_ms > t->now_utc_ms) {
		from_s = t->user.paused_until_utc_ms / 1000;
	}
	r->next_utc_ms = 0;
	if (t->user.is_stopped) {
		return;
	}
	while (rule_next(&rule, t->zone, after, from_s, &r->next_slot, &utc_s)) {
		if (r->per_day == 0 || index_in_day(&rule, r->next_slot) <= r->per_day) {
			r->next_utc_ms = utc_s * 1000;
			return;
		}
		after = day_of_slot(r->next_slot) * 1440 + 1439;
	}
}

/* Has the person written anything since the reminder last came? */
static void count_misses(struct turn *t, struct reminder *r)
{
	int64_t last_ms = 0;

	if (r->last_slot) {
		last_ms = 1000 * zone_utc(t->zone, day_of_slot(r->last_slot),
					 (int)(r->last_slot - day_of_slot(r->last_slot) * 1440),
					 NULL);
	}
	if (!last_ms || t->user.last_inbound_utc_ms >= last_ms) {
		r->misses = 0;
	} else {
		r->misses++;
	}
	if (r->misses >= MISSES_WEEKLY) {
		r->is_weekly = true;
	}
}

static const struct handler *due_handler(const char *kind)
{
	for (const struct handler *const *h = handlers; *h; h++) {
		for (const char *const *k = (*h)->due_kinds; k && *k; k++) {
			if (strcmp(*k, kind) == 0) {
				return *h;
			}
		}
	}
	return NULL;
}

/* One kind line a day at most for reminders that came too late to be useful. */
static void say_late(struct turn *t)
{
	double last_day = 0;

	fact_get_number(t->store, t->user.id, "late_day", &last_day);
	if ((int64_t)last_day != turn_today(t)) {
		turn_say(t, "reminder.late");
		fact_set_number(
			t->store, t->user.id, "late_day", (double)turn_today(t), t->now_utc_ms);
	}
}

static int64_t grace_ms(const struct turn *t)
{
	return t->bot->settings.grace_min * 60000LL;
}

/* After an outage only the latest occurrence that has passed counts: no storm. */
static void catch_up(struct turn *t, struct reminder *r)
{
	struct rule rule = rule_now(r);
	int64_t from_s = (t->now_utc_ms - grace_ms(t)) / 1000, utc_s;
	rule_slot slot;

	while (rule_next(&rule, t->zone, r->next_slot, from_s, &slot, &utc_s) &&
		utc_s * 1000 <= t->now_utc_ms) {
		r->next_slot = slot;
		r->next_utc_ms = utc_s * 1000;
	}
}

static void due_rule(struct turn *t, struct reminder *r)
{
	const struct handler *h = due_handler(r->kind);
	bool is_late;

	if (t->user.is_stopped || t->user.paused_until_utc_ms > t->now_utc_ms) {
		schedule_plan(t, r);
		reminder_save(t->store, r);
		return;
	}
	catch_up(t, r);
	is_late = t->now_utc_ms - r->next_utc_ms > grace_ms(t);
	count_misses(t, r);
	r->last_slot = r->next_slot;
	schedule_plan(t, r);
	reminder_save(t->store, r);
	if (is_late) {
		log_info("reminder.late kind=%s who=%s", r->kind, log_who(t->user.id).text);
		say_late(t);
	} else if (h) {
		h->due(t, r);
	}
}

/* What the person has just asked for (counting through an exercise) is no reminder: its data say
 * {"asked":true}. */
static bool was_asked_for(const struct reminder *r)
{
	struct json_object *o = r->data ? json_read(r->data, strlen(r->data)) : NULL;
	bool asked = json_flag(o, "asked", false);

	json_object_put(o);
	return asked;
}

void schedule_due(struct turn *t, struct reminder *r)
{
	const struct handler *h;

	if (t->now_utc_ms < r->next_utc_ms || r->next_utc_ms == 0) {
		return; /* replanned by an earlier turn of this pass */
	}
	if (r->has_rule) {
		due_rule(t, r);
		return;
	}
	reminder_delete(t->store, r->id);
	/* Stopped or paused people hear nothing but safety (turn_alarm). */
	t->is_silent = (t->user.is_stopped || t->user.paused_until_utc_ms > t->now_utc_ms) &&
		       !was_asked_for(r);
	h = due_handler(r->kind);
	if (h) {
		h->due(t, r);
	}
}
