/* A TZif file holds the same data twice, for 32 and for 64 bits; we skip the first and keep the
 * offsets of the second. Past the table the footer ("CET-1CEST,M3.5.0,M10.5.0/3") is evaluated
 * for the years around the instant, so that no year boundary needs a rule of its own. */
#include "base/tzif.h"

#include "base/civil.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_LEN = 44, TIMES_MAX = 4000 };

/* ---- reading bytes ---- */

struct cursor {
	const unsigned char *at;
	size_t left;
};

struct header {
	size_t isut, isstd, leap, times, types, chars;
	int version;
};

static uint64_t big_endian(const unsigned char *p, size_t bytes)
{
	uint64_t n = 0;

	while (bytes--) {
		n = n << 8 | *p++;
	}
	return n;
}

static const unsigned char *take(struct cursor *c, size_t len)
{
	const unsigned char *p = c->at;

	if (c->left < len) {
		return NULL;
	}
	c->at += len;
	c->left -= len;
	return p;
}

static bool read_header(struct cursor *c, struct header *out)
{
	const unsigned char *p = take(c, HEADER_LEN);

	if (!p || memcmp(p, "TZif", 4) != 0) {
		return false;
	}
	out->version = p[4];
	out->isut = big_endian(p + 20, 4);
	out->isstd = big_endian(p + 24, 4);
	out->leap = big_endian(p + 28, 4);
	out->times = big_endian(p + 32, 4);
	out->types = big_endian(p + 36, 4);
	out->chars = big_endian(p + 40, 4);
	return out->version >= '2' && out->times <= TIMES_MAX && out->types >= 1 &&
	       out->types <= 256 && out->chars >= 1 && out->chars <= 2048 && out->leap == 0 &&
	       out->isut <= out->types && out->isstd <= out->types;
}

/* Bytes of a data block whose times take `size` bytes. */
static size_t block_len(const struct header *h, size_t size)
{
	return h->times * size + h->times + h->types * 6 + h->chars + h->isstd + h->isut;
}

static bool read_offset(const unsigned char *type, int32_t *out)
{
	*out = (int32_t)(uint32_t)big_endian(type, 4);
	return *out > -TZIF_OFFSET_MAX && *out < TZIF_OFFSET_MAX;
}

static bool read_block(struct cursor *c, const struct header *h, struct tzif *out)
{
	const unsigned char *times = take(c, h->times * 8);
	const unsigned char *indexes = take(c, h->times);
	const unsigned char *types = take(c, h->types * 6);

	if (!times || !indexes || !types || !take(c, h->chars + h->isstd + h->isut) ||
		!read_offset(types, &out->first_offset)) {
		return false;
	}
	for (size_t i = 0; i < h->times; i++) {
		out->at[i] = (int64_t)big_endian(times + i * 8, 8);
		if ((i && out->at[i] <= out->at[i - 1]) || indexes[i] >= h->types ||
			!read_offset(types + indexes[i] * 6, &out->offset[i])) {
			return false;
		}
	}
	out->count = h->times;
	return true;
}

/* ---- the footer ---- */

static bool skip_name(const char **p)
{
	const char *from = *p;

	if (**p == '<') {
		*p = strchr(*p, '>');
		if (!*p) {
			return false;
		}
		++*p;
		return *p - from >= 5;
	}
	while (isalpha((unsigned char)**p)) {
		++*p;
	}
	return *p - from >= 3;
}

static bool read_number(const char **p, int max, int *out)
{
	*out = 0;
	if (!isdigit((unsigned char)**p)) {
		return false;
	}
	while (isdigit((unsigned char)**p)) {
		*out = *out * 10 + (**p - '0');
		if (*out > max) {
			return false;
		}
		++*p;
	}
	return true;
}

/* [+-]hh[:mm[:ss]] in seconds */
static bool read_clock(const char **p, int max_hours, int *out)
{
	int sign = **p == '-' ? -1 : 1;
	int hour, minute = 0, second = 0;

	*p += **p == '-' || **p == '+';
	if (!read_number(p, max_hours, &hour)) {
		return false;
	}
	if (**p == ':') {
		++*p;
		if (!read_number(p, 59, &minute)) {
			return false;
		}
		if (**p == ':') {
			++*p;
			if (!read_number(p, 59, &second)) {
				return false;
			}
		}
	}
	*out = sign * (hour * 3600 + minute * 60 + second);
	return true;
}

static bool read_month_change(const char **p, struct tzif_change *out)
{
	if (!read_number(p, 12, &out->month) || out->month < 1 || *(*p)++ != '.') {
		return false;
	}
	if (!read_number(p, 5, &out->week) || out->week < 1 || *(*p)++ != '.') {
		return false;
	}
	return read_number(p, 6, &out->day);
}

static bool read_change(const char **p, struct tzif_change *out)
{
	bool ok;

	if (*(*p)++ != ',') {
		return false;
	}
	out->second = 2 * 3600;
	out->kind = 'D';
	if (**p == 'M' || **p == 'J') {
		out->kind = *(*p)++;
	}
	if (out->kind == 'M') {
		ok = read_month_change(p, out);
	} else {
		ok = read_number(p, 365, &out->day) && (out->kind == 'D' || out->day >= 1);
	}
	if (ok && **p == '/') {
		++*p;
		ok = read_clock(p, 167, &out->second);
	}
	return ok;
}

