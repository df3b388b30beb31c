/* Scales, minutes and plain numbers. All numbers of the reply are found with their roles; when
 * exactly one may be the answer it is, when several may the person is asked. */
#include "flow/read_roles.h"

#include <math.h>
#include <string.h>

static const struct lex_set amount_words = {.has = {
						    [LEX_NUMBERS] = true,
						    [LEX_MULTIPLIERS] = true,
						    [LEX_FRACTIONS] = true,
						    [LEX_AND] = true,
						    [LEX_POINT] = true,
						    [LEX_ORDINALS] = true,
						    [LEX_ORDINAL_ENDINGS] = true,
						    [LEX_IDIOMS] = true,
						    [LEX_ARTICLES] = true,
						    [LEX_ABOUT] = true,
						    [LEX_ABOUT_AFTER] = true,
						    [LEX_OUT_OF] = true,
						    [LEX_SCALE] = true,
						    [LEX_AM_PM] = true,
						    [LEX_PERCENT] = true,
						    [LEX_POINTS] = true,
						    [LEX_OR] = true,
						    [LEX_TO] = true,
						    [LEX_MAYBE] = true,
						    [LEX_BETWEEN] = true,
						    [LEX_FROM] = true,
						    [LEX_MOVES] = true,
						    [LEX_MOVES_TO] = true,
						    [LEX_BOUNDS] = true,
						    [LEX_NOT] = true,
						    [LEX_WAS] = true,
						    [LEX_PAST] = true,
						    [LEX_NOW] = true,
						    [LEX_MORE] = true,
						    [LEX_THAN] = true,
						    [LEX_CORRECTIONS] = true,
						    [LEX_BREAKS] = true,
						    [LEX_AT] = true,
						    [LEX_SINCE] = true,
						    [LEX_EVENTS] = true,
						    [LEX_COUNTED] = true,
						    [LEX_THINGS] = true,
						    [LEX_VERTEBRAE] = true,
						    [LEX_ASKING] = true,
						    [LEX_SAFE] = true,
						    [LEX_BODY] = true,
						    [LEX_EXTRA] = true,
						    [LEX_POLITE] = true,
						    [LEX_EXCEPT] = true,
						    [LEX_SUBJECTS] = true,
						    [LEX_NOTHING] = true,
						    [LEX_VAGUE] = true,
						    [LEX_UNSURE] = true,
						    [LEX_FOR] = true,
						    [LEX_UNITS] = true,
						    [LEX_MONTHS] = true,
						    [LEX_NO] = false,
					    }};

static void add_number(struct reply *r, double value, const char *note)
{
	if (value >= r->q->min && value <= r->q->max) {
		answer_guess(r->out, value_number(value), note);
	}
}

static double to_half(double value)
{
	return round(value * 2) / 2;
}

/* ---- the value itself ---- */

static bool is_in_range(const struct reply *r, double value)
{
	return value >= r->q->min && value <= r->q->max;
}

/* "6.7" is between two steps: offer both. */
static bool is_on_step(const struct reply *r, double value)
{
	double steps = r->q->type == READ_SCALE ? value * 2 : value;

	return fabs(steps - round(steps)) < 1e-9;
}

static void add_steps(struct reply *r, double value)
{
	if (r->q->type == READ_SCALE) {
		add_number(r, floor(value * 2) / 2, "step");
		add_number(r, ceil(value * 2) / 2, "step");
	} else {
		add_number(r, round(value), "step");
	}
}

/* A number on a scale that is not the question's: "3/5", "30%". */
static void add_converted(struct reply *r, const struct mention *m)
{
	double max = r->q->max, base = m->base > 0 ? m->base : 100;

	if (m->base > 0 && m->base < max && m->value == m->base - 1) {
		add_number(r, m->value, "scale"); /* "5/6" may be "5 or 6" */
		add_number(r, m->base, "scale");
		if (m->base != 5) {
			return;
		}
	}
	if (m->value <= base) {
		add_number(r, to_half(m->value / base * max), "scale");
	} else if (base == max) {
		add_number(r, max, "scale"); /* "11/10" */
	}
}

