/* The words of the triage: questions as lettered lists, results in the order action, number, where;
 * why; what to say to the doctor. Private answers are never quoted. */
#include "base/buf.h"
#include "bot/prompts.h"
#include "handlers/triage_now.h"

#include <string.h>

enum { SAID_MAX = 6, SAID_LEN = 220 };

/* ---- numbers ---- */

void triage_say_numbers(struct turn *t)
{
	const struct number_row *row =
		numbers_find(triage_numbers(triage_now_table(t)), turn_user(t)->country);
	bool is_known = row->country[0] != '\0';
	const char *emergency = is_known
					? row->emergency
					: triage_now_words(t, "numbers", "unknown", row->emergency);

	turn_set_text(t, "emergency", emergency);
	turn_set_text(t, "call", turn_text(t, is_known ? "triage.call" : "triage.call_unknown"));
	turn_set_text(t, "crisis", row->crisis ? row->crisis : emergency);
	turn_set_text(t, "advice_number", row->advice ? row->advice : "");
	turn_set_text(t, "advice", row->advice ? turn_text(t, "triage.advice") : "");
}

/* ---- questions ---- */

const char *triage_say_step(struct turn *t, const struct triage_next *n)
{
	static const char *const ends[] = {
		[TRIAGE_ASK_PART] = "",
		[TRIAGE_ASK_ROW] = "",
		[TRIAGE_ASK_CLEARER] = ".clearer",
		[TRIAGE_ASK_SETTLED] = ".known",
		[TRIAGE_RESULT] = "",
	};

	return arena_printf(turn_arena(t), "%s.%s%s", n->screen,
		n->row_count > 0 ? n->rows[0]->id : "", ends[n->ask]);
}

static const char *list_rows(struct turn *t, const struct triage_next *n)
{
	struct buf b = {0};
	const char *intro = triage_intro(triage_now_table(t), n->screen);
	const char *text;

	if (n->is_first && intro) {
		buf_adds(&b, triage_now_words(t, n->screen, "intro", intro));
	} else if (strcmp(n->screen, "facts") == 0) {
		buf_adds(&b, turn_text(t, "triage.facts"));
	} else {
		buf_adds(&b, turn_text(t, "triage.more"));
	}
	for (size_t i = 0; i < n->row_count; i++) {
		buf_printf(&b, "\n%c) %s", (char)('a' + i),
			triage_now_words(t, n->rows[i]->id, "brief", n->rows[i]->brief));
	}
	buf_printf(&b, "\n%s", turn_text(t, "triage.letters"));
	text = arena_strdup(turn_arena(t), buf_text(&b));
	buf_finish(&b);
	return text;
}

static void ask_list(struct turn *t, const struct triage_next *n, const char *step)
{
	const struct flow_choice choices[] = {
		{"none", turn_text(t, "triage.button_none")},
		{"one by one", turn_text(t, "triage.button_single")},
		{0},
	};

	turn_ask(t, list_rows(t, n), step, "choices", choices, false);
}

static void ask_options(struct turn *t, const struct triage_row *row, const char *step)
{
	struct flow_choice *choices =
		arena_alloc(turn_arena(t), (row->option_count + 2) * sizeof *choices);
	bool is_many = row->kind == TRIAGE_CHOICES;
	struct buf b = {0};
	size_t n = 0;

	buf_adds(&b, triage_now_words(t, row->id, "ask", row->ask));
	for (size_t i = 0; i < row->option_count; i++) {
		const struct read_option *o = &row->options[i];
		const char *label = triage_now_words(
			t, arena_printf(turn_arena(t), "%s.%s", row->id, o->id), "label", o->label);

		if (is_many) {
			buf_printf(&b, "\n%c) %s", (char)('a' + i), label);
		} else {
			choices[n++] = (struct flow_choice){o->id, label};
		}
	}
	if (is_many) {
		buf_printf(&b, "\n%s", turn_text(t, "triage.letters"));
		choices[n++] = (struct flow_choice){"none", turn_text(t, "triage.button_none")};
	}
	turn_ask(t, arena_strdup(turn_arena(t), buf_text(&b)), step, is_many ? "choices" : "choice",
		choices, row->can_skip);
	buf_finish(&b);
}

static void ask_yesno(struct turn *t, const char *text, const char *step, bool can_skip)
{
	const struct flow_choice choices[] = {
		{"yes", turn_text(t, "triage.button_yes")},
		{"no", turn_text(t, "triage.button_no")},
		{"not sure", turn_text(t, "triage.button_unsure")},
		{0},
	};

	turn_ask(t, text, step, "yesno", choices, can_skip);
}

