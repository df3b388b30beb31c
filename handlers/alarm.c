/* Alarm words: looked for in every message before any other meaning, whatever is open, and answered
 * at once, also before consent (then nothing about health is kept). */
#include "flow/alarm.h"
#include "base/json.h"
#include "bot/prompts.h"
#include "handlers/person.h"
#include "handlers/triage_now.h"
#include "store/messages.h"

#include <string.h>

enum { ECHO_MESSAGES = 4 };

static void ask_offer(struct turn *t, struct triage_now *now)
{
	now->mode = TRIAGE_MODE_OFFER;
	triage_now_keep(t, now, "offer");
	turn_ask(t, turn_text(t, "alarm.offer"), "triage.offer", "yesno", NULL, false);
}

/* Family and level only, for statistics: never the words. */
static void note_alarm(struct turn *t, const struct alarm_hit *hit)
{
	turn_log_text(t, "alarm",
		arena_printf(turn_arena(t), "%s %s", hit->family,
			hit->verdict == ALARM_HIT ? triage_level_name(hit->level) : "-"));
}

static void keep_hit(struct turn *t, const struct alarm_hit *hit, struct triage_now *now)
{
	now->before = triage_level_raise(t, hit->level);
	now->level = triage_level_name(hit->level);
	now->row = hit->row ? hit->row : "";
	now->to = hit->to;
	note_alarm(t, hit);
	triage_level_follow(t, hit->level);
}

static void on_hit(struct turn *t, const struct alarm_hit *hit)
{
	struct triage_now now = {.before = "", .level = "", .row = ""};

	triage_say_alarm(t, hit->level, hit->to, hit->is_private);
	turn_end_all(t); /* all coaching stops; and a "yes" to this is no consent to notes */
	if (!turn_has_consent(t)) {
		return;
	}
	keep_hit(t, hit, &now);
	turn_why(t, turn_text(t, "alarm.why"));
	ask_offer(t, &now);
}

/* A sign without a level of its own: the emergency screen now. The number that came with it is not
 * lost. */
static void on_screen(struct turn *t, const struct alarm_hit *hit, const char *text)
{
	struct read_question q = {.type = READ_SCALE, .max = 10, .subject = "pain"};
	struct reading reading;

	triage_say_numbers(t);
	turn_alarm(t, hit->asks_harm ? "alarm.screen_harm" : "alarm.screen");
	if (!turn_has_consent(t)) {
		return;
	}
	read_reply(turn_arena(t), turn_lexicon(t), &q, text, &reading);
	if (reading.result == READ_VALUE && reading.value.type == VALUE_NUMBER) {
		turn_log_number(t, "pain", reading.value.number, NULL);
	}
	note_alarm(t, hit);
	triage_now_begin(t, NULL, true);
}

static void on_question(struct turn *t, const struct alarm_hit *hit)
{
	bool is_rest = hit->verdict == ALARM_ASK_REST;
	struct triage_now now = {
		.mode = is_rest ? TRIAGE_MODE_REST : TRIAGE_MODE_NOW,
		.before = "",
		.level = triage_level_name(hit->level),
		.row = hit->row ? hit->row : "",
		.to = hit->to,
	};

	if (!turn_has_consent(t)) {
		triage_say_numbers(t);
		turn_alarm(t, "alarm.if_now");
		return;
	}
	triage_now_keep(t, &now, is_rest ? "rest" : "now");
	turn_ask(t, turn_text(t, is_rest ? "alarm.rest" : "alarm.now"),
		is_rest ? "triage.rest" : "triage.now", "yesno", NULL, false);
}

/* Inside a run the words may be the answer to its question: a sign answers its row; what a guard
 * explains is left to the reply. */
static bool take_in_run(struct turn *t, const struct alarm_hit *hit, struct triage_now *now)
{
	if (hit->verdict != ALARM_HIT) {
		return true;
	}
	if (hit->level == TRIAGE_EMERGENCY || !hit->row) {
		return false;
	}
	if (hit->is_private || hit->to & TRIAGE_TO_CRISIS) {
		triage_say_alarm(t, hit->level, hit->to, hit->is_private);
	}
	triage_set(now->run, hit->row, TRIAGE_YES, value_null());
	note_alarm(t, hit);
	triage_now_go_on(t, now);
	return true;
}

/* G6: the bot's own last words sent back are no alarm. */
static bool is_own_echo(struct turn *t, const struct alarm_table *table, const char *text)
{
	struct message rows[ECHO_MESSAGES];
	size_t n = message_history(
		turn_store(t), turn_arena(t), turn_user(t)->id, NULL, 0, 0, rows, ECHO_MESSAGES);
	bool is_echo = false;

	for (size_t i = 0; i < n && !is_echo; i++) {
		struct json_object *o = rows[i].state != MESSAGE_IN && rows[i].body
						? json_read(rows[i].body, strlen(rows[i].body))
						: NULL;
		const char *said = json_text(o, "text", NULL);
		struct alarm_hit hit;

		if (said) {
			alarm_scan(turn_arena(t), table, text, said, &hit);
			is_echo = hit.verdict == ALARM_NONE;
		}
		json_object_put(o);
	}
	return is_echo;
}

/* The run that is open on top, if any. */
static bool read_open_run(struct turn *t, struct triage_now *out)
{
	struct dialog d;

	return turn_has_dialog(t, "triage") &&
	       dialog_top(turn_store(t), turn_arena(t), turn_user(t)->id, &d) &&
	       triage_now_read(t, d.values, out) && out->mode == TRIAGE_MODE_RUN;
}

static bool first(struct turn *t, const char *text)
{
	const struct alarm_table *table = prompts_alarms(turn_prompts(t), turn_user(t)->lang);
	struct alarm_hit hit;
	struct triage_now now;

	alarm_scan(turn_arena(t), table, text, NULL, &hit);
	if (hit.verdict == ALARM_NONE || is_own_echo(t, table, text)) {
		return false;
	}
	if (read_open_run(t, &now) && take_in_run(t, &hit, &now)) {
		return hit.verdict == ALARM_HIT;
	}
	switch (hit.verdict) {
	case ALARM_HIT:
		on_hit(t, &hit);
		return true;
	case ALARM_SCREEN:
		on_screen(t, &hit, text);
		return true;
	case ALARM_ASK_NOW:
	case ALARM_ASK_REST:
		on_question(t, &hit);
		return true;
	case ALARM_OTHER:
		triage_say_numbers(t);
		turn_alarm(t, "alarm.other");
		return true;
	case ALARM_GENTLE:
		triage_say_numbers(t);
		turn_alarm(t, "alarm.gentle");
		return false; /* and the rest of the message has its own meaning */
	case ALARM_NONE:
		break;
	}
	return false;
}

const struct handler alarm_handler = {
	.name = "alarm",
	.first = first,
};
