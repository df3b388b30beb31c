/* Small moves at set times: before getting up, before bed, and between hours of sitting. */
#include "bot/handler.h"

#include <stdio.h>
#include <string.h>

enum { SNOOZE_MS = 30 * 60 * 1000, BED_DEFAULT_MIN = 22 * 60, WAKE_DEFAULT_MIN = 7 * 60 };

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

static void due(struct turn *t, struct reminder *r)
{
	if (!exercises_are_ok(t)) {
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
	turn_remind_once(t, "snooze_stretch", SNOOZE_MS,
		fact_get(turn_store(t), turn_arena(t), turn_user(t)->id, "exercise_wish"), false);
}

/* ---- on and off ---- */

static void forget_reminder(struct turn *t, const char *kind)
{
	struct reminder r;

	if (reminder_find(turn_store(t), turn_arena(t), turn_user(t)->id, kind, &r)) {
		reminder_delete(turn_store(t), r.id);
	}
}

static int minutes_of(const char *hhmm, int fallback)
{
	int hour, minute;

	return hhmm && sscanf(hhmm, "%d:%d", &hour, &minute) == 2 ? hour * 60 + minute : fallback;
}

static void remind(struct turn *t, const char *kind, int minute)
{
	struct rule rule = {.days = RULE_EVERY_DAY, .from_min = minute, .to_min = minute};

	turn_remind(t, kind, &rule, 0, NULL);
}

/* Evening and morning belong together: the pair is what breaks the nightly stiffening. */
static void stretch_on(struct turn *t, const char *argument)
{
	struct value bed = turn_get(t, "bed_at"), wake = turn_get(t, "wake");

	(void)argument;
	remind(t, "stretch_bed",
		minutes_of(bed.type == VALUE_TEXT ? bed.text : NULL, BED_DEFAULT_MIN));
	remind(t, "stretch_wake",
		minutes_of(wake.type == VALUE_TEXT ? wake.text : NULL, WAKE_DEFAULT_MIN));
}

static const struct handler_action actions[] = {
	{.name = "snooze_stretch", .run = snooze},
	{.name = "stretch_on", .run = stretch_on},
	{0},
};

static void bed(struct turn *t, const char *rest)
{
	static const char *const off_words[] = {"off", "stop", "no", "none", "never", NULL};

	if (read_is_phrase(turn_arena(t), turn_lexicon(t), rest, off_words)) {
		forget_reminder(t, "stretch_bed");
		forget_reminder(t, "stretch_wake");
		turn_say(t, "stretch.off");
	} else {
		turn_start(t, "stretch_setting",
			*rest ? arena_printf(turn_arena(t), "bed %s", rest) : NULL);
	}
}

static const char *const bed_words[] = {
	"bedtime", "bed time", "bedtime stretch", "stretch reminder", "stretch reminders", NULL};

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
