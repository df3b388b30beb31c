/* Small moves at set times: before getting up, before bed, and between hours of sitting. */
#include "handlers/person.h"

#include <string.h>

enum { SNOOZE_MS = 30 * 60 * 1000, BED_DEFAULT_MIN = 22 * 60 };

/* What each reminder asks the exercises for. */
static const struct {
	const char *kind, *wish;
} wishes[] = {
	{"stretch_wake", "in bed before getting up"},
	{"stretch_bed", "before bed"},
	{"desk", "at the desk"},
};

/* ---- coming due ---- */

static bool exercises_are_ok(struct turn *t)
{
	struct value ok = turn_get(t, "exercise_ok");

	return ok.type == VALUE_NUMBER && ok.number != 0;
}

/* The check-in brings an exercise of its own. */
static bool has_checkin_today(struct turn *t)
{
	enum { DAY_MIN = 1440 };
	struct reminder r;

	return reminder_find(turn_store(t), turn_arena(t), turn_user(t)->id, "checkin", &r) &&
	       (r.last_slot / DAY_MIN == turn_today(t) ||
		       (r.next_utc_ms && r.next_slot / DAY_MIN == turn_today(t)));
}

static void due(struct turn *t, struct reminder *r)
{
	if (!exercises_are_ok(t) ||
		(strcmp(r->kind, "stretch_wake") == 0 && has_checkin_today(t))) {
		return;
	}
	if (r->misses == PERSON_MISSES_WEEKLY) {
		turn_say(
			t, strcmp(r->kind, "desk") == 0 ? "stretch.desk_weekly" : "stretch.weekly");
		return;
	}
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		if (strcmp(r->kind, wishes[i].kind) == 0) {
			turn_set_text(t, "wish", wishes[i].wish);
		}
	}
	if (r->data) { /* snoozed: the same again */
		turn_set_text(t, "wish", r->data);
	}
	turn_start(t, "stretch", NULL);
}

static void snooze(struct turn *t, const char *argument)
{
	(void)argument;
	reminder_cancel(turn_store(t), turn_user(t)->id, "snooze_stretch");
	turn_remind_once(t, "snooze_stretch", SNOOZE_MS, person_fact(t, "exercise_wish"), false);
}

/* ---- on and off ---- */

/* Evening and morning belong together: the pair is what breaks the nightly stiffening. */
static void stretch_on(struct turn *t, const char *argument)
{
	int minute = person_evening(person_minutes(person_answer(t, "bed_at"), BED_DEFAULT_MIN));

	(void)argument;
	turn_set_text(t, "bed_time", person_clock(t, minute));
	person_remind(t, "stretch_bed", RULE_EVERY_DAY, minute);
	person_remind(t, "stretch_wake", RULE_EVERY_DAY, person_wake_min(t));
}

static const struct flow_fact sets_bed[] = {{"bed_time", VALUE_TEXT}, {0}};

static const struct handler_action actions[] = {
	{.name = "snooze_stretch", .run = snooze},
	{.name = "stretch_on", .run = stretch_on, .sets = sets_bed},
	{0},
};

static void bed(struct turn *t, const char *rest)
{
	if (person_says_off(t, rest)) {
		person_forget_reminder(t, "stretch_bed");
		person_forget_reminder(t, "stretch_wake");
		turn_say(t, "stretch.off");
	} else {
		turn_start(t, "stretch_setting",
			*rest ? arena_printf(turn_arena(t), "bed %s", rest) : NULL);
	}
}

static const char *const bed_words[] = {"bedtime", "bed time", "i go to bed", "bedtime stretch",
	"stretch reminder", "stretch reminders", NULL};

static const struct handler_command commands[] = {
	{.words = bed_words, .run = bed, .takes_rest = true},
	{0},
};

static const char *const due_kinds[] = {
	"stretch_wake", "stretch_bed", "desk", "snooze_stretch", NULL};

const struct handler stretch_handler = {
	.name = "stretches",
	.actions = actions,
	.commands = commands,
	.due_kinds = due_kinds,
	.due = due,
};
