/* The triage engine. After every answer all rules are looked at again; what to ask next follows
 * from the answers alone, so a run is nothing but its answers. Conditions have three values: what
 * is false leaves a row out; what is unknown is asked, and counts as yes when it stays unknown. */
#include "flow/triage_run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = {
	[TRIAGE_SELF_CARE] = "SELF_CARE",
	[TRIAGE_ROUTINE] = "ROUTINE",
	[TRIAGE_SOON] = "SOON",
	[TRIAGE_URGENT] = "URGENT",
	[TRIAGE_EMERGENCY] = "EMERGENCY",
};

const char *triage_level_name(enum triage_level level)
{
	return level_names[level];
}

bool triage_level_find(const char *name, enum triage_level *out)
{
	for (int i = TRIAGE_SELF_CARE; i <= TRIAGE_EMERGENCY; i++) {
		if (strcmp(level_names[i], name) == 0) {
			*out = (enum triage_level)i;
			return true;
		}
	}
	return false;
}

unsigned triage_to_find(const char *name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} places[] = {
		{"pharmacist", TRIAGE_TO_PHARMACIST},
		{"maternity", TRIAGE_TO_MATERNITY},
		{"crisis", TRIAGE_TO_CRISIS},
		{"doctor", TRIAGE_TO_DOCTOR},
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (strcmp(places[i].name, name) == 0) {
			return places[i].bit;
		}
	}
	return 0;
}

/* ---- the table ---- */

static int compare_name(const void *key, const void *item)
{
	return strcmp(key, ((const struct triage_name *)item)->name);
}

static const struct triage_name *find_name(const struct triage_table *t, const char *name)
{
	return bsearch(name, t->names, t->name_count, sizeof *t->names, compare_name);
}

size_t triage_row_index(const struct triage_table *t, const char *id)
{
	const struct triage_name *n = find_name(t, id);

	return n && n->kind == TRIAGE_NAME_ROW ? n->index : SIZE_MAX;
}

const struct triage_row *triage_row_find(const struct triage_table *t, const char *id)
{
	size_t i = triage_row_index(t, id);

	return i == SIZE_MAX ? NULL : &t->rows[i];
}

const struct triage_row *triage_row_at(const struct triage_table *t, size_t i)
{
	return i < t->row_count ? &t->rows[i] : NULL;
}

const char *triage_version(const struct triage_table *t)
{
	return t->version;
}

const struct number_set *triage_numbers(const struct triage_table *t)
{
	return t->numbers;
}

const char *triage_intro(const struct triage_table *t, const char *screen)
{
	for (size_t i = 0; i < t->screen_count; i++) {
		if (strcmp(t->screens[i].id, screen) == 0) {
			return t->screens[i].intro;
		}
	}
	return NULL;
}

/* ---- what a condition sees ---- */

bool triage_is_hit(const struct triage_run *run, size_t row)
{
	enum triage_answer a = run->rows[row].answer;

	return run->table->rows[row].kind == TRIAGE_YESNO &&
	       (a == TRIAGE_YES || a == TRIAGE_DOUBT || (a == TRIAGE_UNSURE && run->is_closing));
}

static struct value row_value(const struct triage_run *run, size_t i)
{
	const struct triage_row *row = &run->table->rows[i];
	const struct triage_state *s = &run->rows[i];
	bool is_text = row->kind == TRIAGE_CHOICE || row->kind == TRIAGE_CHOICES;

	switch (s->answer) {
	case TRIAGE_VALUE:
		return s->value;
	case TRIAGE_SKIPPED:
		return value_null();
	case TRIAGE_UNASKED:
		/* What has not been asked (yet) speaks neither for nor against. */
		return row->is_fact || is_text ? run->facts[i] : value_number(0);
	default:
		return row->kind == TRIAGE_YESNO ? value_number(triage_is_hit(run, i))
						 : value_null();
	}
}

static int count_hits(const struct triage_run *run, size_t screen)
{
	const struct triage_screen *s = &run->table->screens[screen];
	int n = 0;

	for (size_t i = s->first; i < s->first + s->count; i++) {
		n += run->table->rows[i].has_level && triage_is_hit(run, i);
	}
	return n;
}

