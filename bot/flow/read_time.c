/* Times of day. Each way of writing one gives an hour, a minute and whether it may be in either
 * half of the day; the rest of the clause ("in the evening"), then the question's bounds, decide
 * which half. */
#include "flow/read_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MIN = 1440, HALF_DAY_MIN = 720, EARLIEST_HOUR = 5, TIMES_MAX = 8 };

static const struct lex_set time_words = {.has = {
						  [LEX_NUMBERS] = true,
						  [LEX_FRACTIONS] = true,
						  [LEX_ARTICLES] = true,
						  [LEX_ABOUT] = true,
						  [LEX_ABOUT_AFTER] = true,
						  [LEX_OR] = true,
						  [LEX_BETWEEN] = true,
						  [LEX_NOT] = true,
						  [LEX_BREAKS] = true,
						  [LEX_AT] = true,
						  [LEX_SINCE] = true,
						  [LEX_EVENTS] = true,
						  [LEX_SAFE] = true,
						  [LEX_THINGS] = true,
						  [LEX_MORNING] = true,
						  [LEX_AFTERNOON] = true,
						  [LEX_EVENING] = true,
						  [LEX_NIGHT] = true,
						  [LEX_OCLOCK] = true,
						  [LEX_PAST_HOUR] = true,
						  [LEX_TO_HOUR] = true,
						  [LEX_TIMES] = true,
						  [LEX_UNITS] = true,
						  [LEX_IN] = true,
						  [LEX_WEEKDAYS] = true,
						  [LEX_DAYS] = true,
						  [LEX_NOW] = true,
						  [LEX_POLITE] = true,
						  [LEX_COUNTED] = true,
						  [LEX_AND] = true,
						  [LEX_IDIOMS] = true,
						  [LEX_TO] = true,
						  [LEX_CORRECTIONS] = true,
						  [LEX_ASKING] = true,
						  [LEX_NO] = true,
						  [LEX_WAS] = true,
					  }};

enum half { HALF_OPEN, HALF_MORNING, HALF_AFTERNOON, HALF_EVENING, HALF_NIGHT, HALF_EXACT };

struct moment {
	int minute; /* of the day, as said */
	enum half half;
	bool is_doubtful, is_about;
};

struct times {
	struct reply *r;
	struct moment at[TIMES_MAX];
	size_t count;
	bool is_broken; /* "25:00", "7:75": a time was meant, but there is none such */
};

static bool is_at(const struct reply *r, size_t i, enum lex_class class)
{
	return i < r->count && item_is(&r->items[i], class);
}

static bool is_whole(const struct item *item, double least, double most)
{
	return item->kind == ITEM_NUMBER && item->value >= least && item->value <= most &&
	       item->value == floor(item->value);
}

/* ---- forms ---- */

/* What a form found: minute of the day; -1 nothing. used: items. */
struct form {
	int minute;
	size_t used;
	bool is_exact;   /* "07:15", "1930": no other half of the day */
	bool is_unclear; /* "5 to 7": 6:55, or from 5 to 7 */
};

static struct form form_of(int hour, int minute, size_t used, bool is_exact)
{
	struct form none = {.minute = -1};

	if (hour > 24 || minute > 59 || (hour == 24 && minute)) {
		return none;
	}
	return (struct form){
		(hour % 24) * 60 + minute, used, is_exact || hour == 0 || hour > 12, false};
}

/* "7:15", "07:15" */
static struct form form_clock(const struct reply *r, size_t i)
{
	const struct item *item = &r->items[i];

	if (item->kind != ITEM_CLOCK) {
		return (struct form){.minute = -1};
	}
	return form_of((int)item->value / 60, (int)item->value % 60, 1, item->word->text[0] == '0');
}

/* "7.15", "0715", "730" */
static struct form form_digits(const struct reply *r, size_t i)
{
	const char *text = r->items[i].word->text, *sign = strpbrk(text, ".");
	size_t len = strlen(text);
	int number;