/* ---- deciding ---- */

/* Only what may be the answer, better evidence first: a number with "now" beside it, a clear one,
 * a doubtful one. */
enum grade { GRADE_NONE, GRADE_DOUBTFUL, GRADE_CLEAR, GRADE_NOW };

static enum grade grade_of(const struct reply *r, const struct mention *m)
{
	bool is_beside_subject = m->base == r->q->max || m->has_subject;

	if (m->role != ROLE_FREE) {
		return GRADE_NONE;
	}
	if (!r->q->in_answer && (!is_beside_subject || m->is_doubtful)) {
		return GRADE_NONE;
	}
	if (m->is_doubtful || (!is_in_range(r, m->value) && !is_beside_subject)) {
		return GRADE_DOUBTFUL;
	}
	return m->is_now ? GRADE_NOW : GRADE_CLEAR;
}

static bool has_role(const struct mentions *s, enum role role)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->at[i].role == role) {
			return true;
		}
	}
	return false;
}

/* The mention that is the answer, if there is one only. A doubtful one beside it is passed over
 * when the other has the subject, the scale's sign or "now" to speak for it. */
static const struct mention *only_one(const struct mentions *s, enum grade *best_out)
{
	const struct mention *found = NULL;
	size_t counts[GRADE_NOW + 1] = {0};
	enum grade best = GRADE_NONE;
	bool has_sign;

	for (size_t i = 0; i < s->count; i++) {
		enum grade grade = grade_of(s->r, &s->at[i]);

		if (found && grade == best && s->at[i].is_nothing && found->value == 0) {
			continue; /* "zero, zilch" */
		}
		counts[grade]++;
		if (grade > best) {
			best = grade;
			found = &s->at[i];
		}
	}
	has_sign = found && (best == GRADE_NOW || found->has_subject || found->base > 0);
	*best_out = best;
	if (best > GRADE_DOUBTFUL && counts[GRADE_DOUBTFUL] && !has_sign) {
		*best_out = GRADE_DOUBTFUL;
		return NULL;
	}
	return counts[best] == 1 ? found : NULL;
}

static void decide_one(struct reply *r, const struct mention *m, enum grade grade)
{
	if (m->base > 0 && m->base != r->q->max) {
		add_converted(r, m);
	} else if (!is_in_range(r, m->value)) {
		if (m->base > 0) {
			add_converted(r, m);
		} else {
			answer_none(r->out, "range");
		}
	} else if (!is_on_step(r, m->value)) {
		add_steps(r, m->value);
	} else if (grade == GRADE_DOUBTFUL) {
		add_number(r, m->value, "doubt");
	} else {
		answer_value(r->out, value_number(m->value));
		r->out->is_approximate = m->is_about;
	}
}

/* Offers all mentions of a role; with a grade also the free ones that reach it. */
static void offer(struct mentions *s, enum role role, enum grade least, const char *note)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct mention *m = &s->at[i];

		bool is_free = least && m->role == ROLE_FREE && grade_of(s->r, m) >= least;

		if (m->role == role || is_free) {
			if (is_on_step(s->r, m->value)) {
				add_number(s->r, m->value, note);
			} else {
				add_steps(s->r, m->value);
			}
		}
	}
}

/* Nothing may be the answer; some numbers are worth asking about. */
static void decide_rest(struct mentions *s)
{
	static const struct {
		enum role role;
		const char *note;
	} asked[] = {
		{ROLE_BOUND, "bound"},
		{ROLE_AT, "time"},
		{ROLE_PAST, "past"},
		{ROLE_TOPIC, "subject"},
	};

	for (size_t i = 0; i < s->count; i++) {
		if (s->at[i].role == ROLE_SCALED) {
			add_converted(s->r, &s->at[i]);
		}
	}
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		if (s->r->out->result == READ_NONE) {
			offer(s, asked[i].role, GRADE_NONE, asked[i].note);
		}
	}
	if (s->r->out->result == READ_NONE && has_role(s, ROLE_NEGATED)) {
		answer_none(s->r->out, "negated");
	}
}

