/* Dates: by name ("yesterday", "last Friday"), by distance ("2 days ago"), by month, in digits.
 * Digits whose order depends on the country are asked back with both readings. */
#include "flow/read_parts.h"

#include "base/zone.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MIN = 1440, WEEK_DAYS = 7 };

static const struct lex_set date_words = {.has = {
						  [LEX_NUMBERS] = true,
						  [LEX_ORDINALS] = true,
						  [LEX_ORDINAL_ENDINGS] = true,
						  [LEX_ARTICLES] = true,
						  [LEX_ABOUT] = true,
						  [LEX_NOT] = true,
						  [LEX_OUT_OF] = true,
						  [LEX_SAFE] = true,
						  [LEX_POLITE] = true,
						  [LEX_UNITS] = true,
						  [LEX_MONTHS] = true,
						  [LEX_WEEKDAYS] = true,
						  [LEX_DAYS] = true,
						  [LEX_LAST] = true,
						  [LEX_NEXT] = true,
						  [LEX_THIS] = true,
						  [LEX_AGO] = true,
						  [LEX_IN] = true,
						  [LEX_ABOUT_AFTER] = true,
						  [LEX_FRACTIONS] = false,
						  [LEX_BREAKS] = true,
						  [LEX_OR] = true,
						  [LEX_AT] = true,
						  [LEX_WAS] = true,
						  [LEX_SINCE] = true,
					  }};

struct dates {
	struct reply *r;
	bool is_taken; /* an item gave a date */
	bool is_doubtful;
	bool is_broken; /* "31 February" */
	bool is_about;
	size_t used; /* items of the date just found */
};

static bool is_at(const struct reply *r, size_t i, enum lex_class class)
{
	return i < r->count && item_is(&r->items[i], class);
}

static double sense_at(const struct reply *r, size_t i, enum lex_class class)
{
	return lex_sense(r->items[i].entry, class)->value;
}

static void add(struct dates *d, int64_t day)
{
	struct reply *r = d->r;
	const char *note = r->q->past_only && day > r->q->today ? "outside" : "several";

	if (day > r->q->today && r->q->past_only) {
		d->is_doubtful = true;
	}
	answer_guess(r->out, value_text(arena_strdup(r->arena, civil_format_date(day).text)), note);
	d->is_taken = true;
}

/* ---- a day of the calendar ---- */

static bool exists(int year, int month, int day, int64_t *out)
{
	char text[32];

	snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	return civil_parse_date(text, out);
}

static int full_year(int year)
{
	return year < 100 ? 2000 + year : year;
}

/* Without a year: the last such day for what has happened, else the next. 29 February may be
 * years away. */
static void add_day_month(struct dates *d, int month, int day, int year)
{
	int64_t found, today = d->r->q->today;
	struct civil now;
	int step = d->r->q->past_only ? -1 : 1;

	if (year > 0) {
		if (exists(full_year(year), month, day, &found)) {
			add(d, found);
		} else {
			d->is_broken = true;
		}
		return;
	}
	civil_from_day(today, &now);
	for (int i = 0; i <= 8; i++) {
		if (exists(now.year + i * step, month, day, &found) &&
			(step < 0 ? found <= today : found >= today)) {
			add(d, found);
			return;
		}
	}
	d->is_broken = true;
}

/* ---- in digits ---- */

/* Three numbers with one sign between them: year first, or day and month in some order. */
static void add_chain(struct dates *d, const char *text)
{
	int a, b, c, n = 0;
	char sign, again;

	if (sscanf(text, "%4d%c%2d%c%4d%n", &a, &sign, &b, &again, &c, &n) != 5 || text[n] ||
		sign == ':') {
		d->is_broken = true;
		return;
	}
	if (a > 31) {
		add_day_month(d, b, c, a);
		return;
	}
	if (c > 99 && c < 1900) {
		d->is_broken = true;
		return;
	}
	if (b <= 12) {
		add_day_month(d, b, a, c);
	}
	if (a <= 12 && a != b && sign != '.') {
		add_day_month(d, a, b, c);
	}
	d->is_broken = !d->is_taken;
}

