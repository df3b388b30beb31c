/* "Should I see a doctor?": leads the questions, answers a reply that cannot be read once more and
 * then carefully, and comes back to ask how it went. */
#include "base/json.h"
#include "handlers/person.h"
#include "handlers/triage_now.h"

#include <string.h>

enum { OPEN_HOURS = 24 };

static void begin(struct turn *t, const char *start)
{
	triage_now_begin(t, start, false);
}

/* ---- commands ---- */

/* Before consent nothing is asked, as answers would have to be kept: the signs and the number in
 * one message, then the question for consent. */
static void doctor(struct turn *t, const char *rest)
{
	(void)rest;
	if (!turn_has_consent(t)) {
		triage_say_numbers(t);
		turn_alarm(t, "triage.before_consent");
		turn_start(t, "welcome", NULL);
		return;
	}
	if (turn_has_dialog(t, "triage")) {
		turn_say(t, "triage.again");
		turn_end_dialog(t);
	}
	turn_say(t, "triage.hello");
	begin(t, NULL);
}

/* Somebody who asks for the number gets it at once, before and above everything else. */
static void number(struct turn *t, const char *rest)
{
	(void)rest;
	triage_say_numbers(t);
	turn_alarm(t, "triage.number");
}

static const char *const number_words[] = {"emergency", "emergency number", "sos", "ambulance",
	"call an ambulance", "call me an ambulance", "i need an ambulance", "112", "911", "999",
	"call 112", "call 911", "call 999", "it is an emergency", "this is an emergency", NULL};
static const char *const doctor_words[] = {"doctor", "should i see a doctor",
	"should i see the doctor", "should i go to the doctor", "see a doctor", "see a doc",
	"should i see a doc", "should i see someone", "should i worry", "should i be worried",
	"triage", "check symptoms", "check my symptoms", "symptom check", "symptoms",
	"is this serious", "is it serious", "do i need a doctor", "need a doctor",
	"i need a doctor", NULL};

/* "Do you think I should go to my GP about this?" */
static bool free_talk(struct turn *t, const char *text)
{
	static const char *const who[] = {"doctor", "doctors", "doc", "gp", "hospital", "a&e",
		"emergency room", "er", "physio", NULL};
	static const char *const urgent[] = {"ambulance", "emergency", NULL};
	static const char *const whether[] = {"should", "need", "must", "better see", NULL};

	if (read_has_cue(turn_arena(t), turn_lexicon(t), text, urgent)) {
		number(t, "");
		return true;
	}
	if (!read_has_cue(turn_arena(t), turn_lexicon(t), text, who) ||
		!read_has_cue(turn_arena(t), turn_lexicon(t), text, whether)) {
		return false;
	}
	doctor(t, "");
	return true;
}

static const struct handler_command commands[] = {
	{.words = number_words, .run = number, .always = true, .before_consent = true},
	{.words = doctor_words, .run = doctor, .always = true, .before_consent = true},
	{0},
};

/* ---- for flows ---- */

static void triage_start(struct turn *t, const char *argument)
{
	turn_say(t, "triage.because");
	begin(t, *argument && strcmp(argument, "A") != 0 ? argument : NULL);
}

static const struct handler_action actions[] = {
	{.name = "triage_start", .run = triage_start, .takes_argument = true},
	{0},
};

/* A run is open, or broke off less than a day ago. */
static bool has_open_questions(struct turn *t)
{
	int64_t open = fact_set_at(turn_store(t), turn_user(t)->id, "triage_open");

	return turn_has_dialog(t, "triage") ||
	       (open && turn_now_utc_ms(t) - open <= OPEN_HOURS * INT64_C(3600000));
}

static struct value get_questions_open(struct turn *t)
{
	return value_number(has_open_questions(t));
}

/* Exercises are for adults; they rest while a level says so, and while questions are open. */
static struct value get_exercise_ok(struct turn *t)
{
	enum triage_level level = TRIAGE_SELF_CARE;

	triage_level_find(triage_level_now(t), &level);
	return value_number(
		level < TRIAGE_URGENT && !triage_now_is_minor(t) && !has_open_questions(t));
}

