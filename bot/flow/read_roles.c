/* Each rule looks at one number and its neighbours and either names the number's part or passes.
 * The rules stand in one table, first match wins; what no rule claims may be the answer. */
#include "flow/read_roles.h"

#include <string.h>

/* ---- neighbours ---- */

static const struct item *item_at(const struct mentions *s, size_t i)
{
	return &s->r->items[i];
}

static bool is_thin_before(const struct item *item)
{
	return item_is(item, LEX_ARTICLES) || item_is(item, LEX_ABOUT) || item->mark == ':' ||
	       item->mark == '#' || item->kind == ITEM_SIGN;
}

static bool is_thin_after(const struct item *item)
{
	return item_is(item, LEX_ABOUT_AFTER) || item->mark == ':' || item->kind == ITEM_SIGN;
}

/* The item before or after in the same clause that says something; NULL at the clause's end. */
static const struct item *before(const struct mentions *s, const struct mention *m)
{
	int clause = item_at(s, m->first)->clause;

	for (size_t i = m->first; i-- > 0 && item_at(s, i)->clause == clause;) {
		if (!is_thin_before(item_at(s, i))) {
			return item_at(s, i);
		}
	}
	return NULL;
}

static const struct item *after(const struct mentions *s, const struct mention *m)
{
	int clause = item_at(s, m->first)->clause;

	for (size_t i = m->last + 1; i < s->r->count && item_at(s, i)->clause == clause; i++) {
		if (!is_thin_after(item_at(s, i))) {
			return item_at(s, i);
		}
	}
	return NULL;
}

/* The very next or last item, thin or not. */
static const struct item *beside(const struct mentions *s, const struct mention *m, int step)
{
	size_t i = step < 0 ? m->first - 1 : m->last + 1;

	if ((step < 0 && m->first == 0) || i >= s->r->count ||
		item_at(s, i)->clause != item_at(s, m->first)->clause) {
		return NULL;
	}
	return item_at(s, i);
}

static bool is(const struct item *item, enum lex_class class)
{
	return item && item_is(item, class);
}

typedef bool (*item_test_fn)(const struct mentions *, const struct item *);

/* Does a test hold for an item of the mention's clause (before it only, or anywhere)? */
static bool in_clause(
	const struct mentions *s, const struct mention *m, bool only_before, item_test_fn test)
{
	int clause = item_at(s, m->first)->clause;

	for (size_t i = 0; i < s->r->count; i++) {
		bool is_own = i >= m->first && i <= m->last;

		if (only_before && i >= m->first) {
			break;
		}
		if (!is_own && item_at(s, i)->clause == clause && test(s, item_at(s, i))) {
			return true;
		}
	}
	return false;
}

/* ---- labels: "8 yesterday 3 today", "pain 6 stiffness 4" ---- */