/* ---- words instead of numbers ---- */

/* "quite bad" on a scale of 0 to 10, brought to the question's own. */
static void offer_vague(struct reply *r, enum lex_class class)
{
	const struct lex_sense *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct item *item = &r->items[i];
		bool is_negated =
			i > 0 && item_is(item - 1, LEX_NOT) && item[-1].clause == item->clause;

		if (item_is(item, class) && !is_negated && item->word_count > longest) {
			best = lex_sense(item->entry, class);
			longest = item->word_count;
		}
	}
	for (size_t i = 0; best && i < best->guess_count; i++) {
		double value = best->guesses[i];

		if (class == LEX_VAGUE && r->q->max != 10) {
			value = round(r->q->min + value / 10 * (r->q->max - r->q->min));
		}
		add_number(r, value, "vague");
	}
}

static bool is_question(const struct reply *r)
{
	static const struct lex_set asking = {.has = {[LEX_ASKING] = true}};
	bool has_mark = false;

	for (size_t i = 0; i < r->count; i++) {
		has_mark = has_mark || r->items[i].mark == '?';
	}
	return has_mark && r->words.count > 1 && lexicon_find(r->lex, &asking, r->words.at, 1);
}

static bool is_whole_day(const struct reply *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (item_is(&r->items[i], LEX_WHOLE_DAY)) {
			return true;
		}
	}
	return false;
}

static void read_words(struct reply *r)
{
	if (!r->q->in_answer) {
		return;
	}
	if (r->q->type == READ_SCALE) {
		offer_vague(r, LEX_VAGUE);
	} else if (r->q->type == READ_MINUTES && is_whole_day(r)) {
		answer_value(r->out, value_number(r->q->max < 1440 ? r->q->max : 1440));
	} else if (r->q->type == READ_MINUTES) {
		offer_vague(r, LEX_VAGUE_LONG);
	}
}

static void read_roman(struct reply *r)
{
	struct lex_set set = {.has = {[LEX_ROMAN] = true}};
	const struct lex_entry *entry =
		r->words.count == 1 ? lexicon_find(r->lex, &set, r->words.at, 1) : NULL;

	if (entry && r->q->in_answer) {
		add_number(r, lex_sense(entry, LEX_ROMAN)->value, "roman");
	}
}

/* A minus right before the first number: below the scale. */
static bool is_below(const struct reply *r)
{
	return r->count >= 2 && r->items[0].mark == '-' && r->items[1].word->is_glued &&
	       r->items[1].kind == ITEM_NUMBER;
}

void read_amount(struct reply *r)
{
	struct lex_set set = amount_words;
	const struct mention *m;
	struct mentions s;
	enum grade best;

	set.has[r->q->type == READ_MINUTES ? LEX_WHOLE_DAY : LEX_VAGUE] = true;
	set.has[LEX_VAGUE] = r->q->type == READ_SCALE;
	set.has[LEX_VAGUE_LONG] = r->q->type == READ_MINUTES;
	reply_cut(r, &set, r->q->type != READ_NUMBER);
	if (is_question(r)) {
		answer_none(r->out, "question");
		return;
	}
	if (is_below(r)) {
		answer_none(r->out, "range");
		return;
	}
	mentions_find(&s, r);
	m = only_one(&s, &best);
	if (m && !has_role(&s, ROLE_EITHER)) {
		decide_one(r, m, best);
		return;
	}
	if (best || has_role(&s, ROLE_EITHER)) {
		if (r->q->in_answer || best) {
			offer(&s, ROLE_EITHER, best, "several");
		}
		if (r->out->result == READ_NONE) {
			answer_none(r->out, "range");
		}
		return;
	}
	if (r->q->in_answer) {
		decide_rest(&s);
	}
	if (r->out->result == READ_NONE && !r->out->note) {
		read_words(r);
	}
	if (r->out->result == READ_NONE && !r->out->note) {
		read_roman(r);
	}
}