static int count_soon(const struct triage_run *run)
{
	const struct triage_table *t = run->table;
	int n = 0;

	for (size_t i = 0; i < t->row_count; i++) {
		n += t->rows[i].has_level && t->rows[i].level == TRIAGE_SOON &&
		     triage_is_hit(run, i);
	}
	for (size_t i = 0; i < t->rule_count; i++) {
		n += t->rules[i].level == TRIAGE_SOON && run->has_hit[i];
	}
	return n;
}

/* Signs that a person calls new, growing or never examined; while closing also those that nobody
 * could ask about any more. */
static int count_unsettled(const struct triage_run *run)
{
	int n = 0;

	for (size_t i = 0; i < run->table->row_count; i++) {
		enum triage_settled settled = run->rows[i].settled;

		n += run->table->rows[i].can_settle && triage_is_hit(run, i) &&
		     (settled == TRIAGE_SETTLED_NO ||
			     (run->is_closing && settled == TRIAGE_SETTLED_OPEN));
	}
	return n;
}

static int count_skipped(const struct triage_run *run)
{
	int n = 0;

	for (size_t i = 0; i < run->table->row_count; i++) {
		n += run->rows[i].answer == TRIAGE_SKIPPED && !run->table->rows[i].is_fact;
	}
	return n;
}

static struct value look_up(void *ctx, const char *name)
{
	const struct triage_run *run = ctx;
	const struct triage_name *n = find_name(run->table, name);

	switch (n->kind) {
	case TRIAGE_NAME_ROW:
		return row_value(run, n->index);
	case TRIAGE_NAME_TERM:
		return run->terms[n->index];
	case TRIAGE_NAME_LEVEL:
		return value_number(run->level);
	case TRIAGE_NAME_HITS:
		return value_number(count_hits(run, n->index));
	case TRIAGE_NAME_SOON:
		return value_number(count_soon(run));
	case TRIAGE_NAME_UNSETTLED:
		return value_number(count_unsettled(run));
	case TRIAGE_NAME_SKIPPED:
		return value_number(count_skipped(run));
	}
	return value_null();
}

int triage_holds(struct triage_run *run, struct expr *when)
{
	return when ? expr_eval(when, look_up, run) : 1;
}

/* ---- levels ---- */

bool triage_is_open_fact(const struct triage_run *run, size_t i)
{
	return run->table->rows[i].is_fact && run->rows[i].answer == TRIAGE_UNASKED &&
	       run->facts[i].type == VALUE_NULL;
}

/* Is there something left to ask that may decide this condition? */
static bool has_open_fact(const struct triage_run *run, const struct expr *when)
{
	const char *const *names;
	size_t n = expr_uses(when, &names);

	for (size_t i = 0; i < n; i++) {
		size_t row = triage_row_index(run->table, names[i]);

		if (row != SIZE_MAX && triage_is_open_fact(run, row)) {
			return true;
		}
	}
	return false;
}

static void raise_level(struct triage_run *run, enum triage_level level)
{
	run->level = level > run->level ? level : run->level;
}

static enum triage_level row_level(const struct triage_run *run, size_t i)
{
	const struct triage_row *row = &run->table->rows[i];

	/* Until we know whether it is long known and examined; rule C1 does the rest. */
	return row->can_settle ? TRIAGE_URGENT : row->level;
}

static bool is_met(struct triage_run *run, const struct triage_rule *rule)
{
	int result = triage_holds(run, rule->when);

	return result == 1 ||
	       (result == -1 && (run->is_closing || !has_open_fact(run, rule->when)));
}

/* One look at all rules; true when a new one was met: others may count it (C14). */
static bool look_at_rules(struct triage_run *run)
{
	const struct triage_table *t = run->table;
	bool is_new = false;

	for (size_t i = 0; i < t->rule_count; i++) {
		if (!run->has_hit[i] && is_met(run, &t->rules[i])) {
			run->has_hit[i] = true;
			is_new = true;
			raise_level(run, t->rules[i].level);
		}
	}
	return is_new;
}

