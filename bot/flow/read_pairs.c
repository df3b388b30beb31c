/* Two numbers side by side: a scale ("6/10"), a range, a change ("from 7 to 3"), a correction. */
#include "flow/read_roles.h"

/* What stands between two numbers in one clause: one connecting item, and thin ones. */
static const struct item *connector(
	const struct mentions *s, const struct mention *a, const struct mention *b)
{
	const struct item *found = NULL;

	if (mention_item(s, a->first)->clause != mention_item(s, b->first)->clause) {
		return NULL;
	}
	for (size_t i = a->last + 1; i < b->first; i++) {
		const struct item *item = mention_item(s, i);
		bool connects = item_is(item, LEX_TO) || item_is(item, LEX_OR) ||
				item_is(item, LEX_OUT_OF) || item_is(item, LEX_MAYBE) ||
				item_is(item, LEX_AND) || item_is(item, LEX_MOVES_TO);

		if (connects && !found) {
			found = item;
		} else if (!item_is_thin_before(item) && !item_is_thin_after(item) &&
			   !item_is(item, LEX_MAYBE)) {
			return NULL;
		}
	}
	return found;
}

/* "6/10", "six out of ten": the second number names the scale of the first. */
static bool join_base(struct mentions *s, struct mention *a, const struct mention *b)
{
	const struct item *c = connector(s, a, b), *next = item_after(s, b);
	bool is_strict = c && c->kind == ITEM_WORD && c->word_count == 1; /* "6 on 10" */

	if (s->r->q->type != READ_SCALE || !item_is(c, LEX_OUT_OF) || a->is_nothing ||
		b->is_nothing || a->base > 0 || b->value <= 0 || item_is(next, LEX_UNITS) ||
		item_is(next, LEX_THINGS) || item_is(next, LEX_MONTHS) ||
		mention_item(s, b->first)->kind != ITEM_NUMBER) {
		return false;
	}
	if (b->value < s->r->q->max && item_is(next, LEX_OUT_OF)) {
		return false; /* "5/6/10" */
	}
	if (is_strict && b->value != s->r->q->max) {
		return false;
	}
	a->base = b->value;
	a->last = b->last;
	return true;
}

void mentions_join_bases(struct mentions *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct mention m = s->at[i];

		if (i + 1 < s->count && join_base(s, &m, &s->at[i + 1])) {
			i++;
		}
		s->at[n++] = m;
	}
	s->count = n;
}

/* The scale's own ends: "0 to 10", "1-10". */
static bool is_scale_name(
	const struct mentions *s, const struct mention *a, const struct mention *b)
{
	const struct read_question *q = s->r->q;

	return q->type == READ_SCALE && a->base == 0 && (a->value == q->min || a->value == 1) &&
	       b->value == q->max;
}

/* "20 to 30 minutes": the first number has the second's unit. */
static void share_unit(const struct mentions *s, struct mention *a, const struct mention *b)
{
	const struct item *x = mention_item(s, a->first), *y = mention_item(s, b->first);

	if (x->kind == ITEM_NUMBER && y->kind == ITEM_DURATION) {
		a->value *= y->unit;
	}
}

void mentions_judge_pair(struct mentions *s, struct mention *a, struct mention *b)
{
	const struct item *c = connector(s, a, b);
	bool is_change = item_is(c, LEX_MOVES_TO) ||
			 (item_is(c, LEX_TO) && clause_has(s, a, true, item_is_move));

	if (!c || a->is_nothing || b->is_nothing) {
		return;
	}
	if (is_scale_name(s, a, b)) {
		a->role = b->role = ROLE_OTHER;
		return;
	}
	share_unit(s, a, b);
	if (a->role == ROLE_FREE && a->base == 0 && b->base > 0) {
		a->base = b->base; /* "5-6/10" */
	}
	if (is_change) {
		a->role = ROLE_PAST;
		b->role = ROLE_FREE;
		return;
	}
	if (item_is(c, LEX_AND) && !item_is(item_before(s, a), LEX_BETWEEN) &&
		!item_is(c, LEX_OR)) {
		return;
	}
	/* "2 tablets and 6": a number that is something else takes no part in a range; but
	 * "between", "from" and "to" must not look like a time either */
	if (a->role != ROLE_OTHER && b->role != ROLE_OTHER && a->role != ROLE_TIME &&
		a->role != ROLE_NEGATED) {
		bool is_time = b->role == ROLE_TIME && !item_is(c, LEX_TO);

		a->role = b->role = is_time ? ROLE_TIME : ROLE_EITHER;
	}
}

/* "6 no wait 7": the last one counts. "6 no 7" may be that, or "6, not 7". */
void mentions_judge_correction(struct mentions *s, struct mention *a, struct mention *b)
{
	for (size_t i = a->last + 1; i < b->first; i++) {
		const struct item *item = mention_item(s, i);

		/* "7? no, 6" */
		bool is_lone_no =
			item_is(item, LEX_NO) && item[-1].kind == ITEM_MARK && item[1].mark == ',';

		if ((item_is(item, LEX_CORRECTIONS) || is_lone_no) && a->role == ROLE_FREE &&
			b->role == ROLE_FREE) {
			a->role = ROLE_NEGATED;
		}
	}
	if (a->role == ROLE_BOUND && b->role == ROLE_PAST && item_is(item_before(s, b), LEX_FROM)) {
		a->role = ROLE_FREE; /* "up to 5 from 2" */
	}
	if (a->role == ROLE_FREE && b->role == ROLE_NEGATED && item_is(item_before(s, b), LEX_NO)) {
		a->role = b->role = ROLE_EITHER;
	}
}