	if (r->items[i].kind != ITEM_NUMBER || r->items[i].is_written ||
		r->items[i].word_count > 1 || len > 5) {
		return (struct form){.minute = -1};
	}
	if (sign && strlen(sign) == 3) {
		return form_of(atoi(text), atoi(sign + 1), 1, text[0] == '0');
	}
	if (sign || len < 3 || len > 4) {
		return (struct form){.minute = -1};
	}
	number = atoi(text);
	return form_of(number / 100, number % 100, 1, len == 4 && (text[0] == '0'));
}

/* Minutes before or after the hour: "quarter past seven", "20 to 8", "half seven". */
static struct form form_spoken(const struct reply *r, size_t i)
{
	struct form none = {.minute = -1};
	const struct item *first = &r->items[i];
	size_t at = i + 1, extra = 0;
	int minutes, hour;

	if (item_is(first, LEX_ARTICLES)) {
		return none; /* the article is skipped by the caller */
	}
	if (first->kind != ITEM_NUMBER || first->value <= 0 || first->value >= 30 + 1e-9) {
		return none;
	}
	minutes = (int)round(first->is_fraction ? first->value * 60 : first->value);
	if (is_at(r, at, LEX_UNITS) && !first->is_fraction) {
		at++;
	}
	extra = at;
	if (is_at(r, at, LEX_PAST_HOUR) || is_at(r, at, LEX_TO_HOUR)) {
		at++;
	}
	if (at >= r->count || !is_whole(&r->items[at], 1, 12) || minutes > 45 ||
		(at == extra && !(first->is_fraction && minutes == 30))) {
		return none;
	}
	if (!first->is_written && !first->is_fraction && minutes % 5 != 0) {
		return none; /* "6 to 7" is a range */
	}
	hour = (int)r->items[at].value;
	if (at > extra && is_at(r, extra, LEX_TO_HOUR) && !is_at(r, extra, LEX_PAST_HOUR)) {
		if (minutes < 5 || (minutes < 13 && minutes % 5 != 0)) {
			return none;
		}
		return (struct form){((hour * 60 - minutes) + DAY_MIN) % DAY_MIN, at + 1 - i, false,
			minutes < hour && extra == i + 1};
	}
	return form_of(hour, minutes, at + 1 - i, false);
}

/* "7", "seven thirty", "seven oh five", "7 30" */
static struct form form_hour(const struct reply *r, size_t i)
{
	const struct item *item = &r->items[i];
	const char *text = item->word->text;

	if (!is_whole(item, 0, 24) || item->is_fraction) {
		return (struct form){.minute = -1};
	}
	if (i + 1 < r->count && is_whole(&r->items[i + 1], 0, 59) &&
		r->items[i + 1].clause == item->clause &&
		(r->items[i + 1].value >= 10 || r->items[i + 1].word->text[0] == '0')) {
		return form_of((int)item->value, (int)r->items[i + 1].value, 2, false);
	}
	/* "7h30" */
	if (is_at(r, i + 1, LEX_OCLOCK) && i + 2 < r->count && r->items[i + 2].word->is_glued &&
		is_whole(&r->items[i + 2], 0, 59)) {
		return form_of((int)item->value, (int)r->items[i + 2].value, 3, false);
	}
	return form_of((int)item->value, 0, 1, text[0] == '0' && text[1] != '\0');
}

static struct form form_named(const struct reply *r, size_t i)
{
	const struct lex_sense *s =
		r->items[i].kind == ITEM_WORD ? lex_sense(r->items[i].entry, LEX_TIMES) : NULL;

	return s ? (struct form){(int)s->value, 1, true, false} : (struct form){.minute = -1};
}

typedef struct form (*form_fn)(const struct reply *, size_t);
static const form_fn forms[] = {
	form_named,
	form_clock,
	form_spoken,
	form_digits,
	form_hour,
};

/* ---- around it ---- */

static enum half half_of(const struct item *item)
{
	return item_is(item, LEX_MORNING)     ? HALF_MORNING
	       : item_is(item, LEX_NIGHT)     ? HALF_NIGHT
	       : item_is(item, LEX_AFTERNOON) ? HALF_AFTERNOON
	       : item_is(item, LEX_EVENING)   ? HALF_EVENING
					      : HALF_OPEN;
}

/* The word for the half of the day: right behind the time, else anywhere in its clause. */
static enum half find_half(const struct reply *r, size_t i, size_t end)
{
	int clause = r->items[i].clause;