/* "3/4", "3.4." */
static bool add_pair(struct dates *d, size_t i)
{
	const struct reply *r = d->r;
	const struct item *item = &r->items[i];
	int a, b;

	if (i + 2 < r->count && item->kind == ITEM_NUMBER && item->value <= 31 &&
		(r->items[i + 1].mark == '/' || r->items[i + 1].mark == '-') &&
		r->items[i + 2].kind == ITEM_NUMBER && r->items[i + 2].value <= 31) {
		a = (int)item->value;
		b = (int)r->items[i + 2].value;
		d->used = 3;
		if (b >= 1 && b <= 12) {
			add_day_month(d, b, a, 0);
		}
		if (a >= 1 && a <= 12 && a != b) {
			add_day_month(d, a, b, 0);
		}
		return true;
	}
	if (item->kind == ITEM_NUMBER && !item->is_written &&
		sscanf(item->word->text, "%2d.%2d", &a, &b) == 2) {
		d->used = 1;
		d->is_doubtful = true;
		add_day_month(d, b, a, 0);
		return true;
	}
	return false;
}

/* ---- with a month's name ---- */

/* A day number with or without its ending at i: "3", "3rd", "third". 0: none. */
static int day_at(const struct reply *r, size_t i, size_t *used)
{
	const struct item *item = &r->items[i];

	*used = 1;
	if (i >= r->count) {
		return 0;
	}
	if (is_at(r, i, LEX_ORDINALS)) {
		return (int)sense_at(r, i, LEX_ORDINALS);
	}
	/* "twenty first" */
	if (item->kind == ITEM_NUMBER && item->is_written && item->value >= 20 &&
		is_at(r, i + 1, LEX_ORDINALS)) {
		*used = 2;
		return (int)(item->value + sense_at(r, i + 1, LEX_ORDINALS));
	}
	if (item->kind != ITEM_NUMBER || item->value != floor(item->value) || item->value < 1 ||
		item->value > 31) {
		return 0;
	}
	*used += is_at(r, i + 1, LEX_ORDINAL_ENDINGS);
	return (int)item->value;
}

static int year_at(const struct reply *r, size_t i, size_t *used)
{
	size_t skip = i < r->count && r->items[i].mark == ',';

	if (i + skip < r->count && r->items[i + skip].kind == ITEM_NUMBER &&
		r->items[i + skip].value >= 1900 && r->items[i + skip].value < 2200) {
		*used = skip + 1;
		return (int)r->items[i + skip].value;
	}
	*used = 0;
	return 0;
}

/* "3rd of March 2026", "March 3rd, 2026" */
static bool add_named(struct dates *d, size_t i)
{
	const struct reply *r = d->r;
	size_t day_used, year_used, at = i;
	int day, month, year;

	if (is_at(r, i, LEX_MONTHS)) {
		month = (int)sense_at(r, i, LEX_MONTHS);
		at = i + 1;
		at += is_at(r, at, LEX_ARTICLES);
		day = at < r->count ? day_at(r, at, &day_used) : 0;
		if (!day) {
			return false;
		}
		at += day_used;
	} else {
		day = day_at(r, i, &day_used);
		at = i + day_used;
		at += is_at(r, at, LEX_OUT_OF) || (at < r->count && r->items[at].mark == '.');
		if (!day || !is_at(r, at, LEX_MONTHS)) {
			return false;
		}
		month = (int)sense_at(r, at, LEX_MONTHS);
		at++;
	}
	year = year_at(r, at, &year_used);
	d->used = at + year_used - i;
	add_day_month(d, month, day, year);
	return true;
}

/* "the 3rd": of this month or the last; asked back. */
static bool add_day_alone(struct dates *d, size_t i)
{
	size_t used;
	int day = day_at(d->r, i, &used);
	struct civil c;
	int64_t found;

	if (!day || (used == 1 && d->r->items[i].kind == ITEM_NUMBER && d->r->count > 1)) {
		return false;
	}
	d->used = used;
	d->is_doubtful = true;
	civil_from_day(d->r->q->today, &c);
	for (int i_month = 0; i_month < 12 && !d->is_taken; i_month++) {
		bool fits =
			exists(c.year, c.month, day, &found) &&
			(d->r->q->past_only ? found <= d->r->q->today : found >= d->r->q->today);

		if (fits) {
			add(d, found);
		}
		c.month += d->r->q->past_only ? -1 : 1;
		c.year += c.month == 0 ? -1 : c.month == 13;
		c.month = c.month == 0 ? 12 : c.month == 13 ? 1 : c.month;
	}
	return true;
}

/* ---- by name and distance ---- */

