/* What to ask next. It follows from the answers alone: the first screen with an open row, in lists
 * as even as possible; before a new screen, the facts that decide over what is known so far. */
#include "flow/triage_run.h"

#include <string.h>

static bool is_open_row(struct triage_run *run, size_t i)
{
	const struct triage_row *row = &run->table->rows[i];

	return run->rows[i].answer == TRIAGE_UNASKED &&
	       !(row->is_fact && run->facts[i].type != VALUE_NULL) &&
	       triage_holds(run, row->when) != 0;
}

static bool find_unsettled(struct triage_run *run, struct triage_next *out)
{
	for (size_t i = 0; i < run->table->row_count && out->row_count < TRIAGE_PART_ROWS; i++) {
		if (run->table->rows[i].can_settle && triage_is_hit(run, i) &&
			run->rows[i].settled == TRIAGE_SETTLED_OPEN) {
			out->rows[out->row_count++] = &run->table->rows[i];
		}
	}
	out->ask = TRIAGE_ASK_SETTLED;
	out->screen = "A";
	return out->row_count > 0;
}

static bool find_doubt(
	const struct triage_run *run, const struct triage_screen *s, struct triage_next *out)
{
	for (size_t i = s->first; i < s->first + s->count; i++) {
		if (run->rows[i].answer == TRIAGE_UNSURE) {
			out->ask = TRIAGE_ASK_CLEARER;
			out->rows[0] = &run->table->rows[i];
			out->row_count = 1;
			return true;
		}
	}
	return false;
}

/* Fills the next message of a screen from its open rows: yes/no rows together, evenly spread over
 * as few messages as possible; any other row alone. */
static void fill_part(
	struct triage_run *run, const size_t *open, size_t count, struct triage_next *out)
{
	const struct triage_row *rows = run->table->rows;
	size_t n = 0, parts;

	while (n < count && rows[open[n]].kind == TRIAGE_YESNO) {
		n++;
	}
	parts = (n + TRIAGE_PART_ROWS - 1) / TRIAGE_PART_ROWS;
	n = run->is_single || n == 0 ? 1 : (n + parts - 1) / parts;
	for (size_t i = 0; i < n; i++) {
		out->rows[i] = &rows[open[i]];
	}
	out->row_count = n;
	out->ask = n == 1 ? TRIAGE_ASK_ROW : TRIAGE_ASK_PART;
}

/* Facts that a rule above the level reached is waiting for. */
static bool find_needed(struct triage_run *run, struct triage_next *out)
{
	const struct triage_table *t = run->table;
	const struct triage_screen *facts = &t->screens[0];
	size_t open[TRIAGE_PART_ROWS * 2], count = 0;

	for (size_t f = facts->first; f < facts->first + facts->count; f++) {
		bool is_needed = false;

		for (size_t r = 0; triage_is_open_fact(run, f) && r < t->rule_count && !is_needed;
			r++) {
			const char *const *names;
			size_t n = expr_uses(t->rules[r].when, &names);

			for (size_t i = 0; i < n && !is_needed; i++) {
				is_needed = strcmp(names[i], t->rows[f].id) == 0 &&
					    t->rules[r].level > run->level && !run->has_hit[r] &&
					    triage_holds(run, t->rules[r].when) == -1;
			}
		}
		if (is_needed && count < sizeof open / sizeof *open) {
			open[count++] = f;
		}
	}
	if (count > 0) {
		out->screen = facts->id;
		fill_part(run, open, count, out);
	}
	return count > 0;
}

static bool has_begun(const struct triage_run *run, const struct triage_screen *s)
{
	for (size_t i = s->first; i < s->first + s->count; i++) {
		if (run->rows[i].answer != TRIAGE_UNASKED) {
			return true;
		}
	}
	return false;
}

/* Has its list been begun? */
static bool has_begun_list(const struct triage_run *run, const struct triage_screen *s)
{
	for (size_t i = s->first; i < s->first + s->count; i++) {
		if (run->rows[i].answer != TRIAGE_UNASKED &&
			run->table->rows[i].kind == TRIAGE_YESNO) {
			return true;
		}
	}
	return false;
}

static bool find_open(
	struct triage_run *run, const struct triage_screen *s, struct triage_next *out)
{
	size_t open[256], count = 0;

	for (size_t i = s->first; i < s->first + s->count && count < 256; i++) {
		if (is_open_row(run, i)) {
			open[count++] = i;
		}
	}
	if (count == 0) {
		return false;
	}
	/* Facts that decide over what is known so far come before a new screen. */
	if (!has_begun(run, s) && find_needed(run, out)) {
		return true;
	}
	out->screen = s->id;
	out->is_first = !has_begun_list(run, s);
	fill_part(run, open, count, out);
	return true;
}

static bool is_id(const struct triage_screen *s, const char *id)
{
	return strcmp(s->id, id) == 0;
}

/* The i-th screen of this run: in a hurry the age comes after the emergency screen. */
static const struct triage_screen *screen_at(const struct triage_run *run, size_t i)
{
	const struct triage_screen *s = &run->table->screens[i];
	const char *other = is_id(s, "age") ? "A" : is_id(s, "A") ? "age" : NULL;

	for (size_t k = 1; run->is_hurried && other && k < run->table->screen_count; k++) {
		if (is_id(&run->table->screens[k], other)) {
			return &run->table->screens[k];
		}
	}
	return s;
}

static bool is_before_start(const struct triage_run *run, size_t i)
{
	for (size_t k = 1; run->start && k <= i; k++) {
		if (is_id(&run->table->screens[k], run->start)) {
			return false;
		}
	}
	return run->start != NULL;
}

/* The screens of this run in order, until one has something to ask. */
static bool walk_screens(struct triage_run *run, struct triage_next *out)
{
	for (size_t i = 1; i < run->table->screen_count; i++) {
		const struct triage_screen *s = screen_at(run, i);

		if (!s->is_always && is_before_start(run, i)) {
			continue;
		}
		out->screen = s->id;
		if (find_doubt(run, s, out)) {
			return true;
		}
		/* The details (N, E) may be needed for what earlier answers began. */
		if (triage_holds(run, s->when) == 0) {
			continue;
		}
		if (find_open(run, s, out)) {
			return true;
		}
		if (s->is_last) {
			break;
		}
	}
	return find_needed(run, out);
}

void triage_next(struct triage_run *run, struct triage_next *out)
{
	*out = (struct triage_next){.ask = TRIAGE_RESULT, .screen = ""};
	if (run->level == TRIAGE_EMERGENCY || find_unsettled(run, out)) {
		out->ask = run->level == TRIAGE_EMERGENCY ? TRIAGE_RESULT : TRIAGE_ASK_SETTLED;
		return;
	}
	if (!walk_screens(run, out)) {
		*out = (struct triage_next){.ask = TRIAGE_RESULT, .screen = ""};
	}
}