	while (end < r->count && r->items[end].clause == clause &&
		item_is(&r->items[end], LEX_OCLOCK) && !half_of(&r->items[end])) {
		end++;
	}
	if (end < r->count && half_of(&r->items[end])) {
		return half_of(&r->items[end]);
	}
	for (size_t k = 0; k < r->count; k++) {
		if (r->items[k].clause == clause && half_of(&r->items[k])) {
			return half_of(&r->items[k]);
		}
	}
	return HALF_OPEN;
}

/* Minute of the day in that half; -1 when the two contradict ("13 am"). */
static int apply_half(int minute, enum half half)
{
	int hour = minute / 60;

	switch (half) {
	case HALF_MORNING:
		return hour > 12 ? -1 : minute % HALF_DAY_MIN;
	case HALF_AFTERNOON:
	case HALF_EVENING:
		return hour >= 12 || hour == 0 ? (hour == 0 ? -1 : minute) : minute + HALF_DAY_MIN;
	case HALF_NIGHT:
		if (hour == 12) {
			return minute - HALF_DAY_MIN;
		}
		return hour >= 6 && hour < 12 ? minute + HALF_DAY_MIN : minute;
	case HALF_OPEN:
	case HALF_EXACT:
		return minute;
	}
	return minute;
}

static bool is_known_here(const struct item *item)
{
	return item->kind != ITEM_WORD || (item->entry && !item_is(item, LEX_THINGS));
}

static bool has_unknown(const struct reply *r, size_t i)
{
	for (size_t k = 0; k < r->count; k++) {
		if (r->items[k].clause == r->items[i].clause && !is_known_here(&r->items[k])) {
			return true;
		}
	}
	return false;
}

/* "20 minutes", "2 coffees", "day 3": no time. */
static bool is_something_else(const struct reply *r, size_t i, size_t end)
{
	const struct item *next = end < r->count ? &r->items[end] : NULL;
	bool is_unit = next && item_is(next, LEX_UNITS) && !item_is(next, LEX_OCLOCK);

	if (next && next->clause == r->items[i].clause && (is_unit || item_is(next, LEX_THINGS)) &&
		!half_of(next)) {
		return true;
	}
	return i > 0 && item_is(&r->items[i - 1], LEX_COUNTED);
}

/* "after 7", "5 past": half of something. */
static bool hangs(const struct item *item)
{
	return item && !item_is(item, LEX_AT) && !item_is(item, LEX_OCLOCK) &&
	       (item_is(item, LEX_SINCE) || item_is(item, LEX_PAST_HOUR) ||
		       item_is(item, LEX_TO_HOUR)) &&
	       item->kind == ITEM_WORD && !half_of(item);
}

static void add(struct times *t, size_t i, const struct form *form)
{
	struct reply *r = t->r;
	const struct item *last, *next;
	size_t before = i;
	struct moment *m;

	while (before > 0 && (item_is(&r->items[before - 1], LEX_ARTICLES) ||
				     item_is(&r->items[before - 1], LEX_AT))) {
		before--;
	}
	last = before > 0 ? &r->items[before - 1] : NULL;
	next = i + form->used < r->count ? &r->items[i + form->used] : NULL;
	/* "7 no 8" may be a correction */
	if (t->count == TIMES_MAX || is_something_else(r, i, i + form->used) ||
		(last && item_is(last, LEX_NOT) && !(item_is(last, LEX_NO) && t->count))) {
		return;
	}
	m = &t->at[t->count++];
	m->half = find_half(r, i, i + form->used);
	if (form->is_exact && m->half == HALF_OPEN) {
		m->half = HALF_EXACT;
	}
	m->minute = form->minute >= DAY_MIN ? form->minute - DAY_MIN : form->minute;
	m->is_doubtful = has_unknown(r, i) || form->is_unclear || hangs(last) || hangs(next);
	m->is_about = last && item_is(last, LEX_ABOUT);
	if (form->is_exact && m->half != HALF_EXACT && m->minute >= 13 * 60) {
		m->half = m->half == HALF_MORNING ? HALF_MORNING : HALF_EXACT;
	}
}

