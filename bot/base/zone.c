/* TZif files (RFC 8536): the 64-bit table of transitions and the rule of the footer for the years
 * behind it. A zone is loaded once and kept. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_DIR "/usr/share/zoneinfo"

enum { FILE_MAX = 1 << 18, TYPES_MAX = 256, NAME_MAX_BYTES = 63, DAY_S = 86400 };

/* One change of the footer's rule: "M3.5.0/2", "J60", "59/-1". */
struct change {
	char form; /* 'M', 'J', '0' (zero-based day) */
	int month, week, weekday, day;
	int time_s; /* local time of the change, may be negative or over a day */
};

struct footer {
	bool is_set, has_dst;
	int std_s, dst_s; /* offsets east of UTC */
	struct change start, end;
};

struct zone {
	struct zone *next;
	char *name;
	size_t count; /* transitions */
	int64_t *at;  /* UTC seconds */
	int *offset;  /* from that moment on */
	int first_offset;
	struct footer footer;
};

/* ---- civil dates (Howard Hinnant's algorithms, public domain) ---- */

int64_t civil_day(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void civil_from_day(int64_t day, struct civil *out)
{
	int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*out = (struct civil){0};
	out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	out->year = (int)(yoe + era * 400 + (out->month <= 2));
}

int civil_weekday(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool civil_parse_date(const char *text, int64_t *day_out)
{
	int year, month, day, used = 0;

	if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 ||
		used != 10 || text[4] != '-' || text[7] != '-' || !isdigit((unsigned char)text[0]) ||
		!isdigit((unsigned char)text[5]) || !isdigit((unsigned char)text[8]) || month < 1 ||
		month > 12 || day < 1 || day > month_days(year, month)) {
		return false;
	}
	*day_out = civil_day(year, month, day);
	return true;
}

struct civil_text civil_format_date(int64_t day)
{
	struct civil_text text;
	struct civil c;

	civil_from_day(day, &c);
	snprintf(text.text, sizeof text.text, "%04d-%02d-%02d", c.year, c.month, c.day);
	return text;
}

/* ---- the file ---- */

static int64_t read_be(const unsigned char *p, int bytes)
{
	uint64_t v = (p[0] & 0x80) ? UINT64_MAX : 0;

	for (int i = 0; i < bytes; i++) {
		v = v << 8 | p[i];
	}
	return (int64_t)v;
}

struct header {
	size_t isut, isstd, leap, time, type, chars;
};

static bool read_header(const unsigned char *p, size_t len, struct header *h)
{
	if (len < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2') {
		return false;
	}
	h->isut = (size_t)read_be(p + 20, 4);
	h->isstd = (size_t)read_be(p + 24, 4);
	h->leap = (size_t)read_be(p + 28, 4);
	h->time = (size_t)read_be(p + 32, 4);
	h->type = (size_t)read_be(p + 36, 4);
	h->chars = (size_t)read_be(p + 40, 4);
	return h->time < 100000 && h->type > 0 && h->type <= TYPES_MAX && h->leap < 1000 &&
	       h->chars < 10000 && h->isut <= h->type && h->isstd <= h->type;
}

static size_t block_size(const struct header *h, size_t time_size)
{
	return h->time * time_size + h->time + h->type * 6 + h->chars + h->leap * (time_size + 4) +
	       h->isstd + h->isut;
}

/* ---- the footer: POSIX TZ ---- */

static const char *skip_name(const char *p)
{
	if (*p == '<') {
		p = strchr(p, '>');
		return p ? p + 1 : NULL;
	}
	while (isalpha((unsigned char)*p)) {
		p++;
	}
	return p;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static const char *parse_hms(const char *p, int *seconds)
{
	int sign = 1, unit = 3600;
	char *end;

	if (*p == '+' || *p == '-') {
		sign = *p++ == '-' ? -1 : 1;
	}
	*seconds = 0;
	for (;;) {
		long n = strtol(p, &end, 10);

		if (end == p || n < 0 || n > 200) {
			return NULL;
		}
		*seconds += (int)n * unit;
		unit /= 60;
		p = end;
		if (*p != ':' || unit == 0) {
			break;
		}
		p++;
	}
	*seconds *= sign;
	return p;
}

static const char *parse_change(const char *p, struct change *c)
{
	int used = 0;

	if (*p++ != ',') {
		return NULL;
	}
	c->time_s = 7200;
	c->form = *p == 'M' || *p == 'J' ? *p : '0';
	if (c->form == 'M') {
		if (sscanf(p, "M%2d.%1d.%1d%n", &c->month, &c->week, &c->weekday, &used) != 3 ||
			c->month < 1 || c->month > 12) {
			return NULL;
		}
	} else if (sscanf(p, c->form == 'J' ? "J%3d%n" : "%3d%n", &c->day, &used) != 1) {
		return NULL;
	}
	p += used;
	return *p == '/' ? parse_hms(p + 1, &c->time_s) : p;
}

static bool parse_footer(const char *p, struct footer *f)
{
	int west;

	if (!(p = skip_name(p)) || !(p = parse_hms(p, &west))) {
		return false;
	}
	f->std_s = -west;
	f->is_set = true;
	if (*p == '\0') {
		return true;
	}
	if (!(p = skip_name(p))) {
		return false;
	}
	f->dst_s = f->std_s + 3600;
	if (*p != ',') {
		if (!(p = parse_hms(p, &west))) {
			return false;
		}
		f->dst_s = -west;
	}
	f->has_dst = true;
	p = parse_change(p, &f->start);
	p = p ? parse_change(p, &f->end) : NULL;
	return p && *p == '\0';
}

/* Local seconds since 1970 at which a change happens in a year. */
static int64_t change_local_s(const struct change *c, int year)
{
	int64_t first = civil_day(year, 1, 1), day;

	if (c->form == 'M') {
		int64_t month = civil_day(year, c->month, 1);
		int wanted = (c->weekday + 6) % 7; /* POSIX counts from Sunday */

		day = month + (wanted - civil_weekday(month) + 7) % 7 + 7 * (c->week - 1);
		while (day >= month + month_days(year, c->month)) {
			day -= 7;
		}
	} else if (c->form == 'J') {
		day = first + c->day - 1 + (is_leap(year) && c->day >= 60);
	} else {
		day = first + c->day;
	}
	return day * DAY_S + c->time_s;
}

static int footer_offset(const struct footer *f, int64_t utc_s)
{
	struct civil c;
	int64_t start, end, local = utc_s + f->std_s;

	if (!f->has_dst) {
		return f->std_s;
	}
	civil_from_day((local >= 0 ? local : local - DAY_S + 1) / DAY_S, &c);
	start = change_local_s(&f->start, c.year) - f->std_s;
	end = change_local_s(&f->end, c.year) - f->dst_s;
	if (start < end) {
		return utc_s >= start && utc_s < end ? f->dst_s : f->std_s;
	}
	return utc_s >= end && utc_s < start ? f->std_s : f->dst_s;
}

/* ---- loading ---- */

static bool parse_block(struct zone *z, const unsigned char *p, const struct header *h)
{
	const unsigned char *times = p, *kinds = p + h->time * 8, *types = kinds + h->time;

	z->count = h->time;
	z->at = mem_alloc(h->time, sizeof *z->at);
	z->offset = mem_alloc(h->time, sizeof *z->offset);
	z->first_offset = (int)read_be(types, 4);
	for (size_t i = 0; i < h->time; i++) {
		z->at[i] = read_be(times + i * 8, 8);
		if (kinds[i] >= h->type || (i && z->at[i] <= z->at[i - 1])) {
			return false;
		}
		z->offset[i] = (int)read_be(types + kinds[i] * 6, 4);
	}
	return true;
}

static bool parse_zone(struct zone *z, const unsigned char *p, size_t len)
{
	struct header h;
	size_t skip;
	char footer[128] = "";
	const unsigned char *text, *end;

	if (!read_header(p, len, &h)) {
		return false;
	}
	skip = 44 + block_size(&h, 4); /* the 32-bit block that nobody needs */
	if (skip > len || !read_header(p + skip, len - skip, &h)) {
		return false;
	}
	p += skip + 44;
	len -= skip + 44;
	if (block_size(&h, 8) > len || !parse_block(z, p, &h)) {
		return false;
	}
	text = p + block_size(&h, 8);
	end = p + len;
	if (text < end && *text == '\n') {
		const unsigned char *close = memchr(text + 1, '\n', (size_t)(end - text - 1));

		if (close && (size_t)(close - text) <= sizeof footer) {
			memcpy(footer, text + 1, (size_t)(close - text - 1));
		}
	}
	return footer[0] == '\0' || parse_footer(footer, &z->footer);
}

static bool load(struct zone *z)
{
	struct buf file = {0}, path = {0};
	const char *error;
	bool ok;

	buf_printf(&path, ZONE_DIR "/%s", z->name);
	ok = buf_read_file(&file, buf_text(&path), FILE_MAX, &error) &&
	     parse_zone(z, (const unsigned char *)buf_text(&file), file.len);
	buf_finish(&file);
	buf_finish(&path);
	return ok;
}

static bool is_safe_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_BYTES || name[0] == '/' || strstr(name, "..") ||
		strstr(name, "//")) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_-+/", name[i])) {
			return false;
		}
	}
	return true;
}