static const struct mention *mention_of(const struct mentions *s, size_t i)
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
static const struct item *label_of(
	const struct mentions *s, const struct mention *m, item_test_fn is_label)
{
	int clause = item_at(s, m->first)->clause;
	const struct item *label = NULL;
	bool is_first = true, stands_before = false;

	for (size_t i = 0; i < s->r->count; i++) {
		const struct mention *here = mention_of(s, i);
		const struct item *item = item_at(s, i);

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

static bool is_past_or_now(const struct mentions *s, const struct item *item)
{
	const struct item *last = item > s->r->items ? item - 1 : NULL;

	if (is(item, LEX_PAST) && last && last->clause == item->clause &&
		(is(last, LEX_THAN) || is(last, LEX_SINCE))) {
		return false; /* "worse than yesterday" is about today */
	}
	return is(item, LEX_PAST) || is(item, LEX_NOW);
}

static bool is_topic(const struct mentions *s, const struct item *item)
{
	return item_is_subject(s->r, item) || item_is_other_subject(s->r, item);
}

static bool is_subject(const struct mentions *s, const struct item *item)
{
	return item_is_subject(s->r, item);
}

static bool is_unknown(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is_unknown(item) ||
	       (item_is(item, LEX_ASKING) && !item_is(item, LEX_SAFE) && !item_is(item, LEX_WAS) &&
		       !item_is(item, LEX_BREAKS));
}

static bool is_event(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is(item, LEX_EVENTS);
}

static bool is_move(const struct mentions *s, const struct item *item)
{
	(void)s;
	return item_is(item, LEX_MOVES) || item_is(item, LEX_MOVES_TO);
}

/* ---- rules for one number ---- */

typedef enum role (*rule_fn)(const struct mentions *, const struct mention *);

/* "1st", "2nd" */
static enum role rule_ordinal(const struct mentions *s, const struct mention *m)
{
	const struct item *next = beside(s, m, 1);

	return is(next, LEX_ORDINAL_ENDINGS) && next->word->is_glued ? ROLE_OTHER : ROLE_FREE;
}

/* "March 3"; in "3 March 5" the 5 is something else */
static bool is_after_month(const struct mentions *s, const struct mention *m)
{
	bool is_month = m->first > 0 && item_is(item_at(s, m->first - 1), LEX_MONTHS);

	return is_month && !(m->first > 1 && item_at(s, m->first - 2)->kind == ITEM_NUMBER);
}

/* "2 tablets", "7 am", "3 March", "$5" */
static enum role rule_counted(const struct mentions *s, const struct mention *m)
{
	const struct item *next = after(s, m), *last = beside(s, m, -1);
	bool is_unit = is(next, LEX_UNITS) &&
		       (next->word_count > 1 || next->word->text[1] || next->word->is_glued);

	if (m->is_nothing) {
		return is(next, LEX_THINGS) ? ROLE_OTHER : ROLE_FREE;
	}
	if (is(next, LEX_AM_PM)) {
		return ROLE_TIME;
	}
	if (is(next, LEX_THINGS) || is_unit || is(next, LEX_MONTHS) || is_after_month(s, m) ||
		(next && next->mark == '$') || (last && last->mark == '$')) {
		return item_is_subject(s->r, next ? next : last) ? ROLE_FREE : ROLE_OTHER;
	}
	return ROLE_FREE;
}

/* "day 3", "L 5", "slept 6" */
static enum role rule_named(const struct mentions *s, const struct mention *m)
{
	const struct item *last = beside(s, m, -1), *far = before(s, m);

	if (m->base > 0 || m->is_nothing || (far && item_is_subject(s->r, far))) {
		return ROLE_FREE;
	}
	if (is(far, LEX_FOR) && s->r->q->type == READ_MINUTES) {
		/* "took 20 minutes", but "walked for 20 minutes" */
		return far > s->r->items && is(far - 1, LEX_EVENTS) ? ROLE_OTHER : ROLE_FREE;
	}
	if (is(last, LEX_COUNTED) || (is(last, LEX_VERTEBRAE) && !is(last, LEX_SAFE))) {
		return ROLE_OTHER;
	}
	return is(before(s, m), LEX_EVENTS) ? ROLE_OTHER : ROLE_FREE;
}

/* "on a scale of 10" */
static enum role rule_scale(const struct mentions *s, const struct mention *m)
{
	const struct item *last = before(s, m);
	bool is_base = is(last, LEX_OUT_OF) && last->word_count > 1;

	return (is(last, LEX_SCALE) || is_base) && m->value >= s->r->q->max ? ROLE_OTHER
									    : ROLE_FREE;
}

static enum role rule_percent(const struct mentions *s, const struct mention *m)
{
	const struct item *next = beside(s, m, 1);

	return is(next, LEX_PERCENT) ? ROLE_SCALED : ROLE_FREE;
}

/* "down from 7" */
static enum role rule_from(const struct mentions *s, const struct mention *m)
{
	const struct item *last = before(s, m);
	bool is_change = is(last, LEX_FROM) && !m->is_nothing;

	if (is_change && in_clause(s, m, true, is_event) && !in_clause(s, m, true, is_move)) {
		return ROLE_TIME;
	}
	return is_change ? ROLE_PAST : ROLE_FREE;
}

/* "since 7", "woke at 6"; a bare "at 6" may be where it stands */
static enum role rule_time(const struct mentions *s, const struct mention *m)
{
	const struct item *last = before(s, m);

	if (m->base > 0 || m->is_nothing || is(last, LEX_MOVES_TO)) {
		return ROLE_FREE;
	}
	if (item_at(s, m->first)->kind == ITEM_DURATION) {
		return ROLE_FREE; /* "after 20 minutes" */
	}
	if (is(last, LEX_SINCE) || (is(last, LEX_FOR) && s->r->q->type == READ_SCALE)) {
		return ROLE_TIME;
	}
	if (is(last, LEX_AT)) {
		return in_clause(s, m, true, is_event) ? ROLE_TIME : ROLE_AT;
	}
	return ROLE_FREE;
}

static enum role rule_bound(const struct mentions *s, const struct mention *m)
{
	const struct item *last = before(s, m), *next = after(s, m);

	if (is(last, LEX_BOUNDS) && !is(last, LEX_MOVES_TO)) {
		return ROLE_BOUND;
	}
	if (is(next, LEX_BOUNDS) && !is(next, LEX_NOW)) {
		return ROLE_BOUND;
	}
	return ROLE_FREE;
}

/* "zero sleep", "0 motivation": none of something else */
static enum role rule_none_of(const struct mentions *s, const struct mention *m)
{
	const struct item *next = beside(s, m, 1);

	return m->value == 0 && m->base == 0 && !m->is_nothing && next &&
			       (item_is_unknown(next) || item_is_other_subject(s->r, next))
		       ? ROLE_OTHER
		       : ROLE_FREE;
}

/* "then 20 more": to be added to another number, or not */
static enum role rule_extra(const struct mentions *s, const struct mention *m)
{
	return s->count > 1 && !m->is_nothing &&
			       (is(after(s, m), LEX_EXTRA) || is(before(s, m), LEX_EXTRA))
		       ? ROLE_EITHER
		       : ROLE_FREE;
}

/* "2 points better", "down 3" */
static enum role rule_change(const struct mentions *s, const struct mention *m)
{
	const struct item *next = after(s, m), *last = before(s, m);

	if (m->is_nothing) {
		return ROLE_FREE;
	}
	if (is(next, LEX_POINTS) && next + 1 < s->r->items + s->r->count &&
		next[1].clause == next->clause) {
		next++;
	}
	if (next && next + 1 < s->r->items + s->r->count && is(next + 1, LEX_FROM)) {
		return ROLE_FREE; /* "3 down from 7" */
	}
	if ((is(next, LEX_MORE) && !is(next, LEX_NOW)) ||
		(is(last, LEX_MORE) && last->word_count > 1) ||
		(is(last, LEX_MOVES) && !item_is_subject(s->r, last))) {
		return ROLE_BOUND;
	}
	return ROLE_FREE;
}

static enum role rule_not(const struct mentions *s, const struct mention *m)
{
	return is(before(s, m), LEX_NOT) && !is(before(s, m), LEX_SAFE) ? ROLE_NEGATED : ROLE_FREE;
}

static enum role rule_past(const struct mentions *s, const struct mention *m)
{
	int clause = item_at(s, m->first)->clause;
	bool is_past = is(label_of(s, m, is_past_or_now), LEX_PAST);

	for (size_t i = 0; i < m->first; i++) {
		const struct item *item = item_at(s, i);

		if (item->clause != clause) {
			continue;
		}
		if (item_is(item, LEX_WAS) && s->r->q->type != READ_MINUTES) {
			is_past = true; /* "was stiff for 20 minutes" is this morning's */
		} else if (item_is(item, LEX_NOW)) {
			is_past = false;
		}
	}
	return is_past ? ROLE_PAST : ROLE_FREE;
}

static enum role rule_topic(const struct mentions *s, const struct mention *m)
{
	const struct item *label = label_of(s, m, is_topic);

	return !m->is_nothing && label && item_is_other_subject(s->r, label) ? ROLE_TOPIC
									     : ROLE_FREE;
}

/* "one" counts when nothing but the subject is beside it */
static enum role rule_pronoun(const struct mentions *s, const struct mention *m)
{
	struct lex_set set = {.has = {[LEX_PRONOUNS] = true}};
	const struct item *item = item_at(s, m->first), *last = before(s, m), *next = after(s, m);

	if (m->base > 0 || !item->is_written || item->word_count > 1 ||
		!lexicon_find(s->r->lex, &set, item->word, 1)) {
		return ROLE_FREE;
	}
	if (is(last, LEX_TO) || is(last, LEX_OR) || is(last, LEX_MAYBE)) {
		return ROLE_FREE;
	}
	if (is(next, LEX_AND)) {
		return ROLE_OTHER; /* "one and done" */
	}
	if (next && !is(next, LEX_NOW) && !is(next, LEX_POINTS) && !is(next, LEX_POLITE) &&
		next->mark != '/' && !is(next, LEX_OR)) {
		return ROLE_OTHER;
	}
	return last && !is(last, LEX_SAFE) && !item_is_subject(s->r, last) ? ROLE_OTHER
	       : is(last, LEX_VAGUE)                                       ? ROLE_OTHER
									   : ROLE_FREE;
}

/* "www.6.com" */
static enum role rule_embedded(const struct mentions *s, const struct mention *m)
{
	const struct item *item = item_at(s, m->first);
	size_t first = (size_t)(item->word - s->r->words.at), last = first + item->word_count;
	const struct word *w = s->r->words.at;

	return first > 1 && last + 1 < s->r->words.count && w[first].is_glued &&
			       w[first - 1].is_glued && w[last].is_glued && w[last + 1].is_glued &&
			       w[first - 2].kind == WORD_LETTERS && w[last + 1].kind == WORD_LETTERS
		       ? ROLE_OTHER
		       : ROLE_FREE;
}

static const rule_fn rules[] = {
	rule_embedded,
	rule_none_of,
	rule_ordinal,
	rule_counted,
	rule_percent,
	rule_named,
	rule_scale,
	rule_from,
	rule_time,
	rule_not,
	rule_bound,
	rule_extra,
	rule_change,
	rule_past,
	rule_topic,
	rule_pronoun,
};

/* ---- rules for two numbers ---- */

/* What stands between two numbers in one clause: one connecting item, and thin ones. */
static const struct item *connector(
	const struct mentions *s, const struct mention *a, const struct mention *b)
{
	const struct item *found = NULL;

	if (item_at(s, a->first)->clause != item_at(s, b->first)->clause) {
		return NULL;
	}
	for (size_t i = a->last + 1; i < b->first; i++) {
		const struct item *item = item_at(s, i);
		bool connects = item_is(item, LEX_TO) || item_is(item, LEX_OR) ||
				item_is(item, LEX_OUT_OF) || item_is(item, LEX_MAYBE) ||
				item_is(item, LEX_AND) || item_is(item, LEX_MOVES_TO);

		if (connects && !found) {
			found = item;
		} else if (!is_thin_before(item) && !is_thin_after(item) &&
			   !item_is(item, LEX_MAYBE)) {
			return NULL;
		}
	}
	return found;
}

/* "6/10", "six out of ten": the second number names the scale of the first. */
static bool join_base(struct mentions *s, struct mention *a, const struct mention *b)
{
	const struct item *c = connector(s, a, b), *next = after(s, b);
	bool is_strict = c && c->kind == ITEM_WORD && c->word_count == 1; /* "6 on 10" */

	if (s->r->q->type != READ_SCALE || !is(c, LEX_OUT_OF) || a->is_nothing || b->is_nothing ||
		a->base > 0 || b->value <= 0 || is(next, LEX_UNITS) || is(next, LEX_THINGS) ||
		is(next, LEX_MONTHS) || item_at(s, b->first)->kind != ITEM_NUMBER) {
		return false;
	}
	if (b->value < s->r->q->max && is(next, LEX_OUT_OF)) {
		return false; /* "5/6/10" */
	}
	if (is_strict && b->value != s->r->q->max) {
		return false;
	}
	a->base = b->value;
	a->last = b->last;
	return true;
}

static void join_bases(struct mentions *s)
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
	const struct item *x = item_at(s, a->first), *y = item_at(s, b->first);

	if (x->kind == ITEM_NUMBER && y->kind == ITEM_DURATION) {
		a->value *= y->unit;
	}
}

static void judge_pair(struct mentions *s, struct mention *a, struct mention *b)
{
	const struct item *c = connector(s, a, b);
	bool is_change = is(c, LEX_MOVES_TO) || (is(c, LEX_TO) && in_clause(s, a, true, is_move));

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
	if (is(c, LEX_AND) && !is(before(s, a), LEX_BETWEEN) && !is(c, LEX_OR)) {
		return;
	}
	/* "2 tablets and 6": a number that is something else takes no part in a range; but
	 * "between", "from" and "to" must not look like a time either */
	if (a->role != ROLE_OTHER && b->role != ROLE_OTHER && a->role != ROLE_TIME &&
		a->role != ROLE_NEGATED) {
		bool is_time = b->role == ROLE_TIME && !is(c, LEX_TO);

		a->role = b->role = is_time ? ROLE_TIME : ROLE_EITHER;
	}
}

/* "6 no wait 7": the last one counts. "6 no 7" may be that, or "6, not 7". */
static void judge_correction(struct mentions *s, struct mention *a, struct mention *b)
{
	for (size_t i = a->last + 1; i < b->first; i++) {
		const struct item *item = item_at(s, i);

		/* "7? no, 6" */
		bool is_lone_no =
			item_is(item, LEX_NO) && item[-1].kind == ITEM_MARK && item[1].mark == ',';

		if ((item_is(item, LEX_CORRECTIONS) || is_lone_no) && a->role == ROLE_FREE &&
			b->role == ROLE_FREE) {
			a->role = ROLE_NEGATED;
		}
	}
	if (a->role == ROLE_BOUND && b->role == ROLE_PAST && is(before(s, b), LEX_FROM)) {
		a->role = ROLE_FREE; /* "up to 5 from 2" */
	}
	if (a->role == ROLE_FREE && b->role == ROLE_NEGATED && is(before(s, b), LEX_NO)) {
		a->role = b->role = ROLE_EITHER;
	}
}

/* ---- doubts ---- */

/* "no pain" has its subject in it, "none" has not. */
static bool names_subject(const struct reply *r, const struct item *item)
{
	const struct lex_sense *sense = lex_sense(item->entry, LEX_NOTHING);

	return r->q->subject && sense && !strcmp(sense->group, r->q->subject);
}

static bool is_fit_neighbour(const struct mentions *s, const struct item *item)
{
	return !item || item_is(item, LEX_SAFE) || item_is(item, LEX_NOW) ||
	       item_is(item, LEX_UNSURE) || item_is(item, LEX_CORRECTIONS) ||
	       item_is(item, LEX_POINTS) || item_is(item, LEX_MOVES_TO) ||
	       item_is(item, LEX_IDIOMS) || item_is(item, LEX_PAST) || item_is(item, LEX_SCALE) ||
	       item_is_subject(s->r, item) || item_is(item, LEX_BREAKS) || item_is(item, LEX_NOT) ||
	       item_is(item, LEX_SINCE) || item_is(item, LEX_AT) || item_is(item, LEX_VAGUE) ||
	       item_is(item, LEX_AND) || item_is(item, LEX_MOVES) || item_is(item, LEX_FROM) ||
	       item_is(item, LEX_BODY) || item_is(item, LEX_MAYBE) || item_is(item, LEX_FOR) ||
	       item_is(item, LEX_AM_PM) || item->kind == ITEM_DURATION ||
	       item->kind == ITEM_NUMBER || item->kind == ITEM_CLOCK || item->kind == ITEM_CODE ||
	       (item->kind == ITEM_MARK && strchr(",;.!?()", item->mark)) ||
	       (item->mark == '-' && !item->word->is_glued);
}

/* "yesterday it was bad, 8": the clause before speaks of the past and leaves the number open. */
static bool follows_past(const struct mentions *s, const struct mention *m)
{
	int clause = item_at(s, m->first)->clause;
	bool was = false;

	if (s->r->q->type == READ_MINUTES) {
		return false;
	}

	for (size_t i = 0; i < m->first; i++) {
		const struct item *item = item_at(s, i);

		if (item->clause == clause - 1) {
			was = was || item_is(item, LEX_WAS);
			if (mention_of(s, i)) {
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
	const struct item *next = after(s, m);

	for (size_t i = m->last + 1; i < s->r->count; i++) {
		if (item_is(item_at(s, i), LEX_EXCEPT)) {
			return false;
		}
	}
	if (!next || next->kind == ITEM_MARK || is(next, LEX_NOW) || is(next, LEX_POLITE) ||
		is(next, LEX_BODY) || item_is_subject(s->r, next)) {
		return true;
	}
	return names_subject(s->r, item_at(s, m->first)) && is_fit_neighbour(s, next) &&
	       next->kind == ITEM_WORD && !is(next, LEX_SINCE) && !is(next, LEX_VAGUE) &&
	       !is(next, LEX_MORE);
}

/* A negation that no negated number accounts for. */
static bool is_loose_not(const struct mentions *s, const struct item *item)
{
	if (!item_is(item, LEX_NOT) || item_is(item, LEX_SAFE)) {
		return false;
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct mention *m = &s->at[i];

		if (item_at(s, m->first) > item && item_at(s, m->first)->clause == item->clause) {
			return m->role != ROLE_NEGATED;
		}
	}
	return true;
}

/* "7 but not quite": the reply ends by taking something back. */
static bool ends_negated(const struct mentions *s)
{
	size_t n = s->r->count;

	while (n > 0 && s->r->items[n - 1].kind != ITEM_WORD && !mention_of(s, n - 1)) {
		n--;
	}
	return n > 0 && !mention_of(s, n - 1) &&
	       (item_is(&s->r->items[n - 1], LEX_NOT) || item_is(&s->r->items[n - 1], LEX_BOUNDS));
}

/* "6a" */
static bool is_letter_behind(const struct mentions *s, const struct mention *m)
{
	const struct item *next = beside(s, m, 1);

	return next && next->word->kind == WORD_LETTERS && next->word->is_glued &&
	       !next->word->text[1];
}

static bool is_doubtful(const struct mentions *s, const struct mention *m)
{
	const struct item *last = before(s, m), *next = after(s, m);
	bool has_unknown = in_clause(s, m, false, is_unknown);

	if (m->base > 0) {
		return false;
	}
	if (item_at(s, m->first)->is_mended && has_unknown) {
		return true;
	}
	if (in_clause(s, m, true, is_loose_not) || follows_past(s, m) || ends_negated(s)) {
		return true;
	}
	if (m->is_nothing && (has_unknown || m->is_about || !may_follow_nothing(s, m))) {
		return true;
	}
	if (is_letter_behind(s, m)) {
		return true;
	}
	if (is(last, LEX_MOVES_TO)) {
		has_unknown = false; /* "after a hot shower I'm down to 5" */
	}
	if (has_unknown && !m->has_subject) {
		return true;
	}
	return (!is_fit_neighbour(s, last) && !is(last, LEX_TO)) ||
	       (!m->is_nothing && !is_fit_neighbour(s, next));
}

static bool is_about(const struct mentions *s, const struct mention *m)
{
	const struct item *last = beside(s, m, -1), *next = beside(s, m, 1);

	while (last > s->r->items && (is(last, LEX_ARTICLES) || last->mark == ':')) {
		last--;
	}
	if (is(last, LEX_ABOUT) || is(next, LEX_ABOUT_AFTER) || is(last, LEX_UNSURE)) {
		return true;
	}
	next = m->last + 1 < s->r->count ? item_at(s, m->last + 1) : NULL;
	return next && next->mark == '?';
}

/* ---- all of it ---- */

/* "no pain" is a mention of 0, when it is about the subject. */
static bool is_nothing(const struct reply *r, const struct item *item)
{
	const struct lex_sense *s =
		item->kind == ITEM_WORD ? item->entry ? item->entry->senses : NULL : NULL;

	if (r->q->type == READ_NUMBER) {
		return false;
	}
	for (; s; s = s->next) {
		if (s->class == LEX_NOTHING && (!r->q->subject || !strcmp(s->group, "any") ||
						       !strcmp(s->group, r->q->subject))) {
			return true;
		}
	}
	return false;
}

static void collect(struct mentions *s)
{
	struct reply *r = s->r;
	bool wants_minutes = r->q->type == READ_MINUTES;

	s->at = arena_alloc(r->arena, (r->count + 1) * sizeof *s->at);
	for (size_t i = 0; i < r->count; i++) {
		const struct item *item = &r->items[i];
		bool nothing = is_nothing(r, item);

		/* "quarter past" says nothing on a scale */
		bool is_part = item->is_fraction && item->is_written && !wants_minutes;

		if ((item->kind == ITEM_NUMBER && !is_part) || nothing ||
			(wants_minutes &&
				(item->kind == ITEM_DURATION || item->kind == ITEM_CLOCK))) {
			s->at[s->count++] = (struct mention){.first = i,
				.last = i,
				.value = nothing ? 0 : item->value,
				.is_nothing = nothing};
		}
	}
}

static enum role first_role(const struct mentions *s, const struct mention *m)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		enum role role = rules[i](s, m);

		if (role != ROLE_FREE) {
			return role;
		}
	}
	return ROLE_FREE;
}

void mentions_find(struct mentions *s, struct reply *r)
{
	*s = (struct mentions){.r = r};
	collect(s);
	join_bases(s);
	for (size_t i = 0; i < s->count; i++) {
		struct mention *m = &s->at[i];

		m->role = first_role(s, m);
		m->is_about = is_about(s, m);
		m->is_now = is(label_of(s, m, is_past_or_now), LEX_NOW) ||
			    is(before(s, m), LEX_MOVES_TO);
		m->has_subject = in_clause(s, m, false, is_subject) ||
				 (m->is_nothing && names_subject(r, item_at(s, m->first)));
	}
	for (size_t i = 1; i < s->count; i++) {
		judge_pair(s, &s->at[i - 1], &s->at[i]);
		judge_correction(s, &s->at[i - 1], &s->at[i]);
	}
	for (size_t i = 0; i < s->count; i++) {
		s->at[i].is_doubtful = is_doubtful(s, &s->at[i]);
	}
}
