/* What a turn keeps: entries, reminders; and what it knows: who, when, where. */
#include "base/log.h"
#include "bot/turn.h"

#include <stdio.h>
#include <string.h>

/* An entry belongs to the day that a person feels to be in: after midnight it is still the night
 * before until 04:00 (clinical-safety.md section 5: day D is 04:00 to 03:59). */
enum { DAY_STARTS_MIN = 4 * 60, MORNING_ENDS_MIN = 11 * 60, EVENING_STARTS_MIN = 17 * 60 };

struct arena *turn_arena(struct turn *t)
{
	return t->arena;
}

struct store *turn_store(struct turn *t)
{
	return t->store;
}

struct user *turn_user(struct turn *t)
{
	return &t->user;
}

int64_t turn_now_utc_ms(const struct turn *t)
{
	return t->now_utc_ms;
}

const struct zone *turn_zone(const struct turn *t)
{
	return t->zone;
}

int64_t turn_today(const struct turn *t)
{
	return zone_day(t->zone, t->now_utc_ms / 1000);
}

int turn_minute(const struct turn *t)
{
	return zone_minute(t->zone, t->now_utc_ms / 1000);
}

enum day_part turn_part(const struct turn *t)
{
	int minute = turn_minute(t);

	if (minute < DAY_STARTS_MIN) {
		return PART_NIGHT;
	}
	if (minute < MORNING_ENDS_MIN) {
		return PART_MORNING;
	}
	return minute < EVENING_STARTS_MIN ? PART_DAY : PART_EVENING;
}

bool turn_has_consent(const struct turn *t)
{
	return t->user.consent_utc_ms != 0;
}

const struct lexicon *turn_lexicon(const struct turn *t)
{
	return prompts_lexicon(t->bot->prompts, t->user.lang);
}

const struct prompts *turn_prompts(const struct turn *t)
{
	return t->bot->prompts;
}

const char *turn_words(const struct turn *t)
{
	return t->text ? t->text : "";
}

int64_t turn_message_id(const struct turn *t)
{
	return t->message_id;
}

const char *turn_why_text(struct turn *t)
{
	const char *why = turn_flow_why(t);

	if (!why) {
		why = fact_get(t->store, t->arena, t->user.id, "why");
	}
	if (!why) {
		why = "why.none";
	}
	return prompts_text(t->bot->prompts, why) ? turn_text(t, why) : why;
}

/* ---- entries ---- */

int64_t turn_log_at(struct turn *t, const char *kind, bool has_number, double number,
	const char *text, int64_t day, enum day_part part)
{
	struct entry e = {
		.user_id = t->user.id,
		.kind = kind,
		.has_number = has_number,
		.number = number,
		.text = text,
		.day = day,
		.part = part,
		.at_utc_ms = t->now_utc_ms,
		.message_id = t->message_id,
		.source = t->has_dialog
				  ? arena_printf(t->arena, "%s.%s", t->dialog.flow, t->dialog.step)
				  : "",
	};

	if (!t->user.consent_utc_ms) {
		return 0;
	}
	entry_add(t->store, &e);
	t->entries++;
	if (t->kind_count < TURN_KINDS_MAX) {
		t->kinds[t->kind_count++] = arena_strdup(t->arena, kind);
	}
	return e.id;
}

bool turn_has_logged(const struct turn *t, const char *kind)
{
	for (size_t i = 0; i < t->kind_count; i++) {
		if (strcmp(t->kinds[i], kind) == 0) {
			return true;
		}
	}
	return false;
}

int64_t turn_log_number(struct turn *t, const char *kind, double number, const char *text)
{
	return turn_log_at(t, kind, true, number, text, t->log_day, t->log_part);
}

int64_t turn_log_text(struct turn *t, const char *kind, const char *text)
{
	return turn_log_at(t, kind, false, 0, text, t->log_day, t->log_part);
}

void turn_correct(struct turn *t, const char *kind, int64_t entry_id, double number)
{
	entry_correct(t->store, entry_id, true, number, NULL, t->message_id, t->now_utc_ms);
	turn_flow_correct(t, kind, number);
	t->what = arena_printf(t->arena, "correct:%lld", (long long)entry_id);
	t->entries++;
}

void turn_forget(struct turn *t)
{
	t->user = (struct user){0};
	t->has_user = false;
	t->has_dialog = false;
	t->entries = 0;
	t->bot->wants_checkpoint = true;
}

/* ---- reminders ---- */

void turn_remind(
	struct turn *t, const char *kind, const struct rule *rule, int per_day, const char *data)
{
	struct reminder r;

	if (!reminder_find(t->store, t->arena, t->user.id, kind, &r)) {
		r = (struct reminder){.user_id = t->user.id, .kind = kind};
	}
	r.has_rule = true;
	r.rule = *rule;
	r.per_day = per_day;
	r.data = data;
	r.misses = 0;
	r.is_weekly = false;
	schedule_plan(t, &r);
	reminder_save(t->store, &r);
}

/* A delay of up to two hours follows something that the person has just done; a longer one would
 * wake them, so it waits for the end of the quiet hours. */
static int64_t after_quiet_hours(struct turn *t, int64_t due_utc_ms)
{
	enum { FOLLOWS_MS = 2 * 3600 * 1000 };
	const struct bot_settings *s = &t->bot->settings;
	int minute = zone_minute(t->zone, due_utc_ms / 1000);
	int64_t day = zone_day(t->zone, due_utc_ms / 1000);

	if (due_utc_ms - t->now_utc_ms <= FOLLOWS_MS || s->quiet_from_min == s->quiet_to_min) {
		return due_utc_ms;
	}
	if (minute >= s->quiet_from_min) {
		return zone_utc(t->zone, day + 1, s->quiet_to_min, NULL) * 1000;
	}
	if (minute < s->quiet_to_min) {
		return zone_utc(t->zone, day, s->quiet_to_min, NULL) * 1000;
	}
	return due_utc_ms;
}

void turn_remind_once(
	struct turn *t, const char *kind, int64_t delay_ms, const char *data, bool is_safety)
{
	int64_t due_utc_ms = t->now_utc_ms + delay_ms;
	struct reminder r = {
		.user_id = t->user.id,
		.kind = kind,
		.data = data,
		.next_utc_ms = is_safety ? due_utc_ms : after_quiet_hours(t, due_utc_ms),
	};

	reminder_save(t->store, &r);
}

void turn_replan(struct turn *t)
{
	struct reminder list[32];
	size_t n;

	turn_use_zone(t);
	n = reminder_list(t->store, t->arena, t->user.id, list, sizeof list / sizeof *list);
	for (size_t i = 0; i < n; i++) {
		if (list[i].has_rule) {
			schedule_plan(t, &list[i]);
			reminder_save(t->store, &list[i]);
		}
	}
}
