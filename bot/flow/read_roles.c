/* Each rule looks at one number and its neighbours and either names the number's part or passes.
 * The rules stand in one table, first match wins; what no rule claims may be the answer. */
#include "flow/read_roles.h"

#include <string.h>

typedef enum role (*rule_fn)(const struct mentions *, const struct mention *);

/* "1st", "2nd" */
static enum role rule_ordinal(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_beside(s, m, 1);

	return item_is(next, LEX_ORDINAL_ENDINGS) && next->word->is_glued ? ROLE_OTHER : ROLE_FREE;
}

/* "March 3"; in "3 March 5" the 5 is something else */
static bool is_after_month(const struct mentions *s, const struct mention *m)
{
	bool is_month = m->first > 0 && item_is(mention_item(s, m->first - 1), LEX_MONTHS);

	return is_month && !(m->first > 1 && mention_item(s, m->first - 2)->kind == ITEM_NUMBER);
}

/* "2 tablets", "7 am", "3 March", "$5" */
static enum role rule_counted(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_after(s, m), *last = item_beside(s, m, -1);
	bool is_unit = item_is(next, LEX_UNITS) &&
		       (next->word_count > 1 || next->word->text[1] || next->word->is_glued);

	if (m->is_nothing) {
		return item_is(next, LEX_THINGS) ? ROLE_OTHER : ROLE_FREE;
	}
	if (item_is(next, LEX_AM_PM)) {
		return ROLE_TIME;
	}
	if (item_is(next, LEX_THINGS) || is_unit || item_is(next, LEX_MONTHS) ||
		is_after_month(s, m) || (next && next->mark == '$') ||
		(last && last->mark == '$')) {
		return item_is_subject(s->r, next ? next : last) ? ROLE_FREE : ROLE_OTHER;
	}
	return ROLE_FREE;
}

/* "day 3", "L 5", "slept 6" */
static enum role rule_named(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_beside(s, m, -1), *far = item_before(s, m);

	if (m->base > 0 || m->is_nothing || (far && item_is_subject(s->r, far))) {
		return ROLE_FREE;
	}
	if (item_is(far, LEX_FOR) && s->r->q->type == READ_MINUTES) {
		/* "took 20 minutes", but "walked for 20 minutes" */
		return far > s->r->items && item_is(far - 1, LEX_EVENTS) ? ROLE_OTHER : ROLE_FREE;
	}
	if (item_is(last, LEX_COUNTED) ||
		(item_is(last, LEX_VERTEBRAE) && !item_is(last, LEX_SAFE))) {
		return ROLE_OTHER;
	}
	return item_is(item_before(s, m), LEX_EVENTS) ? ROLE_OTHER : ROLE_FREE;
}

/* "on a scale of 10" */
static enum role rule_scale(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m);
	bool is_base = item_is(last, LEX_OUT_OF) && last->word_count > 1;

	return (item_is(last, LEX_SCALE) || is_base) && m->value >= s->r->q->max ? ROLE_OTHER
										 : ROLE_FREE;
}

static enum role rule_percent(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_beside(s, m, 1);

	return item_is(next, LEX_PERCENT) ? ROLE_SCALED : ROLE_FREE;
}

/* "down from 7" */
static enum role rule_from(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m);
	bool is_change = item_is(last, LEX_FROM) && !m->is_nothing;

	if (is_change && clause_has(s, m, true, item_is_event) &&
		!clause_has(s, m, true, item_is_move)) {
		return ROLE_TIME;
	}
	return is_change ? ROLE_PAST : ROLE_FREE;
}

/* "since 7", "woke at 6"; a bare "at 6" may be where it stands */
static enum role rule_time(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m);

	if (m->base > 0 || m->is_nothing || item_is(last, LEX_MOVES_TO)) {
		return ROLE_FREE;
	}
	if (mention_item(s, m->first)->kind == ITEM_DURATION) {
		return ROLE_FREE; /* "after 20 minutes" */
	}
	if (item_is(last, LEX_SINCE) || (item_is(last, LEX_FOR) && s->r->q->type == READ_SCALE)) {
		return ROLE_TIME;
	}
	if (item_is(last, LEX_AT)) {
		return clause_has(s, m, true, item_is_event) ? ROLE_TIME : ROLE_AT;
	}
	return ROLE_FREE;
}

static enum role rule_bound(const struct mentions *s, const struct mention *m)
{
	const struct item *last = item_before(s, m), *next = item_after(s, m);

	if (item_is(last, LEX_BOUNDS) && !item_is(last, LEX_MOVES_TO)) {
		return ROLE_BOUND;
	}
	if (item_is(next, LEX_BOUNDS) && !item_is(next, LEX_NOW)) {
		return ROLE_BOUND;
	}
	return ROLE_FREE;
}

/* "zero sleep", "0 motivation": none of something else */
static enum role rule_none_of(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_beside(s, m, 1);

	return m->value == 0 && m->base == 0 && !m->is_nothing && next &&
			       (item_is_unknown(next) || item_is_other_subject(s->r, next))
		       ? ROLE_OTHER
		       : ROLE_FREE;
}

