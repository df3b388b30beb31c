/* The neighbourhood of a number: what stands before and behind it in its clause, and which label
 * ("today", "pain") is its own. */
#include "flow/read_roles.h"

#include <string.h>

/* ---- neighbours ---- */

const struct item *mention_item(const struct mentions *s, size_t i)
{
	return &s->r->items[i];
}

bool item_is_thin_before(const struct item *item)
{
	return item_is(item, LEX_ARTICLES) || item_is(item, LEX_ABOUT) || item->mark == ':' ||
	       item->mark == '#' || item->kind == ITEM_SIGN;
}

bool item_is_thin_after(const struct item *item)
{
	return item_is(item, LEX_ABOUT_AFTER) || item->mark == ':' ||
	       (item->kind == ITEM_SIGN && !item->entry); /* 6 degrees */
}

/* The item before or after in the same clause that says something; NULL at the clause's end. */
const struct item *item_before(const struct mentions *s, const struct mention *m)
{
	int clause = mention_item(s, m->first)->clause;

	for (size_t i = m->first; i-- > 0 && mention_item(s, i)->clause == clause;) {
		if (!item_is_thin_before(mention_item(s, i))) {
			return mention_item(s, i);
		}
	}
	return NULL;
}

const struct item *item_after(const struct mentions *s, const struct mention *m)
{
	int clause = mention_item(s, m->first)->clause;

	for (size_t i = m->last + 1; i < s->r->count && mention_item(s, i)->clause == clause; i++) {
		if (!item_is_thin_after(mention_item(s, i))) {
			return mention_item(s, i);
		}
	}
	return NULL;
}

/* The very next or last item, thin or not. */
const struct item *item_beside(const struct mentions *s, const struct mention *m, int step)
{
	size_t i = step < 0 ? m->first - 1 : m->last + 1;

	if ((step < 0 && m->first == 0) || i >= s->r->count ||
		mention_item(s, i)->clause != mention_item(s, m->first)->clause) {
		return NULL;
	}
	return mention_item(s, i);
}

/* Does a test hold for an item of the mention's clause (before it only, or anywhere)? */
bool clause_has(
	const struct mentions *s, const struct mention *m, bool only_before, item_test_fn test)
{
	int clause = mention_item(s, m->first)->clause;

	for (size_t i = 0; i < s->r->count; i++) {
		bool is_own = i >= m->first && i <= m->last;

		if (only_before && i >= m->first) {
			break;
		}
		if (!is_own && mention_item(s, i)->clause == clause &&
			test(s, mention_item(s, i))) {
			return true;
		}
	}
	return false;
}

/* ---- labels: "8 yesterday 3 today", "pain 6 stiffness 4" ---- */

const struct mention *mention_at(const struct mentions *s, size_t i)
{
	for (size_t k = 0; k < s->count; k++) {
		if (i >= s->at[k].first && i <= s->at[k].last) {
			return &s->at[k];
		}
	}
	return NULL;
}

/* The label that belongs to a number. Where a clause begins with a label, labels stand before
 * their numbers; where it begins with a number, behind them. */
const struct item *mention_label(
	const struct mentions *s, const struct mention *m, item_test_fn is_label)
{
	int clause = mention_item(s, m->first)->clause;
	const struct item *label = NULL;
	bool is_first = true, stands_before = false;

	for (size_t i = 0; i < s->r->count; i++) {
		const struct mention *here = mention_at(s, i);
		const struct item *item = mention_item(s, i);

		if (item->clause != clause) {
			continue;
		}
		if (here && !here->is_nothing) {
			if (here != m && !stands_before && i > m->last) {
				break; /* the next number's label */
			}
			is_first = false;
			if (here == m && stands_before) {
				break;
			}
		} else if (item_is(item, LEX_AND) && !stands_before && i > m->last) {
			break; /* "6 and stiff" */
		} else if (is_label(s, item)) {
			stands_before = stands_before || is_first;
			is_first = false;
			if (stands_before || i > m->last) {
				label = item;
			}
			if (!stands_before && i > m->last) {
				break;
			}
		}
	}
	return label;
}

bool item_is_day(const struct mentions *s, const struct item *item)
{
	const struct item *last = item > s->r->items ? item - 1 : NULL;

	if (item_is(item, LEX_PAST) && last && last->clause == item->clause &&
		(item_is(last, LEX_THAN) || item_is(last, LEX_SINCE))) {
		return false; /* "worse than yesterday" is about today */
	}
	return item_is(item, LEX_PAST) || item_is(item, LEX_NOW);
}

bool item_is_topic(const struct mentions *s, const struct item *item)
{
	return item_is_subject(s->r, item) || item_is_other_subject(s->r, item);
}

bool item_is_event(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is(item, LEX_EVENTS);
}

bool item_is_move(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is(item, LEX_MOVES) || item_is(item, LEX_MOVES_TO);
}

/* "no pain" has its subject in it, "none" has not. */
bool item_names_subject(const struct reply *r, const struct item *item)
{
	const struct lex_sense *sense = lex_sense(item->entry, LEX_NOTHING);

	return r->q->subject && sense && !strcmp(sense->group, r->q->subject);
}