static bool add_weekday(struct dates *d, size_t i)
{
	const struct reply *r = d->r;
	bool is_last = i > 0 && is_at(r, i - 1, LEX_LAST);
	bool is_next = i > 0 && is_at(r, i - 1, LEX_NEXT);
	int64_t today = r->q->today, ahead;

	if (!is_at(r, i, LEX_WEEKDAYS)) {
		return false;
	}
	d->used = 1;
	/* "I sat", "the sun": a short form wants to stand alone or behind "on" */
	if (i > 0 && strlen(r->items[i].word->text) <= 3 && r->items[i - 1].kind == ITEM_WORD &&
		!is_last && !is_next && !is_at(r, i - 1, LEX_AT) && !is_at(r, i - 1, LEX_SINCE) &&
		(!is_at(r, i - 1, LEX_THIS) || is_at(r, i - 1, LEX_ARTICLES))) {
		d->is_doubtful = true;
	}
	ahead = ((int)sense_at(r, i, LEX_WEEKDAYS) - civil_weekday(today) + WEEK_DAYS) % WEEK_DAYS;
	if (is_last || (r->q->past_only && !is_next)) {
		if (!ahead && !is_last) {
			add(d, today); /* on a Monday, "Monday" is today or a week ago */
		}
		add(d, today + ahead - WEEK_DAYS);
		return true;
	}
	if (!ahead && !is_next) {
		add(d, today);
	}
	add(d, today + (ahead ? ahead : WEEK_DAYS));
	if (is_next && ahead) {
		add(d, today + ahead + WEEK_DAYS); /* "next Friday" differs from family to family */
	}
	return true;
}

/* "2 days ago", "a week ago", "in 3 days" */
static bool add_distance(struct dates *d, size_t i)
{
	const struct reply *r = d->r;
	const struct item *item = &r->items[i];
	bool is_ago = is_at(r, i + 1, LEX_AGO), is_in = i > 0 && is_at(r, i - 1, LEX_IN);
	double days = item->value / DAY_MIN;

	if (item->kind != ITEM_DURATION || (!is_ago && !is_in)) {
		return false;
	}
	d->used = is_ago ? 2 : 1;
	if (item->value < DAY_MIN || item->value > 5.0 * 365 * DAY_MIN) {
		d->is_doubtful = true;
		if (item->value < DAY_MIN) {
			add(d, r->q->today);
		}
		return true;
	}
	d->is_about = days >= WEEK_DAYS;
	d->is_doubtful = d->is_doubtful || days >= 28 || days != floor(days);
	add(d, r->q->today + (int64_t)round(days) * (is_ago ? -1 : 1));
	return true;
}

static bool add_day_name(struct dates *d, size_t i)
{
	if (!is_at(d->r, i, LEX_DAYS)) {
		return false;
	}
	d->used = 1;
	add(d, d->r->q->today + (int64_t)sense_at(d->r, i, LEX_DAYS));
	return true;
}

static bool add_digits(struct dates *d, size_t i)
{
	if (d->r->items[i].kind == ITEM_CODE) {
		d->used = 1;
		add_chain(d, d->r->items[i].word->text);
		return true;
	}
	return add_pair(d, i);
}

typedef bool (*form_fn)(struct dates *, size_t);
static const form_fn forms[] = {
	add_day_name,
	add_distance,
	add_digits,
	add_named,
	add_weekday,
	add_day_alone,
};

/* ---- all of it ---- */

static bool is_filler(const struct item *item)
{
	return item->kind == ITEM_MARK || item->kind == ITEM_SIGN ||
	       (item->entry && !item_is(item, LEX_NOT) && !item_is(item, LEX_MONTHS) &&
		       !item_is(item, LEX_AGO) && !item_is(item, LEX_UNITS));
}

void read_date(struct reply *r)
{
	struct dates d = {.r = r};
	struct lex_set set = date_words;
	size_t found = 0;

	reply_cut(r, &set, true);
	for (size_t i = 0; i < r->count;) {
		bool is_date = false;

		for (size_t k = 0; k < sizeof forms / sizeof *forms && !is_date; k++) {
			is_date = forms[k](&d, i);
		}
		found += is_date;
		d.is_doubtful = d.is_doubtful || (!is_date && !is_filler(&r->items[i]));
		i += is_date ? d.used : 1;
	}
	if (!r->out->guess_count) {
		answer_none(r->out, d.is_broken ? "range" : NULL);
	} else if (r->out->guess_count == 1 && found == 1 && !d.is_doubtful && !d.is_broken) {
		answer_value(r->out, r->out->guess[0]);
		r->out->is_approximate = d.is_about;
	}
}