static struct value get_tier(struct turn *t)
{
	const char *level = triage_level_now(t);

	return *level ? value_text(level) : value_null();
}

static const struct handler_fact facts[] = {
	{"exercise_ok", VALUE_NUMBER, get_exercise_ok},
	{"questions_open", VALUE_NUMBER, get_questions_open},
	{"tier", VALUE_TEXT, get_tier},
	{0},
};

/* ---- replies ---- */

static const char *const later_words[] = {"later", "not now", "cancel", "enough", "quit",
	"leave it", "stop asking", "no more questions", "i have to go", "another time", NULL};

/* Who has just said that life is not worth living hears of a person to talk to before the next
 * question comes. */
static void comfort(struct turn *t, const struct triage_run *run, const struct triage_next *asked)
{
	for (size_t i = 0; i < asked->row_count; i++) {
		const struct triage_row *row = asked->rows[i];

		if (row->to & TRIAGE_TO_CRISIS && row->level < TRIAGE_EMERGENCY &&
			triage_answer_get(run, row->id, NULL) == TRIAGE_YES) {
			triage_say_alarm(t, row->level, row->to, false);
		}
	}
}

static void reply_run(struct turn *t, struct triage_now *now, const char *text)
{
	struct triage_next asked;

	triage_next(now->run, &asked);
	if (read_is_phrase(turn_arena(t), turn_lexicon(t), text, later_words)) {
		triage_now_give_up(t, now);
		return;
	}
	if (triage_reply(now->run, turn_lexicon(t), text) == TRIAGE_UNREAD) {
		if (now->unread > 0) {
			triage_now_give_up(t, now);
			return;
		}
		now->unread = 1;
		turn_say(t, asked.ask == TRIAGE_ASK_PART ? "triage.unread_list" : "triage.unread");
		triage_now_go_on(t, now);
		return;
	}
	now->unread = 0;
	now->is_nudged = false;
	triage_now_log(t, now->run, &asked);
	comfort(t, now->run, &asked);
	triage_now_go_on(t, now);
}

/* "Yes" or "no" to a question about alarm words: 1, 0; -1 not sure, -2 neither. */
static int read_yes(struct turn *t, const char *text)
{
	struct read_question q = {.type = READ_YESNO, .in_answer = true};
	struct reading r;

	read_reply(turn_arena(t), turn_lexicon(t), &q, text, &r);
	if (r.result != READ_VALUE) {
		return -2;
	}
	return r.value.type == VALUE_NUMBER ? r.value.number != 0 : -1;
}

static const char *const fine_words[] = {"im fine", "i am fine", "im ok", "i am ok", "im okay",
	"all good", "false alarm", "no im fine", "no i am fine", "no im ok", "i was joking",
	"just joking", "only joking", "joke", "not me", "nothing like that", "im good", "i am good",
	"it was a joke", "all fine", "fine", "gone", NULL};

/* A false alarm takes its level back. */
static void calm(struct turn *t, const struct triage_now *now)
{
	turn_say(t, "alarm.good");
	if (now->mode == TRIAGE_MODE_OFFER) {
		triage_level_set(t, now->before);
		reminder_cancel(turn_store(t), turn_user(t)->id, "checkback");
	}
	turn_end_dialog(t);
}

/* "No" to more questions is not "nothing is wrong": the level and the check-back stay. */
static void decline(struct turn *t)
{
	triage_say_numbers(t);
	turn_say(t, "alarm.declined");
	turn_end_dialog(t);
}

static void confirm(struct turn *t, struct triage_now *now)
{
	enum triage_level level = TRIAGE_EMERGENCY;

	triage_level_find(now->level, &level);
	now->before = triage_level_raise(t, level);
	triage_level_follow(t, level);
	now->mode = TRIAGE_MODE_OFFER;
	triage_say_alarm(t, level, now->to, false);
	triage_now_keep(t, now, "offer");
	turn_ask(t, turn_text(t, "alarm.offer"), "triage.offer", "yesno", NULL, false);
}