static bool read_rule(const char *p, struct tzif_rule *out)
{
	int west;

	if (*p == '\0') {
		return true;
	}
	if (!skip_name(&p) || !read_clock(&p, 24, &west)) {
		return false;
	}
	out->offset = -west;
	if (*p == '\0') {
		return true;
	}
	out->has_dst = true;
	out->dst_offset = out->offset + 3600;
	if (!skip_name(&p)) {
		return false;
	}
	if (*p != ',') {
		if (!read_clock(&p, 24, &west)) {
			return false;
		}
		out->dst_offset = -west;
	}
	return read_change(&p, &out->start) && read_change(&p, &out->end) && *p == '\0';
}

/* Newline, rule, newline, end of file. */
static bool read_footer(struct cursor *c, struct tzif_rule *out)
{
	size_t len = c->left;
	const unsigned char *p = take(c, len);

	if (len < 2 || len - 2 >= TZIF_RULE_LEN || p[0] != '\n' || p[len - 1] != '\n' ||
		memchr(p, '\0', len)) {
		return false;
	}
	memcpy(out->text, p + 1, len - 2);
	return read_rule(out->text, out);
}

bool tzif_parse(const void *data, size_t len, struct tzif *out)
{
	struct cursor c = {data, len};
	struct header h;

	*out = (struct tzif){0};
	if (len > TZIF_FILE_MAX || !read_header(&c, &h) || !take(&c, block_len(&h, 4)) ||
		!read_header(&c, &h)) {
		return false;
	}
	out->at = mem_alloc(h.times, sizeof *out->at);
	out->offset = mem_alloc(h.times, sizeof *out->offset);
	if (!read_block(&c, &h, out) || !read_footer(&c, &out->rule)) {
		tzif_finish(out);
		return false;
	}
	return true;
}

void tzif_finish(struct tzif *z)
{
	free(z->at);
	free(z->offset);
	*z = (struct tzif){0};
}

/* ---- asking ---- */

static int64_t month_change_day(const struct tzif_change *c, int year)
{
	int64_t first = civil_day(year, c->month, 1);
	int64_t next =
		c->month == 12 ? civil_day(year + 1, 1, 1) : civil_day(year, c->month + 1, 1);
	int wanted = (c->day + 6) % 7; /* ours begin on Monday */
	int64_t day = first + (wanted - civil_weekday(first) + 7) % 7 + (c->week - 1) * 7;

	return day < next ? day : day - 7;
}

static int64_t change_day(const struct tzif_change *c, int year)
{
	int64_t new_year = civil_day(year, 1, 1);
	bool is_leap = civil_day(year + 1, 1, 1) - new_year == 366;

	switch (c->kind) {
	case 'M':
		return month_change_day(c, year);
	case 'J':
		return new_year + c->day - 1 + (is_leap && c->day >= 60);
	default:
		return new_year + c->day;
	}
}

/* The changes of three years around an instant: summer begins [0..2], ends [3..5]. */
static void rule_changes(const struct tzif_rule *r, int64_t utc_s, int64_t out[6])
{
	struct civil c;

	civil_from_day(utc_s / 86400, &c);
	for (int i = 0; i < 3; i++) {
		int year = c.year - 1 + i;

		out[i] = change_day(&r->start, year) * 86400 + r->start.second - r->offset;
		out[3 + i] = change_day(&r->end, year) * 86400 + r->end.second - r->dst_offset;
	}
}

static int32_t rule_offset(const struct tzif_rule *r, int64_t utc_s)
{
	int64_t at[6], start = INT64_MIN, end = INT64_MIN;

	if (!r->has_dst) {
		return r->offset;
	}
	rule_changes(r, utc_s, at);
	for (int i = 0; i < 3; i++) {
		start = at[i] <= utc_s ? at[i] : start;
		end = at[3 + i] <= utc_s ? at[3 + i] : end;
	}
	/* Summer that ends as it begins never ends. */
	return start >= end ? r->dst_offset : r->offset;
}

static bool rule_next(const struct tzif_rule *r, int64_t utc_s, int64_t *at_out)
{
	int64_t at[6], best = INT64_MAX;

	if (!r->has_dst) {
		return false;
	}
	rule_changes(r, utc_s, at);
	for (int i = 0; i < 6; i++) {
		if (at[i] > utc_s && at[i] < best) {
			best = at[i];
		}
	}
	*at_out = best;
	return best != INT64_MAX;
}

/* How many transitions are at or before an instant. */
static size_t passed(const struct tzif *z, int64_t utc_s)
{
	size_t low = 0, high = z->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= utc_s) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low;
}

int32_t tzif_offset(const struct tzif *z, int64_t utc_s)
{
	size_t n = passed(z, utc_s);

	if (n == z->count && z->rule.text[0]) {
		return rule_offset(&z->rule, utc_s);
	}
	return n ? z->offset[n - 1] : z->first_offset;
}

bool tzif_next(const struct tzif *z, int64_t utc_s, int64_t *at_out)
{
	size_t n = passed(z, utc_s);

	if (n < z->count) {
		*at_out = z->at[n];
		return true;
	}
	return rule_next(&z->rule, utc_s, at_out);
}
