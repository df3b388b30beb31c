/* The open triage between two messages. Its whole place is one JSON object, which also goes with
 * the reminder for no reply: so a run that something else has covered can still be closed
 * carefully. */
#include "handlers/triage_now.h"

#include "base/json.h"
#include "bot/prompts.h"
#include "handlers/person.h"

#include <stdlib.h>
#include <string.h>

enum { ADULT_AGE = 18 };
enum { WAIT_SOON_MS = 30 * 60 * 1000, WAIT_MS = 4 * 60 * 60 * 1000 };

const struct triage_table *triage_now_table(struct turn *t)
{
	return prompts_triage(turn_prompts(t));
}

const char *triage_now_words(struct turn *t, const char *id, const char *part, const char *source)
{
	const char *context = arena_printf(turn_arena(t), "triage.%s.%s", id, part);

	return prompts_translate(turn_prompts(t), turn_user(t)->lang, context, source);
}

/* ---- facts ---- */

static bool is_stale(struct turn *t, const struct triage_row *row)
{
	int64_t set = fact_set_at(turn_store(t), turn_user(t)->id, row->id);

	return row->again_days > 0 &&
	       turn_now_utc_ms(t) - set > row->again_days * INT64_C(24) * 3600 * 1000;
}

static struct value fact_value(const struct triage_row *row, const char *text)
{
	switch (row->kind) {
	case TRIAGE_YESNO:
		return strcmp(text, "yes") == 0  ? value_number(1)
		       : strcmp(text, "no") == 0 ? value_number(0)
						 : value_null();
	case TRIAGE_NUMBER:
	case TRIAGE_TEMPERATURE:
		return *text >= '0' && *text <= '9' ? value_number(strtod(text, NULL))
						    : value_null();
	default:
		return strcmp(text, "unsure") == 0 ? value_null() : value_text(text);
	}
}

bool triage_now_is_minor(struct turn *t)
{
	int age = person_number(t, "p_age", -1);
	const char *minor = person_fact(t, "p_minor");

	return age >= 0 ? age < ADULT_AGE : minor && strcmp(minor, "yes") == 0;
}

static bool is_age(const struct triage_row *row)
{
	return strcmp(row->id, "p_age") == 0 || strcmp(row->id, "p_minor") == 0;
}

struct values *triage_now_facts(struct turn *t)
{
	bool is_minor = triage_now_is_minor(t);
	struct values *facts = values_create(turn_arena(t));
	const struct triage_row *row;

	for (size_t i = 0; (row = triage_row_at(triage_now_table(t), i)); i++) {
		const char *text = row->is_fact ? person_fact(t, row->id) : NULL;

		if (text && !is_stale(t, row) && !(is_minor && is_age(row))) {
			values_set(facts, row->id, fact_value(row, text));
		}
	}
	return facts;
}

/* ---- keeping ---- */

static const char *const mode_names[] = {
	[TRIAGE_MODE_RUN] = "run",
	[TRIAGE_MODE_OFFER] = "offer",
	[TRIAGE_MODE_NOW] = "now",
	[TRIAGE_MODE_REST] = "rest",
};

static const char *write(struct turn *t, const struct triage_now *now)
{
	struct json_object *o = json_object_new_object();
	const char *json;

	json_add_text(o, "mode", mode_names[now->mode]);
	json_add_text(o, "run", now->run ? triage_to_json(turn_arena(t), now->run) : NULL);
	json_add_int(o, "unread", now->unread);
	json_add_bool(o, "nudged", now->is_nudged);
	json_add_text(o, "before", now->before);
	json_add_text(o, "level", now->level);
	json_add_text(o, "row", now->row);
	json_add_int(o, "to", now->to);
	json = arena_strdup(turn_arena(t), json_write(o));
	json_object_put(o);
	return json;
}

static const char *copy_text(struct turn *t, struct json_object *o, const char *key)
{
	return arena_strdup(turn_arena(t), json_text(o, key, ""));
}

bool triage_now_read(struct turn *t, const char *values, struct triage_now *out)
{
	struct json_object *o = values ? json_read(values, strlen(values)) : NULL;
	const char *mode = json_text(o, "mode", "");

	*out = (struct triage_now){0};
	for (size_t i = 0; i < sizeof mode_names / sizeof *mode_names; i++) {
		if (strcmp(mode, mode_names[i]) == 0) {
			out->mode = (enum triage_mode)i;
		}
	}
	out->unread = (int)json_int(o, "unread", 0);
	out->is_nudged = json_flag(o, "nudged", false);
	out->before = copy_text(t, o, "before");
	out->level = copy_text(t, o, "level");
	out->row = copy_text(t, o, "row");
	out->to = (unsigned)json_int(o, "to", 0);
	if (out->mode == TRIAGE_MODE_RUN) {
		out->run = triage_from_json(turn_arena(t), triage_now_table(t), triage_now_facts(t),
			json_text(o, "run", ""));
	}
	json_object_put(o);
	return o && (out->mode != TRIAGE_MODE_RUN || out->run);
}

