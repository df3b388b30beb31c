/* What a run comes to, and how a run is kept between messages. */
#include "flow/triage_run.h"

#include "base/json.h"

#include <string.h>

/* ---- the result ---- */

static enum triage_level rank(const struct triage_row *row)
{
	return row->has_level ? row->level : TRIAGE_SELF_CARE;
}

/* Positive rows, worst first, in table order within a level. */
static void collect_rows(const struct triage_run *run, struct triage_result *out)
{
	const struct triage_table *t = run->table;
	const struct triage_row **rows = arena_alloc(run->arena, (t->row_count + 1) * sizeof *rows);
	size_t n = 0;

	for (int level = TRIAGE_EMERGENCY; level >= TRIAGE_SELF_CARE; level--) {
		for (size_t i = 0; i < t->row_count; i++) {
			if (triage_is_hit(run, i) && (int)rank(&t->rows[i]) == level) {
				rows[n++] = &t->rows[i];
			}
		}
	}
	out->rows = rows;
}

static void collect_rules(const struct triage_run *run, struct triage_result *out)
{
	const struct triage_table *t = run->table;
	const struct triage_rule **rules =
		arena_alloc(run->arena, (t->rule_count + 1) * sizeof *rules);
	size_t n = 0;

	for (int level = TRIAGE_EMERGENCY; level >= TRIAGE_SELF_CARE; level--) {
		for (size_t i = 0; i < t->rule_count; i++) {
			if (run->has_hit[i] && (int)t->rules[i].level == level) {
				rules[n++] = &t->rules[i];
			}
		}
	}
	out->rules = rules;
}

/* Whom to turn to. A pharmacist alone will do only if nothing else of this level was found. */
static void collect_places(struct triage_result *out)
{
	bool is_for_doctor = false;

	for (const struct triage_row *const *r = out->rows; *r; r++) {
		if ((*r)->has_level && (*r)->level >= out->level) {
			out->to |= (*r)->to;
			is_for_doctor |= (*r)->to == 0;
		}
	}
	for (const struct triage_rule *const *r = out->rules; *r; r++) {
		if ((*r)->level >= out->level) {
			out->to |= (*r)->to;
			is_for_doctor |= (*r)->to == 0;
		}
	}
	if (is_for_doctor || out->to & TRIAGE_TO_DOCTOR) {
		out->to &= ~(unsigned)TRIAGE_TO_PHARMACIST;
	}
}

void triage_result(struct triage_run *run, struct triage_result *out)
{
	struct triage_next next;

	*out = (struct triage_result){0};
	triage_next(run, &next);
	out->is_finished = next.ask == TRIAGE_RESULT;
	triage_close(run);
	out->level = run->level;
	if (!out->is_finished && out->level < TRIAGE_ROUTINE) {
		out->level = TRIAGE_ROUTINE;
	}
	for (size_t i = 0; i < run->table->row_count; i++) {
		out->skipped += run->rows[i].answer == TRIAGE_SKIPPED;
	}
	collect_rows(run, out);
	collect_rules(run, out);
	collect_places(out);
}

/* ---- keeping ---- */

static const char *const answer_names[] = {
	[TRIAGE_UNASKED] = "",
	[TRIAGE_NO] = "no",
	[TRIAGE_YES] = "yes",
	[TRIAGE_UNSURE] = "unsure",
	[TRIAGE_DOUBT] = "doubt",
	[TRIAGE_SKIPPED] = "skipped",
	[TRIAGE_VALUE] = "value",
};

const char *triage_answer_name(enum triage_answer answer)
{
	return answer_names[answer];
}

static void add_row(struct json_object *o, const char *id, const struct triage_state *s)
{
	if (s->answer != TRIAGE_VALUE) {
		json_add_text(o, id, answer_names[s->answer]);
	} else if (s->value.type == VALUE_NUMBER) {
		json_add_number(o, id, s->value.number);
	} else {
		json_add_text(o, id, s->value.type == VALUE_TEXT ? s->value.text : "");
	}
}

static struct json_object *write_rows(const struct triage_run *run)
{
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < run->table->row_count; i++) {
		if (run->rows[i].answer != TRIAGE_UNASKED) {
			add_row(o, run->table->rows[i].id, &run->rows[i]);
		}
	}
	return o;
}

static struct json_object *write_settled(const struct triage_run *run)
{
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < run->table->row_count; i++) {
		if (run->rows[i].settled != TRIAGE_SETTLED_OPEN) {
			json_add_bool(o, run->table->rows[i].id,
				run->rows[i].settled == TRIAGE_SETTLED_YES);
		}
	}
	return o;
}

const char *triage_to_json(struct arena *arena, const struct triage_run *run)
{
	struct json_object *o = json_object_new_object();
	const char *json;

	json_add_text(o, "version", run->table->version);
	json_add_text(o, "level", triage_level_name(run->level));
	json_add_text(o, "start", run->start);
	json_add_bool(o, "hurried", run->is_hurried);
	json_add_bool(o, "single", run->is_single);
	json_object_object_add(o, "rows", write_rows(run));
	json_object_object_add(o, "settled", write_settled(run));
	json = arena_strdup(arena, json_write(o));
	json_object_put(o);
	return json;
}

static void read_row(
	struct triage_run *run, const struct triage_row *row, struct json_object *value)
{
	const char *text = json_object_get_string(value);
	bool is_text = row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES;
	bool is_number = json_object_is_type(value, json_type_int) ||
			 json_object_is_type(value, json_type_double);
	struct triage_state *s = &run->rows[row - run->table->rows];

	if (is_number) {
		s->answer = TRIAGE_VALUE;
		s->value = value_number(json_object_get_double(value));
		return;
	}
	for (int a = TRIAGE_NO; text && a < TRIAGE_VALUE; a++) {
		/* "no" is also the id of an option: a choice is never answered by no. */
		if (strcmp(text, answer_names[a]) == 0 && !(is_text && a == TRIAGE_NO)) {
			s->answer = (enum triage_answer)a;
			return;
		}
	}
	if (text && is_text) {
		s->answer = TRIAGE_VALUE;
		s->value = value_text(arena_strdup(run->arena, text));
	}
}

static void read_rows(struct triage_run *run, struct json_object *rows, struct json_object *settled)
{
	const struct triage_table *t = run->table;

	for (size_t i = 0; i < t->row_count; i++) {
		struct json_object *value;

		if (rows && json_object_object_get_ex(rows, t->rows[i].id, &value)) {
			read_row(run, &t->rows[i], value);
		}
		if (settled && json_object_object_get_ex(settled, t->rows[i].id, &value)) {
			run->rows[i].settled = json_object_get_boolean(value) ? TRIAGE_SETTLED_YES
									      : TRIAGE_SETTLED_NO;
		}
	}
}

struct triage_run *triage_from_json(struct arena *arena, const struct triage_table *table,
	const struct values *facts, const char *json)
{
	struct json_object *o = json_read(json, strlen(json));
	struct triage_run *run;

	if (!o) {
		return NULL;
	}
	run = triage_begin(arena, table, facts, json_text(o, "start", NULL));
	triage_level_find(json_text(o, "level", ""), &run->level);
	run->is_hurried = json_flag(o, "hurried", false);
	run->is_single = json_flag(o, "single", false);
	read_rows(run, json_member(o, "rows"), json_member(o, "settled"));
	triage_refresh(run);
	json_object_put(o);
	return run;
}
