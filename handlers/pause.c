/* Silence on request: for some days, or until further notice. Nothing is deleted, and alarm words
 * are still answered. */
#include "handlers/person.h"

#include <stdio.h>
#include <string.h>

enum { MONTH_DAYS = 30, PAUSE_MOST_DAYS = 366 };

/* "Monday, 16 March" */
static const char *show_day(struct turn *t, int64_t day)
{
	static const char *const weekdays[] = {"date.monday", "date.tuesday", "date.wednesday",
		"date.thursday", "date.friday", "date.saturday", "date.sunday"};
	static const char *const months[] = {"date.january", "date.february", "date.march",
		"date.april", "date.may", "date.june", "date.july", "date.august", "date.september",
		"date.october", "date.november", "date.december"};
	struct civil c;

	civil_from_day(day, &c);
	turn_set_text(t, "weekday", turn_text(t, weekdays[civil_weekday(day)]));
	turn_set_text(t, "month", turn_text(t, months[c.month - 1]));
	turn_set_number(t, "day", c.day);
	return turn_text(t, "date.shown");
}

static void pause_until(struct turn *t, int64_t day)
{
	int64_t most = turn_today(t) + PAUSE_MOST_DAYS;
	struct user *user = turn_user(t);

	day = day > most ? most : day;
	user->paused_until_utc_ms = zone_utc(turn_zone(t), day, 0, NULL) * 1000;
	turn_set_text(t, "until", show_day(t, day));
	turn_replan(t);
}

/* ---- "2 weeks", "until monday" ---- */

static int unit_days(struct turn *t, const char *text)
{
	static const struct {
		const char *words[4];
		int days;
	} units[] = {
		{{"day", "days", NULL}, 1},
		{{"week", "weeks", NULL}, 7},
		{{"month", "months", NULL}, MONTH_DAYS},
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (read_has_cue(turn_arena(t), turn_lexicon(t), text, units[i].words)) {
			return units[i].days;
		}
	}
	return 0;
}

/* A count before a unit; "a week" is one. */
static int read_days(struct turn *t, const char *text)
{
	struct read_question q = {
		.type = READ_NUMBER, .min = 1, .max = PAUSE_MOST_DAYS, .in_answer = true};
	char *number = arena_strdup(turn_arena(t), text);
	struct reading reading;
	int unit = unit_days(t, text);
	char *space;

	if (!unit) {
		return 0;
	}
	if (strncasecmp(number, "for ", 4) == 0) {
		number += 4;
	}
	space = strchr(number, ' ');
	if (space) {
		*space = '\0';
	}
	read_reply(turn_arena(t), turn_lexicon(t), &q, number, &reading);
	if (reading.result == READ_NONE && strpbrk(number, "0123456789")) {
		return 0; /* "0 days": ask */
	}
	return unit * (reading.result == READ_VALUE ? (int)reading.value.number : 1);
}

static bool is_later(struct turn *t, struct value date, int64_t *out)
{
	int64_t day;

	if (date.type != VALUE_TEXT || !civil_parse_date(date.text, &day) || day <= turn_today(t)) {
		return false;
	}
	*out = day;
	return true;
}

static bool read_day(struct turn *t, const char *text, int64_t *out)
{
	struct read_question q = {.type = READ_DATE,
		.today = turn_today(t),
		.now_min = turn_minute(t),
		.in_answer = true};
	struct reading reading;
	int n = 0;

	if (strncasecmp(text, "until ", 6) == 0 || strncasecmp(text, "till ", 5) == 0) {
		text = strchr(text, ' ') + 1;
	}
	read_reply(turn_arena(t), turn_lexicon(t), &q, text, &reading);
	if (reading.result == READ_VALUE) {
		return is_later(t, reading.value, out);
	}
	for (size_t i = 0; i < reading.guess_count; i++) { /* "monday", said on a Monday */
		n += is_later(t, reading.guess[i], out);
	}
	return n == 1;
}

/* ---- actions and words ---- */

static void pause_days(struct turn *t, const char *argument)
{
	int days = 0;

	sscanf(argument, "%d", &days);
	pause_until(t, turn_today(t) + days);
}

static void pause_date(struct turn *t, const char *argument)
{
	struct value v = turn_get(t, "date");
	int64_t day;

	(void)argument;
	if (v.type == VALUE_TEXT && civil_parse_date(v.text, &day) && day > turn_today(t)) {
		pause_until(t, day);
	} else {
		pause_until(t, turn_today(t) + 1);
	}
}

static const struct flow_fact sets_until[] = {{"until", VALUE_TEXT}, {0}};

static const struct handler_action actions[] = {
	{.name = "pause_days", .run = pause_days, .sets = sets_until, .takes_argument = true},
	{.name = "pause_date", .run = pause_date, .sets = sets_until},
	{0},
};

static void pause_words_run(struct turn *t, const char *rest)
{
	int days = read_days(t, rest);
	int64_t day = turn_today(t) + days;

	if (days || read_day(t, rest, &day)) {
		pause_until(t, day);
		turn_say(t, "pause.until");
	} else {
		turn_start(t, "pause", NULL);
	}
}

static void quiet(struct turn *t, const char *rest)
{
	(void)rest;
	pause_until(t, turn_today(t) + 1);
	turn_say(t, "pause.today");
}

static void stop(struct turn *t, const char *rest)
{
	(void)rest;
	turn_user(t)->is_stopped = true;
	turn_end_all(t);
	turn_replan(t);
	turn_say(t, turn_has_consent(t) ? "pause.stopped" : "pause.never");
}

static void start(struct turn *t, const char *rest)
{
	struct user *user = turn_user(t);
	bool was_silent = user->is_stopped || user->paused_until_utc_ms > turn_now_utc_ms(t);

	(void)rest;
	if (!turn_has_consent(t)) {
		turn_start(t, "welcome", NULL);
		return;
	}
	user->is_stopped = false;
	user->paused_until_utc_ms = 0;
	turn_replan(t);
	if (!person_has_reminder(t, "checkin")) { /* stopped before the welcome was over */
		turn_start(t, "welcome", NULL);
		return;
	}
	turn_say(t, was_silent ? "pause.back" : "pause.running");
}

static const char *const pause_words[] = {"pause", "holiday", "vacation", "take a break", "break",
	"going on holiday", "i am on holiday", "on holiday", "i am away", NULL};
static const char *const quiet_words[] = {"quiet", "quiet today", "be quiet", "silence",
	"leave me alone", "leave me in peace", "go away", "shut up", NULL};
static const char *const stop_words[] = {"stop", "stop it", "stop writing", "unsubscribe",
	"no more messages", "stop reminders", "stop all reminders", "turn off reminders",
	"turn everything off", "mute", "no reminders", "no more reminders", "reminders off", NULL};
static const char *const start_words[] = {"start", "resume", "start again", "go on", "continue",
	"i am back", "im back", "unmute", NULL};

static const struct handler_command commands[] = {
	{.words = stop_words, .run = stop, .always = true, .before_consent = true},
	{.words = pause_words, .run = pause_words_run, .takes_rest = true},
	{.words = quiet_words, .run = quiet},
	{.words = start_words, .run = start, .before_consent = true},
	{0},
};

const struct handler pause_handler = {
	.name = "pauses",
	.actions = actions,
	.commands = commands,
};