/* A reply is waited for longer once the emergency screen is behind. */
static int64_t wait_ms(const char *step)
{
	return step[0] == 'A' || strncmp(step, "age", 3) == 0 || strchr(step, '.') == NULL
		       ? (int64_t)WAIT_SOON_MS
		       : (int64_t)WAIT_MS;
}

void triage_now_keep(struct turn *t, const struct triage_now *now, const char *step)
{
	const char *values = write(t, now);

	turn_dialog(t, "triage", step, values);
	reminder_cancel(turn_store(t), turn_user(t)->id, "triage_wait");
	if (now->mode == TRIAGE_MODE_RUN) {
		turn_remind_once(t, "triage_wait", wait_ms(step), values, true);
	}
}

/* ---- a record of what was asked and answered ---- */

static const char *answer_words(
	struct turn *t, const struct triage_run *run, const struct triage_row *row)
{
	struct value v;
	enum triage_answer a = triage_answer_get(run, row->id, &v);

	return a == TRIAGE_VALUE ? value_show(turn_arena(t), v) : triage_answer_name(a);
}

static void keep_fact(struct turn *t, const struct triage_run *run, const struct triage_row *row)
{
	struct value v;

	switch (triage_answer_get(run, row->id, &v)) {
	case TRIAGE_YES:
		person_keep(t, row->id, "yes");
		break;
	case TRIAGE_NO:
		person_keep(t, row->id, "no");
		break;
	case TRIAGE_VALUE:
		person_keep(t, row->id, value_show(turn_arena(t), v));
		break;
	default:
		break; /* not known: asked again another time */
	}
}

void triage_now_log(struct turn *t, const struct triage_run *run, const struct triage_next *asked)
{
	for (size_t i = 0; i < asked->row_count; i++) {
		const struct triage_row *row = asked->rows[i];
		enum triage_answer a = triage_answer_get(run, row->id, NULL);

		if (a == TRIAGE_UNASKED || a == TRIAGE_UNSURE) {
			continue;
		}
		turn_log_text(t, "triage_answer",
			arena_printf(turn_arena(t), "%s (%s): %s | %s", row->id,
				triage_version(triage_now_table(t)), answer_words(t, run, row),
				row->ask));
		if (row->is_fact && turn_has_consent(t)) {
			keep_fact(t, run, row);
		}
	}
}

/* ---- going on ---- */

static const char *list_hits(struct turn *t, const struct triage_result *r)
{
	const char *ids = triage_version(triage_now_table(t));

	for (const struct triage_row *const *row = r->rows; *row; row++) {
		ids = arena_printf(turn_arena(t), "%s %s", ids, (*row)->id);
	}
	for (const struct triage_rule *const *rule = r->rules; *rule; rule++) {
		ids = arena_printf(turn_arena(t), "%s %s", ids, (*rule)->id);
	}
	return ids;
}

/* Only a completed run from the beginning takes the place of an earlier level. */
static void keep_level(struct turn *t, const struct triage_now *now, const struct triage_result *r)
{
	if (r->is_finished && (triage_is_full(now->run) || r->level == TRIAGE_EMERGENCY)) {
		triage_level_set(t, triage_level_name(r->level));
		person_keep_number(t, "triage_full", (double)turn_now_utc_ms(t));
	} else {
		triage_level_raise(t, r->level);
	}
	triage_level_follow(t, r->level);
	person_keep(t, "triage_open", r->is_finished ? NULL : "yes");
}

static void finish(struct turn *t, struct triage_now *now)
{
	struct triage_result r;

	triage_result(now->run, &r);
	reminder_cancel(turn_store(t), turn_user(t)->id, "triage_wait");
	turn_log_text(t, "triage", triage_level_name(r.level));
	turn_log_text(t, "triage_hits", list_hits(t, &r));
	keep_level(t, now, &r);
	triage_say_result(t, now->run, &r);
	if (r.level == TRIAGE_EMERGENCY) {
		turn_end_all(t); /* all coaching stops */
	} else if (turn_has_dialog(t, "triage")) {
		turn_end_dialog(t);
	} else {
		dialog_end_flow(turn_store(t), turn_user(t)->id, "triage");
	}
}

void triage_now_go_on(struct turn *t, struct triage_now *now)
{
	struct triage_next next;

	triage_next(now->run, &next);
	if (next.ask == TRIAGE_RESULT) {
		finish(t, now);
		return;
	}
	triage_now_keep(t, now, triage_say_step(t, &next));
	triage_say_question(t, &next);
}

void triage_now_begin(struct turn *t, const char *start, bool is_hurried)
{
	struct triage_now now = {.before = "", .level = "", .row = ""};

	turn_why(t, "triage.why_asked");
	now.run = triage_begin(turn_arena(t), triage_now_table(t), triage_now_facts(t), start);
	if (is_hurried) {
		triage_hurry(now.run);
	}
	triage_now_go_on(t, &now);
}

void triage_now_repeat(struct turn *t, const struct triage_now *now)
{
	struct triage_next next;

	triage_next(now->run, &next);
	triage_say_question(t, &next);
}

void triage_now_give_up(struct turn *t, struct triage_now *now)
{
	finish(t, now);
}