/* "then 20 more": to be added to another number, or not */
static enum role rule_extra(const struct mentions *s, const struct mention *m)
{
	return s->count > 1 && !m->is_nothing &&
			       (item_is(item_after(s, m), LEX_EXTRA) ||
				       item_is(item_before(s, m), LEX_EXTRA))
		       ? ROLE_EITHER
		       : ROLE_FREE;
}

/* "2 points better", "down 3" */
static enum role rule_change(const struct mentions *s, const struct mention *m)
{
	const struct item *next = item_after(s, m), *last = item_before(s, m);

	if (m->is_nothing) {
		return ROLE_FREE;
	}
	if (item_is(next, LEX_POINTS) && next + 1 < s->r->items + s->r->count &&
		next[1].clause == next->clause) {
		next++;
	}
	if (next && next + 1 < s->r->items + s->r->count && item_is(next + 1, LEX_FROM)) {
		return ROLE_FREE; /* "3 down from 7" */
	}
	if ((item_is(next, LEX_MORE) && !item_is(next, LEX_NOW)) ||
		(item_is(last, LEX_MORE) && last->word_count > 1) ||
		(item_is(last, LEX_MOVES) && !item_is_subject(s->r, last))) {
		return ROLE_BOUND;
	}
	return ROLE_FREE;
}

static enum role rule_not(const struct mentions *s, const struct mention *m)
{
	return item_is(item_before(s, m), LEX_NOT) && !item_is(item_before(s, m), LEX_SAFE)
		       ? ROLE_NEGATED
		       : ROLE_FREE;
}

static enum role rule_past(const struct mentions *s, const struct mention *m)
{
	int clause = mention_item(s, m->first)->clause;
	bool is_past = item_is(mention_label(s, m, item_is_day), LEX_PAST);

	for (size_t i = 0; i < m->first; i++) {
		const struct item *item = mention_item(s, i);

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
	const struct item *label = mention_label(s, m, item_is_topic);

	return !m->is_nothing && label && item_is_other_subject(s->r, label) ? ROLE_TOPIC
									     : ROLE_FREE;
}

/* "one" counts when nothing but the subject is beside it */
static enum role rule_pronoun(const struct mentions *s, const struct mention *m)
{
	struct lex_set set = {.has = {[LEX_PRONOUNS] = true}};
	const struct item *item = mention_item(s, m->first), *last = item_before(s, m),
			  *next = item_after(s, m);

	if (m->base > 0 || !item->is_written || item->word_count > 1 ||
		!lexicon_find(s->r->lex, &set, item->word, 1)) {
		return ROLE_FREE;
	}
	if (item_is(last, LEX_TO) || item_is(last, LEX_OR) || item_is(last, LEX_MAYBE)) {
		return ROLE_FREE;
	}
	if (item_is(next, LEX_AND)) {
		return ROLE_OTHER; /* "one and done" */
	}
	if (next && !item_is(next, LEX_NOW) && !item_is(next, LEX_POINTS) &&
		!item_is(next, LEX_POLITE) && next->mark != '/' && !item_is(next, LEX_OR)) {
		return ROLE_OTHER;
	}
	return last && !item_is(last, LEX_SAFE) && !item_is_subject(s->r, last) ? ROLE_OTHER
	       : item_is(last, LEX_VAGUE)                                       ? ROLE_OTHER
										: ROLE_FREE;
}

/* "www.6.com" */
static enum role rule_embedded(const struct mentions *s, const struct mention *m)
{
	const struct item *item = mention_item(s, m->first);
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

static bool is_subject(const struct mentions *s, const struct item *item)
{
	return item_is_subject(s->r, item);
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

/* "3 in bed and 7 on my feet": another topic's number counts when the answer's own is not marked as
 * such. */
static void free_topics(struct mentions *s)
{
	bool has_unmarked = false;

	for (size_t i = 0; i < s->count; i++) {
		const struct mention *m = &s->at[i];

		has_unmarked =
			has_unmarked ||
			(m->role == ROLE_FREE && !m->has_subject && !m->is_now && m->base == 0 &&
				mention_item(s, m->first)->kind == ITEM_NUMBER);
	}
	for (size_t i = 0; has_unmarked && i < s->count; i++) {
		if (s->at[i].role == ROLE_TOPIC) {
			s->at[i].role = ROLE_FREE;
			s->at[i].is_doubtful = true;
		}
	}
}

void mentions_find(struct mentions *s, struct reply *r)
{
	*s = (struct mentions){.r = r};
	collect(s);
	mentions_join_bases(s);
	for (size_t i = 0; i < s->count; i++) {
		struct mention *m = &s->at[i];

		m->role = first_role(s, m);
		m->is_about = mention_is_about(s, m);
		m->is_now = item_is(mention_label(s, m, item_is_day), LEX_NOW) ||
			    item_is(item_before(s, m), LEX_MOVES_TO);
		m->has_subject =
			clause_has(s, m, false, is_subject) ||
			(m->is_nothing && item_names_subject(r, mention_item(s, m->first)));
	}
	for (size_t i = 1; i < s->count; i++) {
		mentions_judge_pair(s, &s->at[i - 1], &s->at[i]);
		mentions_judge_correction(s, &s->at[i - 1], &s->at[i]);
	}
	for (size_t i = 0; i < s->count; i++) {
		s->at[i].is_doubtful = mention_is_doubtful(s, &s->at[i]);
	}
	free_topics(s);
}