static void ask_row(struct turn *t, const struct triage_row *row, const char *step)
{
	switch (row->kind) {
	case TRIAGE_CHOICE:
	case TRIAGE_CHOICES:
		ask_options(t, row, step);
		break;
	case TRIAGE_NUMBER:
	case TRIAGE_TEMPERATURE:
		turn_ask(t, triage_now_words(t, row->id, "ask", row->ask), step, "number", NULL,
			row->can_skip);
		break;
	case TRIAGE_YESNO:
		ask_yesno(t, triage_now_words(t, row->id, "ask", row->ask), step, row->can_skip);
		break;
	}
}

void triage_say_question(struct turn *t, const struct triage_next *n)
{
	const char *step = arena_printf(turn_arena(t), "triage.%s", triage_say_step(t, n));
	const struct triage_row *row = n->rows[0];

	for (size_t i = 0; i < n->row_count; i++) {
		turn_trace(t, arena_printf(turn_arena(t), "triage row %s", n->rows[i]->id));
	}
	switch (n->ask) {
	case TRIAGE_ASK_PART:
		ask_list(t, n, step);
		break;
	case TRIAGE_ASK_ROW:
		ask_row(t, row, step);
		break;
	case TRIAGE_ASK_CLEARER:
		ask_yesno(t, triage_now_words(t, row->id, "clearer", row->clearer), step,
			row->can_skip);
		break;
	case TRIAGE_ASK_SETTLED:
		triage_say_numbers(t);
		ask_yesno(t, turn_text(t, "triage.known"), step, false);
		break;
	case TRIAGE_RESULT:
		break;
	}
}

/* ---- results ---- */

struct said {
	struct buf text;
	int count;
};

static void add_said(struct turn *t, struct said *s, const struct triage_row *row)
{
	const char *words = row->said ? triage_now_words(t, row->id, "said", row->said) : NULL;

	/* A message to be read in fear stays short. */
	if (!words || row->is_private || s->count == SAID_MAX ||
		(s->count > 0 && s->text.len + strlen(words) > SAID_LEN)) {
		return;
	}
	buf_printf(&s->text, "%s%s", s->count++ > 0 ? "; " : "", words);
}

/* What was long known of the person: whoever answers the phone wants to hear it as well. */
static void add_known(struct turn *t, struct said *s, const struct triage_run *run)
{
	const struct triage_table *table = triage_now_table(t);
	struct values *facts = triage_now_facts(t);
	const struct triage_row *row;
	struct value v;

	for (size_t i = 0; (row = triage_row_at(table, i)); i++) {
		if (row->is_fact && row->kind == TRIAGE_YESNO &&
			triage_answer_get(run, row->id, NULL) == TRIAGE_UNASKED &&
			values_get(facts, row->id, &v) && v.type == VALUE_NUMBER && v.number != 0) {
			add_said(t, s, row);
		}
	}
}

/* The positive answers in plain words, for the phone; private ones stay between us. */
static const char *list_said(
	struct turn *t, const struct triage_run *run, const struct triage_result *r)
{
	struct said s = {0};
	const char *text;

	for (const struct triage_row *const *row = r->rows; *row; row++) {
		add_said(t, &s, *row);
	}
	if (s.count > 0) {
		add_known(t, &s, run);
	}
	text = s.count > 0 ? arena_strdup(turn_arena(t), buf_text(&s.text))
			   : turn_text(t, "triage.as_told");
	buf_finish(&s.text);
	return text;
}

/* The first reason at this level that has words. */
static const char *why(struct turn *t, const struct triage_result *r)
{
	for (const struct triage_rule *const *rule = r->rules; *rule; rule++) {
		if ((*rule)->level == r->level && (*rule)->why) {
			return triage_now_words(t, (*rule)->id, "why", (*rule)->why);
		}
	}
	return turn_text(t, r->level == TRIAGE_EMERGENCY ? "triage.why_now"
			    : r->level == TRIAGE_URGENT  ? "triage.why_today"
							 : "triage.why_soon");
}

static const char *where_today(unsigned to)
{
	if (to & TRIAGE_TO_MATERNITY) {
		return "triage.today_maternity";
	}
	return to & TRIAGE_TO_PHARMACIST ? "triage.today_pharmacist" : "triage.today_doctor";
}

