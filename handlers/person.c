/* Facts, times and reminders of the person of this turn, without the usual four arguments. */
#include "handlers/person.h"

#include <stdio.h>

const char *person_fact(struct turn *t, const char *name)
{
	return fact_get(turn_store(t), turn_arena(t), turn_user(t)->id, name);
}

int person_number(struct turn *t, const char *name, int fallback)
{
	double n;

	return fact_get_number(turn_store(t), turn_user(t)->id, name, &n) ? (int)n : fallback;
}

void person_keep(struct turn *t, const char *name, const char *value)
{
	fact_set(turn_store(t), turn_user(t)->id, name, value, turn_now_utc_ms(t));
}

void person_keep_number(struct turn *t, const char *name, double n)
{
	fact_set_number(turn_store(t), turn_user(t)->id, name, n, turn_now_utc_ms(t));
}

int person_wake_min(struct turn *t)
{
	return person_minutes(person_fact(t, "wake"), PERSON_WAKE_MIN);
}

int person_minutes(const char *hhmm, int fallback)
{
	int hour, minute;

	if (!hhmm || sscanf(hhmm, "%d:%d", &hour, &minute) != 2) {
		return fallback;
	}
	return hour * 60 + minute;
}

int person_evening(int minute)
{
	enum { FIRST = 5 * 60, HALF_DAY = 12 * 60 };

	return minute >= FIRST && minute < HALF_DAY ? minute + HALF_DAY : minute;
}

const char *person_clock(struct turn *t, int minute)
{
	return arena_printf(turn_arena(t), "%02d:%02d", minute / 60, minute % 60);
}

const char *person_answer(struct turn *t, const char *name)
{
	struct value v = turn_get(t, name);

	return v.type == VALUE_TEXT ? v.text : NULL;
}

void person_remind(struct turn *t, const char *kind, unsigned days, int minute)
{
	struct rule rule = {.days = days, .from_min = minute, .to_min = minute};

	turn_remind(t, kind, &rule, 0, NULL);
}

bool person_has_reminder(struct turn *t, const char *kind)
{
	struct reminder r;

	return reminder_find(turn_store(t), turn_arena(t), turn_user(t)->id, kind, &r);
}

void person_forget_reminder(struct turn *t, const char *kind)
{
	struct reminder r;

	if (reminder_find(turn_store(t), turn_arena(t), turn_user(t)->id, kind, &r)) {
		reminder_delete(turn_store(t), r.id);
	}
}

bool person_says_off(struct turn *t, const char *text)
{
	static const char *const off[] = {"off", "stop", "no", "none", "never", NULL};

	return read_is_phrase(turn_arena(t), turn_lexicon(t), text, off);
}