void triage_refresh(struct triage_run *run)
{
	const struct triage_table *t = run->table;

	for (size_t i = 0; i < t->row_count; i++) {
		if (t->rows[i].has_level && triage_is_hit(run, i)) {
			raise_level(run, row_level(run, i));
		}
	}
	for (size_t i = 0; i < t->term_count; i++) {
		int result = triage_holds(run, t->terms[i].is);

		run->terms[i] = result < 0 ? value_null() : value_number(result);
	}
	while (look_at_rules(run)) {
		/* until nothing new is met */
	}
}

void triage_close(struct triage_run *run)
{
	run->is_closing = true;
	triage_refresh(run);
}

/* ---- answers ---- */

struct triage_run *triage_begin(struct arena *arena, const struct triage_table *table,
	const struct values *facts, const char *start)
{
	struct triage_run *run = arena_alloc(arena, sizeof *run);

	run->table = table;
	run->arena = arena;
	run->rows = arena_alloc(arena, table->row_count * sizeof *run->rows);
	run->facts = arena_alloc(arena, table->row_count * sizeof *run->facts);
	run->has_hit = arena_alloc(arena, (table->rule_count + 1) * sizeof *run->has_hit);
	run->start = arena_strdup(arena, start);
	for (size_t i = 0; facts && i < table->row_count; i++) {
		if (table->rows[i].is_fact) {
			values_get(facts, table->rows[i].id, &run->facts[i]);
		}
	}
	triage_refresh(run);
	return run;
}

void triage_hurry(struct triage_run *run)
{
	run->is_hurried = true;
}

bool triage_is_full(const struct triage_run *run)
{
	return run->start == NULL;
}

enum triage_level triage_level_of(const struct triage_run *run)
{
	return run->level;
}

void triage_one_by_one(struct triage_run *run)
{
	run->is_single = true;
}

static const struct triage_screen *screen_of(const struct triage_table *t, size_t row)
{
	const struct triage_screen *s = t->screens;

	while (row >= s->first + s->count) {
		s++;
	}
	return s;
}

/* What "not sure" means for a row: in the emergency screen it is asked once more. */
static enum triage_answer settle_doubt(const struct triage_run *run, size_t i)
{
	bool is_first = run->rows[i].answer == TRIAGE_UNASKED;

	return screen_of(run->table, i)->has_clearer && is_first ? TRIAGE_UNSURE : TRIAGE_DOUBT;
}

void triage_set(
	struct triage_run *run, const char *row_id, enum triage_answer answer, struct value value)
{
	size_t i = triage_row_index(run->table, row_id);

	/* A yes stays a yes: levels only rise. */
	if (i == SIZE_MAX || run->rows[i].answer == TRIAGE_YES ||
		run->rows[i].answer == TRIAGE_DOUBT) {
		return;
	}
	run->rows[i].answer = answer == TRIAGE_UNSURE ? settle_doubt(run, i) : answer;
	if (answer == TRIAGE_VALUE) {
		run->rows[i].value = value;
		if (value.type == VALUE_TEXT) {
			run->rows[i].value.text = arena_strdup(run->arena, value.text);
		}
	}
	/* A no to a sign changes nothing that a rule sees. */
	if (answer != TRIAGE_NO || run->table->rows[i].is_fact) {
		triage_refresh(run);
	}
}

void triage_settle(struct triage_run *run, bool is_settled)
{
	for (size_t i = 0; i < run->table->row_count; i++) {
		if (run->table->rows[i].can_settle && triage_is_hit(run, i) &&
			run->rows[i].settled == TRIAGE_SETTLED_OPEN) {
			run->rows[i].settled = is_settled ? TRIAGE_SETTLED_YES : TRIAGE_SETTLED_NO;
		}
	}
	triage_refresh(run);
}

enum triage_answer triage_answer_get(
	const struct triage_run *run, const char *row_id, struct value *value_out)
{
	size_t i = triage_row_index(run->table, row_id);

	if (i == SIZE_MAX) {
		return TRIAGE_UNASKED;
	}
	if (value_out) {
		*value_out = run->rows[i].value;
	}
	return run->rows[i].answer;
}