/* Hurt by somebody, or not safe at home. */
static bool is_unsafe(const struct triage_row *row)
{
	return strcmp(row->id, "c_home") == 0 || strcmp(row->id, "e_danger") == 0;
}

static bool is_at_risk(const struct triage_result *r)
{
	bool is = false;

	for (const struct triage_row *const *row = r->rows; *row; row++) {
		is |= is_unsafe(*row);
	}
	return is;
}

/* Only what belongs to this level: nothing distracts from "call now". */
static void say_rule_texts(struct turn *t, const struct triage_result *r)
{
	for (const struct triage_rule *const *rule = r->rules; *rule; rule++) {
		if ((*rule)->text && (*rule)->level == r->level) {
			turn_say_raw(t, triage_now_words(t, (*rule)->id, "text", (*rule)->text));
		}
	}
}

/* Does something that decided call for a person's body to be looked at, too? */
static bool is_for_body(const struct triage_result *r, unsigned other)
{
	for (const struct triage_row *const *row = r->rows; *row; row++) {
		if ((*row)->has_level && (*row)->level >= r->level && !((*row)->to & other) &&
			!is_unsafe(*row)) {
			return true;
		}
	}
	for (const struct triage_rule *const *rule = r->rules; *rule; rule++) {
		if ((*rule)->level >= r->level && !((*rule)->to & other)) {
			return true;
		}
	}
	return false;
}

static void say_today(struct turn *t, const struct triage_result *r)
{
	turn_set_text(t, "where", turn_text(t, where_today(r->to)));
	turn_alarm(t, "triage.urgent");
}

/* Words for somebody who is not safe, or thinks of death, stand by themselves: the list for the
 * doctor would be cold. */
static void say_level(struct turn *t, const struct triage_result *r)
{
	bool is_crisis = r->to & TRIAGE_TO_CRISIS;
	bool is_body = is_for_body(r, TRIAGE_TO_CRISIS);

	if (is_at_risk(r)) {
		turn_alarm(t, "alarm.unsafe");
	}
	switch (r->level) {
	case TRIAGE_EMERGENCY:
		if (is_body) {
			turn_alarm(t, "triage.emergency");
		}
		if (is_crisis) {
			turn_alarm(t, "triage.crisis");
		}
		break;
	case TRIAGE_URGENT:
		if (is_crisis) {
			turn_alarm(t, "triage.despair");
		}
		if (is_body) {
			say_today(t, r);
		}
		break;
	case TRIAGE_SOON:
		turn_say(t, "triage.soon");
		break;
	case TRIAGE_ROUTINE:
		turn_say(t, "triage.routine");
		break;
	case TRIAGE_SELF_CARE:
		turn_say(t, "triage.self_care");
		break;
	}
}

void triage_say_minor(struct turn *t)
{
	triage_say_numbers(t);
	turn_say(t, "triage.minor");
}

void triage_say_result(struct turn *t, const struct triage_run *run, const struct triage_result *r)
{
	triage_say_numbers(t);
	turn_set_text(t, "said", list_said(t, run, r));
	turn_set_text(t, "why", why(t, r));
	/* Of a run that broke off only what is worth acting on is said: never "no hurry". */
	if (r->is_finished || r->level >= TRIAGE_SOON) {
		say_level(t, r);
	}
	/* "Call now" is never followed by a "call if". */
	if (!r->is_finished && r->level < TRIAGE_EMERGENCY) {
		turn_alarm(t, "triage.unfinished");
	} else if (r->level < TRIAGE_URGENT) {
		turn_say(t, "triage.net");
	}
	say_rule_texts(t, r);
	if (triage_now_is_minor(t)) {
		turn_say(t, "triage.minor");
	}
	turn_why(t, turn_text(t, r->level == TRIAGE_SELF_CARE ? "triage.why_none" : "triage.why"));
}

void triage_say_alarm(struct turn *t, enum triage_level level, unsigned to, bool is_private)
{
	triage_say_numbers(t);
	if (is_private) {
		turn_alarm(t, "alarm.unsafe");
	} else if (to & TRIAGE_TO_CRISIS) {
		turn_alarm(t, level == TRIAGE_EMERGENCY ? "alarm.crisis" : "alarm.despair");
	} else if (level == TRIAGE_EMERGENCY) {
		turn_alarm(t, "alarm.emergency");
	} else {
		turn_set_text(t, "where", turn_text(t, where_today(to)));
		turn_alarm(t, "alarm.urgent");
	}
}
