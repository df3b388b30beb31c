/* The morning question at the person's own wake time, and its small sister in the evening. The
 * questions are flows; here is when to ask, when to be silent, and when to ask less. */
#include "handlers/person.h"

#include <string.h>

enum {
	SNOOZE_MS = 30 * 60 * 1000,
	LOOSE_MS = 40 * 60 * 1000,
	SHORT_ANSWER = 16, /* "about a six", not "6/10 after gardening" */
	MISSES_ASK = 3,    /* occurrences in a row without a word */
};

static bool has_entry(struct turn *t, const char *kind, enum day_part part)
{
	return entry_exists(turn_store(t), turn_user(t)->id, kind, turn_today(t), part);
}

/* ---- coming due ---- */

static void morning(struct turn *t, const struct reminder *r)
{
	static const char *const replaced[] = {"painlog", "evening", "fewer", "loose"};

	if (has_entry(t, "pain", PART_MORNING)) {
		if (strcmp(r->kind, "snooze_checkin") == 0) { /* only the exercise was put off */
			turn_start(t, "exercise", NULL);
		}
		return;
	}
	/* This question takes the place of older ones about the same thing. */
	for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
		dialog_end_flow(turn_store(t), turn_user(t)->id, replaced[i]);
	}
	if (r->misses == MISSES_ASK) {
		turn_start(t, "fewer", NULL);
	} else if (r->misses == PERSON_MISSES_WEEKLY) {
		turn_say(t, "checkin.weekly");
	} else {
		turn_start(t, "checkin", NULL);
	}
}

static void evening(struct turn *t, const struct reminder *r)
{
	if (has_entry(t, "pain", PART_EVENING)) {
		return;
	}
	if (r->misses == PERSON_MISSES_WEEKLY) {
		turn_say(t, "checkin.evening_weekly");
	} else {
		turn_start(t, "evening", NULL);
	}
}

static void due(struct turn *t, struct reminder *r)
{
	if (strcmp(r->kind, "evening") == 0 || strcmp(r->kind, "snooze_evening") == 0) {
		evening(t, r);
	} else if (strcmp(r->kind, "loose") == 0) {
		if (!has_entry(t, "stiffness", -1)) {
			turn_start(t, "loose", NULL);
		}
	} else {
		morning(t, r);
	}
}

/* ---- actions ---- */

/* One moment, never the series. */
static void snooze(struct turn *t, const char *kind)
{
	const char *name = arena_printf(turn_arena(t), "snooze_%s", kind);

	reminder_cancel(turn_store(t), turn_user(t)->id, name);
	turn_remind_once(t, name, SNOOZE_MS, NULL, false);
}

static void ask_loose_later(struct turn *t, const char *argument)
{
	(void)argument;
	reminder_cancel(turn_store(t), turn_user(t)->id, "loose");
	turn_remind_once(t, "loose", LOOSE_MS, NULL, false);
}

/* What was noted, as one line: "pain 6, a bad night, looser after 20 minutes". A row holds for one
 * choice, or for any number. */
static const struct {
	const char *name, *choice, *text, *zero;
} echoes[] = {
	{"pain", NULL, "checkin.echo_pain", NULL},
	{"night", "good", "checkin.night_good", NULL},
	{"night", "broken", "checkin.night_broken", NULL},
	{"night", "bad", "checkin.night_bad", NULL},
	{"stiffness", NULL, "checkin.echo_stiffness", "checkin.echo_loose"},
	{"side", NULL, "checkin.echo_side", NULL},
	{"place", NULL, "checkin.echo_place", NULL},
};

static void echo(struct turn *t, const char *argument)
{
	const char *line = "";

	(void)argument;
	for (size_t i = 0; i < sizeof echoes / sizeof *echoes; i++) {
		struct value v = turn_get(t, echoes[i].name);

		if (v.type != VALUE_NULL &&
			(!echoes[i].choice ||
				strcmp(value_show(turn_arena(t), v), echoes[i].choice) == 0)) {
			line = arena_printf(turn_arena(t), "%s%s%s", line, *line ? ", " : "",
				turn_text(t, v.number == 0 && echoes[i].zero ? echoes[i].zero
									     : echoes[i].text));
		}
	}
	turn_set_text(t, "echo", line);
	turn_set_number(t, "has_echo", *line != 0);
}

static const struct flow_fact sets_echo[] = {{"echo", VALUE_TEXT}, {"has_echo", VALUE_NUMBER}, {0}};

static const struct handler_action actions[] = {
	{.name = "snooze", .run = snooze, .takes_argument = true},
	{.name = "ask_loose_later", .run = ask_loose_later},
	{.name = "echo_checkin", .run = echo, .sets = sets_echo},
	{0},
};

static bool mentions_pain(struct turn *t, const char *text)
{
	static const char *const cues[] = {"pain", "hurts", "hurting", "sore", "ache", NULL};

	return read_has_cue(turn_arena(t), turn_lexicon(t), text, cues);
}

/* "Good morning" that nobody answered for hours is over, unless this is the answer after all. */
static bool close_stale(struct turn *t, const char *text)
{
	enum { FRESH_MS = 4 * 3600 * 1000 };
	struct read_question q = {
		.type = READ_SCALE, .max = 10, .subject = "pain", .in_answer = true};
	struct reading reading;
	struct dialog d;
	bool is_pain_asked;

	if (!dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &d) ||
		strcmp(d.flow, "checkin") != 0 ||
		turn_now_utc_ms(t) - d.updated_utc_ms < FRESH_MS) {
		return false;
	}
	read_reply(turn_arena(t), turn_lexicon(t), &q, text, &reading);
	is_pain_asked = strcmp(d.step, "pain") == 0;
	if (strlen(text) > SHORT_ANSWER || (is_pain_asked && reading.result == READ_NONE) ||
		(!is_pain_asked && mentions_pain(t, text))) {
		turn_end_dialog(t);
	}
	return false;
}

/* "good morning": the check-in now, if it has not been done. */
static void now(struct turn *t, const char *rest)
{
	(void)rest;
	turn_start(t, turn_part(t) == PART_EVENING ? "evening" : "checkin", NULL);
}

static const char *const now_words[] = {
	"check in", "checkin", "check-in", "good morning", "morning", "log", NULL};

static const struct handler_command commands[] = {
	{.words = now_words, .run = now},
	{0},
};

static const char *const due_kinds[] = {
	"checkin", "snooze_checkin", "evening", "snooze_evening", "loose", NULL};

const struct handler checkin_handler = {
	.name = "checkins",
	.actions = actions,
	.commands = commands,
	.due_kinds = due_kinds,
	.due = due,
	.first = close_stale,
};