static struct zone *loaded; /* a cache of what the system's files say, not state of ours */

static void zone_clear(struct zone *z)
{
	free(z->at);
	free(z->offset);
	z->at = NULL;
	z->offset = NULL;
	z->count = 0;
	z->footer = (struct footer){0};
}

const struct zone *zone_find(const char *name)
{
	struct zone *z;

	for (z = loaded; z; z = z->next) {
		if (strcmp(z->name, name) == 0) {
			return z;
		}
	}
	if (!is_safe_name(name)) {
		return NULL;
	}
	z = mem_alloc(1, sizeof *z);
	z->name = mem_strdup(name);
	if (!load(z)) {
		zone_clear(z);
		free(z->name);
		free(z);
		return NULL;
	}
	z->next = loaded;
	loaded = z;
	return z;
}

void zone_reload(void)
{
	for (struct zone *z = loaded; z; z = z->next) {
		struct zone fresh = {.name = z->name};

		if (load(&fresh)) {
			zone_clear(z);
			fresh.next = z->next;
			*z = fresh;
		} else {
			zone_clear(&fresh);
		}
	}
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* ---- asking ---- */

static int offset_at(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (z->at[mid] <= utc_s) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	if (low == z->count && z->footer.is_set) {
		return footer_offset(&z->footer, utc_s);
	}
	return low ? z->offset[low - 1] : z->first_offset;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t zone_day(const struct zone *z, int64_t utc_s)
{
	return floor_div(utc_s + offset_at(z, utc_s), DAY_S);
}

int zone_minute(const struct zone *z, int64_t utc_s)
{
	int64_t local = utc_s + offset_at(z, utc_s);

	return (int)((local - floor_div(local, DAY_S) * DAY_S) / 60);
}

void zone_local(const struct zone *z, int64_t utc_s, struct civil *out)
{
	int64_t local = utc_s + offset_at(z, utc_s), day = floor_div(local, DAY_S);
	int second = (int)(local - day * DAY_S);

	civil_from_day(day, out);
	out->hour = second / 3600;
	out->minute = second / 60 % 60;
	out->second = second % 60;
}

/* The first instant at or after from whose local time is at least local. */
static int64_t first_at_least(const struct zone *z, int64_t from, int64_t to, int64_t local)
{
	while (from < to) {
		int64_t mid = floor_div(from + to, 2);

		if (mid + offset_at(z, mid) >= local) {
			to = mid;
		} else {
			from = mid + 1;
		}
	}
	return from;
}

int64_t zone_utc(const struct zone *z, int64_t day, int minute, enum zone_fit *fit_out)
{
	int64_t local = day * DAY_S + (int64_t)minute * 60;
	/* Offsets lie within a day; look at those around the wanted moment. */
	int before = offset_at(z, local - DAY_S), after = offset_at(z, local + DAY_S);
	int64_t early = local - before, late = local - after, found;
	enum zone_fit fit = ZONE_EXACT;

	if (before == after && offset_at(z, early) == before) {
		found = early;
	} else {
		bool is_early = offset_at(z, early) == before, is_late = offset_at(z, late) == after;

		if (is_early && is_late && early != late) {
			fit = ZONE_OVERLAP;
			found = early < late ? early : late;
		} else if (is_early) {
			found = early;
		} else if (is_late) {
			found = late;
		} else {
			found = first_at_least(z, local - DAY_S - 86400, local + 2 * DAY_S, local);
			fit = found + offset_at(z, found) == local ? ZONE_EXACT
			      : zone_day(z, found) != day          ? ZONE_NO_DAY
								   : ZONE_GAP;
		}
	}
	if (fit_out) {
		*fit_out = fit;
	}
	return found;
}