/* A number that a colon ties to another one is a broken time, not an hour. */
static bool is_broken_clock(const struct reply *r, size_t i)
{
	return i + 2 < r->count && r->items[i].kind == ITEM_NUMBER && r->items[i + 1].mark == ':' &&
	       r->items[i + 1].word->is_glued && r->items[i + 2].kind == ITEM_NUMBER &&
	       r->items[i + 2].word->is_glued;
}

static void find_times(struct times *t)
{
	struct reply *r = t->r;

	for (size_t i = 0; i < r->count;) {
		struct form form = {.minute = -1};

		if (is_broken_clock(r, i)) {
			t->is_broken = true;
			i += 3;
			continue;
		}
		for (size_t k = 0; k < sizeof forms / sizeof *forms && form.minute < 0; k++) {
			form = forms[k](r, i);
		}
		if (form.minute >= 0) {
			add(t, i, &form);
			i += form.used;
			continue;
		}
		t->is_broken |= r->items[i].kind == ITEM_NUMBER || r->items[i].kind == ITEM_CLOCK ||
				r->items[i].kind == ITEM_CODE;
		i++;
	}
}

/* ---- deciding ---- */

static void offer(struct reply *r, int minute, const char *note)
{
	answer_guess(r->out,
		value_text(arena_printf(r->arena, "%02d:%02d", minute / 60, minute % 60)), note);
}

/* A range over midnight has max before min. */
static bool is_inside(const struct read_question *q, int minute)
{
	if (q->min == q->max) {
		return true;
	}
	return q->min < q->max ? minute >= q->min && minute <= q->max
			       : minute >= q->min || minute <= q->max;
}

/* The minutes of the day that a moment may be: 1, or 2 when the half of the day is open. */
static size_t readings_of(const struct reply *r, const struct moment *m, int out[2])
{
	const struct read_question *q = r->q;
	int hour = m->minute / 60, other = (m->minute + HALF_DAY_MIN) % DAY_MIN;
	bool has_bounds = q->min != q->max;

	out[0] = apply_half(m->minute, m->half);
	if (m->half != HALF_OPEN) {
		return out[0] >= 0;
	}
	out[1] = other;
	if (has_bounds) {
		if (is_inside(q, out[0]) != is_inside(q, other)) {
			out[0] = is_inside(q, out[0]) ? out[0] : other;
			return 1;
		}
		return 2;
	}
	return hour >= EARLIEST_HOUR ? 1 : 2;
}

static void decide(struct times *t)
{
	struct reply *r = t->r;
	int first[2];
	size_t n = t->count ? readings_of(r, &t->at[0], first) : 0;

	if (t->count == 1 && n == 1 && !t->at[0].is_doubtful && !t->is_broken &&
		is_inside(r->q, first[0])) {
		offer(r, first[0], NULL);
		answer_value(r->out, r->out->guess[0]);
		r->out->is_approximate = t->at[0].is_about;
		return;
	}
	for (size_t i = 0; i < t->count; i++) {
		int minutes[2];
		size_t k = readings_of(r, &t->at[i], minutes);

		for (size_t j = 0; j < k; j++) {
			offer(r, minutes[j],
				t->count > 1           ? "several"
				: k > 1                ? "time"
				: t->at[i].is_doubtful ? "doubt"
						       : "outside");
		}
	}
	if (r->out->result == READ_NONE && t->is_broken) {
		answer_none(r->out, "range");
	}
}

/* "in 20 minutes" */
static bool read_in(struct reply *r)
{
	for (size_t i = 1; i < r->count; i++) {
		const struct item *last = &r->items[i - 1];

		if (r->items[i].kind == ITEM_DURATION && item_is(last, LEX_IN) &&
			r->q->now_min >= 0 && r->items[i].value < DAY_MIN) {
			offer(r, (r->q->now_min + (int)round(r->items[i].value)) % DAY_MIN, NULL);
			answer_value(r->out, r->out->guess[0]);
			return true;
		}
	}
	return false;
}

void read_time(struct reply *r)
{
	struct times t = {.r = r};
	struct lex_set set = time_words;

	reply_cut(r, &set, true);
	if (read_in(r)) {
		return;
	}
	reply_cut(r, &set, false);
	find_times(&t);
	decide(&t);
}
