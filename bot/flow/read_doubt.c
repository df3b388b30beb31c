/* When a number that may be the answer is asked back all the same: because something beside it is
 * not understood, taken back, or said about the past. */
#include "flow/read_roles.h"

#include <string.h>

static bool is_unknown(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is_unknown(item) ||
	       (item_is(item, LEX_ASKING) && !item_is(item, LEX_SAFE) && !item_is(item, LEX_WAS) &&
		       !item_is(item, LEX_BREAKS));
}

/* Classes that change nothing about the number beside them. */
static const enum lex_class fitting[] = {
	LEX_SAFE,
	LEX_NOW,
	LEX_UNSURE,
	LEX_CORRECTIONS,
	LEX_POINTS,
	LEX_MOVES_TO,
	LEX_IDIOMS,
	LEX_PAST,
	LEX_SCALE,
	LEX_BREAKS,
	LEX_NOT,
	LEX_SINCE,
	LEX_AT,
	LEX_VAGUE,
	LEX_AND,
	LEX_MOVES,
	LEX_FROM,
	LEX_BODY,
	LEX_MAYBE,
	LEX_FOR,
	LEX_AM_PM,
};

static bool is_fit_neighbour(const struct mentions *s, const struct item *item)
{
	if (!item || item_is_subject(s->r, item)) {
		return true;
	}
	for (size_t i = 0; i < sizeof fitting / sizeof *fitting; i++) {
		if (item_is(item, fitting[i])) {
			return true;
		}
	}
	switch (item->kind) {
	case ITEM_NUMBER:
	case ITEM_DURATION:
	case ITEM_CLOCK:
	case ITEM_CODE:
		return true;
	case ITEM_MARK:
		return strchr(",;.!?()", item->mark) ||
		       (item->mark == '-' && !item->word->is_glued);
	case ITEM_WORD:
	case ITEM_SIGN:
		return false;
	}
	return false;
}

/* "yesterday it was bad, 8": the clause before speaks of the past and leaves the number open. */
static bool follows_past(const struct mentions *s, const struct mention *m)
{
	int clause = mention_item(s, m->first)->clause;
	bool was = false;

	if (s->r->q->type == READ_MINUTES) {
		return false;
	}

	for (size_t i = 0; i < m->first; i++) {
		const struct item *item = mention_item(s, i);

		if (item->clause == clause - 1) {
			was = was || item_is(item, LEX_WAS);
			if (mention_at(s, i)) {
				return false;
			}
		} else if (item->clause == clause && item_is(item, LEX_NOW)) {
			return false;
		}
	}
	return was;
}

/* "nothing today", "no pain but"; not "nothing has changed". */
static bool may_follow_nothing(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_after(s, m);

	if (!next || next->kind == ITEM_MARK || item_is(next, LEX_NOW) ||
		item_is(next, LEX_POLITE) || item_is(next, LEX_BODY) ||
		item_is_subject(s->r, next)) {
		return true;
	}
	return item_names_subject(s->r, mention_item(s, m->first)) && is_fit_neighbour(s, next) &&
	       next->kind == ITEM_WORD && !item_is(next, LEX_SINCE) && !item_is(next, LEX_VAGUE) &&
	       !item_is(next, LEX_MORE);
}

/* A negation that no negated number accounts for. */
static bool is_loose_not(const struct mentions *s, const struct item *item)
{
	if (!item_is(item, LEX_NOT) || item_is(item, LEX_SAFE)) {
		return false;
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct mention *m = &s->at[i];

		if (mention_item(s, m->first) > item &&
			mention_item(s, m->first)->clause == item->clause) {
			return m->role != ROLE_NEGATED;
		}
	}
	return true;
}

/* "7 but not quite": the reply ends by taking something back. */
static bool ends_negated(const struct mentions *s)
{
	size_t n = s->r->count;

	while (n > 0 && s->r->items[n - 1].kind != ITEM_WORD && !mention_at(s, n - 1)) {
		n--;
	}
	return n > 0 && !mention_at(s, n - 1) &&
	       (item_is(&s->r->items[n - 1], LEX_NOT) || item_is(&s->r->items[n - 1], LEX_BOUNDS));
}

/* "6a" */
static bool is_letter_behind(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_beside(s, m, 1);

	return next && next->word->kind == WORD_LETTERS && next->word->is_glued &&
	       !next->word->text[1];
}

/* "8 if I move", "no pain except at night" */
static bool has_condition(const struct mentions *s)
{
	for (size_t i = 0; i < s->r->count; i++) {
		if (item_is(mention_item(s, i), LEX_EXCEPT)) {
			return true;
		}
	}
	return false;
}

/* "tooth pain 7": another pain than the one that was asked about. */
static bool is_other_pain(const struct mentions *s, const struct item *item)
{
	const struct item *last = item > s->r->items ? item - 1 : NULL;

	return item_is_subject(s->r, item) && last && last->clause == item->clause &&
	       (is_unknown(s, last) || item_is_other_subject(s->r, last));
}

/* "the meeting is at 7": something else is said to be at that number. */
static bool is_said_of_else(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m);
	const struct item *other = last && last > s->r->items ? last - 1 : NULL;

	if (!other || other->clause != last->clause ||
		!(item_is(last, LEX_WAS) || item_is(last, LEX_MOVES_TO) || item_is(last, LEX_AT))) {
		return false;
	}
	return is_unknown(s, other) || item_is_event(s, other) || item_is(other, LEX_COUNTED);
}

bool mention_is_doubtful(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m), *next = item_after(s, m);
	bool has_unknown = clause_has(s, m, false, is_unknown);

	if (has_condition(s) || clause_has(s, m, true, is_other_pain)) {
		return true;
	}
	if (m->base > 0) {
		return false;
	}
	if (mention_item(s, m->first)->is_mended && has_unknown) {
		return true;
	}
	if (clause_has(s, m, true, is_loose_not) || follows_past(s, m) || ends_negated(s)) {
		return true;
	}
	if (m->is_nothing && (has_unknown || m->is_about || !may_follow_nothing(s, m))) {
		return true;
	}
	if (is_letter_behind(s, m) || is_said_of_else(s, m)) {
		return true;
	}
	if (item_is(last, LEX_MOVES_TO)) {
		has_unknown = false; /* "after a hot shower I'm down to 5" */
	}
	if (has_unknown && !m->has_subject) {
		return true;
	}
	return (!is_fit_neighbour(s, last) && !item_is(last, LEX_TO)) ||
	       (!m->is_nothing && !is_fit_neighbour(s, next));
}

bool mention_is_about(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_beside(s, m, -1), *next = item_beside(s, m, 1);

	while (last > s->r->items && (item_is(last, LEX_ARTICLES) || last->mark == ':')) {
		last--;
	}
	if (item_is(last, LEX_ABOUT) || item_is(next, LEX_ABOUT_AFTER) ||
		item_is(last, LEX_UNSURE)) {
		return true;
	}
	next = m->last + 1 < s->r->count ? mention_item(s, m->last + 1) : NULL;
	return next && next->mark == '?';
}