static bool reply_alarm(struct turn *t, struct triage_now *now, const char *text)
{
	bool is_fine = read_is_phrase(turn_arena(t), turn_lexicon(t), text, fine_words);
	int yes = is_fine ? 0 : read_yes(t, text);
	/* "Gone after 10 minutes of rest?": there a yes is the good answer. */
	bool is_good = now->mode == TRIAGE_MODE_REST && !is_fine ? yes == 1 : yes == 0;

	if (yes == -2) {
		return false;
	}
	if (is_fine || (is_good && now->mode != TRIAGE_MODE_OFFER)) {
		calm(t, now);
	} else if (is_good) {
		decline(t);
	} else if (now->mode == TRIAGE_MODE_OFFER) {
		triage_now_begin(t, NULL, true);
	} else {
		confirm(t, now);
	}
	return true;
}

static bool reply(
	struct turn *t, struct dialog *dialog, enum flow_input_kind kind, const char *text)
{
	struct triage_now now;

	if (!triage_now_read(t, dialog->values, &now)) {
		begin(t, NULL); /* the table has changed beyond recognition: from the start */
		return true;
	}
	if (now.mode != TRIAGE_MODE_RUN) {
		return reply_alarm(t, &now, text);
	}
	reply_run(t, &now, kind == FLOW_INPUT_SKIP ? "skip" : text);
	return true;
}

static void repeat(struct turn *t, struct dialog *dialog)
{
	struct triage_now now;

	if (!triage_now_read(t, dialog->values, &now)) {
		turn_end_dialog(t);
	} else if (now.mode == TRIAGE_MODE_RUN) {
		triage_now_repeat(t, &now);
	} else {
		turn_ask(t,
			turn_text(t, now.mode == TRIAGE_MODE_OFFER ? "alarm.offer"
				     : now.mode == TRIAGE_MODE_NOW ? "alarm.now"
								   : "alarm.rest"),
			arena_printf(turn_arena(t), "triage.%s", dialog->step), "yesno", NULL,
			false);
	}
}

/* ---- due times ---- */

/* No reply: one reminder with the emergency line; then it is closed with what is known. */
static void due_wait(struct turn *t, const struct reminder *r)
{
	struct triage_now now;

	if (!triage_now_read(t, r->data, &now)) {
		return;
	}
	if (now.is_nudged || !turn_has_dialog(t, "triage")) {
		triage_now_give_up(t, &now);
		return;
	}
	now.is_nudged = true;
	triage_say_numbers(t);
	turn_alarm(t, "triage.waiting");
	triage_now_go_on(t, &now);
}

static void say_checkback(struct turn *t, enum triage_level level)
{
	triage_say_numbers(t);
	switch (level) {
	case TRIAGE_EMERGENCY:
		turn_alarm(t, "triage.back_emergency");
		break;
	case TRIAGE_URGENT:
		turn_alarm(t, "triage.back_urgent");
		break;
	case TRIAGE_SOON:
		turn_say(t, "triage.back_soon");
		break;
	default:
		turn_say(t, "triage.back_routine");
		break;
	}
}

static void due_checkback(struct turn *t, const struct reminder *r)
{
	struct json_object *o = r->data ? json_read(r->data, strlen(r->data)) : NULL;
	enum triage_level level;

	/* After 48 hours of silence one last word; who has written has not been silent. */
	if (triage_level_find(json_text(o, "level", ""), &level) &&
		(strcmp(json_text(o, "which", ""), "silence") != 0 ||
			(double)turn_user(t)->last_inbound_utc_ms <= json_number(o, "asked", 0))) {
		say_checkback(t, level);
	}
	json_object_put(o);
}

static void due(struct turn *t, struct reminder *r)
{
	if (strcmp(r->kind, "triage_wait") == 0) {
		due_wait(t, r);
	} else {
		due_checkback(t, r);
	}
}

static const char *const due_kinds[] = {"triage_wait", "checkback", NULL};

const struct handler triage_handler = {
	.name = "triage",
	.actions = actions,
	.facts = facts,
	.commands = commands,
	.due_kinds = due_kinds,
	.due = due,
	.reply = reply,
	.repeat = repeat,
	.free_talk = free_talk,
};
