/* Zones by name, each read once. A local time is turned into an instant by walking the few
 * stretches of constant offset around it: the first that contains it wins, and a step over it is
 * a gap. */
#include "base/zone.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/tzif.h"
#include "base/zone_catalogue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUCKETS = 128, DAY_S = 86400, NAME_MAX_LEN = 63 };

struct zone {
	char name[NAME_MAX_LEN + 1];
	struct tzif data;
	struct timespec changed; /* of the file, as it was read */
	struct zone *next;
};

/* Every zone that was ever asked for: there are about six hundred. Kept for the life of the
 * process, so that a pointer to a zone never dies. */
static struct zone *registry[BUCKETS];

/* ---- reading ---- */

static bool is_plain_name(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789_+-/");

	/* right/ counts leap seconds, posix/ doubles everything, localtime is no name */
	return len > 0 && len <= NAME_MAX_LEN && name[len] == '\0' && name[0] != '/' &&
	       strncmp(name, "right/", 6) != 0 && strncmp(name, "posix/", 6) != 0 &&
	       strcmp(name, "localtime") != 0 && strcmp(name, "posixrules") != 0;
}

/* Reads the zone's file; false leaves it as it was. */
static bool read_zone(struct zone *z)
{
	struct buf path = {0}, bytes = {0};
	struct tzif data;
	struct stat st;
	const char *error;
	bool ok;

	zone_catalogue_path(&path, z->name);
	ok = stat(buf_text(&path), &st) == 0 && S_ISREG(st.st_mode) &&
	     buf_read_file(&bytes, buf_text(&path), TZIF_FILE_MAX, &error) &&
	     tzif_parse(buf_text(&bytes), bytes.len, &data);
	if (ok) {
		tzif_finish(&z->data);
		z->data = data;
		z->changed = st.st_mtim;
	}
	buf_finish(&path);
	buf_finish(&bytes);
	return ok;
}

static struct zone **bucket(const char *name)
{
	unsigned hash = 5381;

	while (*name) {
		hash = hash * 33 + (unsigned char)*name++;
	}
	return &registry[hash % BUCKETS];
}

const struct zone *zone_find(const char *name)
{
	struct zone **head, *z;

	if (!name || !is_plain_name(name)) {
		return NULL;
	}
	head = bucket(name);
	for (z = *head; z; z = z->next) {
		if (strcmp(z->name, name) == 0) {
			return z;
		}
	}
	z = mem_alloc(1, sizeof *z);
	memcpy(z->name, name, strlen(name));
	if (!read_zone(z)) {
		free(z);
		return NULL;
	}
	z->next = *head;
	*head = z;
	return z;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

bool zone_is_alike(const struct zone *a, const struct zone *b)
{
	return a->data.rule.text[0] && strcmp(a->data.rule.text, b->data.rule.text) == 0;
}

static bool has_changed(const struct zone *z)
{
	struct buf path = {0};
	struct stat st;
	bool changed;

	zone_catalogue_path(&path, z->name);
	changed = stat(buf_text(&path), &st) == 0 &&
		  (st.st_mtim.tv_sec != z->changed.tv_sec ||
			  st.st_mtim.tv_nsec != z->changed.tv_nsec);
	buf_finish(&path);
	return changed;
}

void zone_reload(void)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (struct zone *z = registry[i]; z; z = z->next) {
			if (has_changed(z)) {
				read_zone(z);
			}
		}
	}
	zone_catalogue_reload();
}

/* ---- from an instant ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t local_seconds(const struct zone *z, int64_t utc_s)
{
	return utc_s + tzif_offset(&z->data, utc_s);
}

void zone_local(const struct zone *z, int64_t utc_s, struct civil *out)
{
	int64_t local_s = local_seconds(z, utc_s);
	int64_t day = floor_div(local_s, DAY_S);
	int second = (int)(local_s - day * DAY_S);

	civil_from_day(day, out);
	out->hour = second / 3600;
	out->minute = second / 60 % 60;
	out->second = second % 60;
}

int64_t zone_day(const struct zone *z, int64_t utc_s)
{
	return floor_div(local_seconds(z, utc_s), DAY_S);
}

int zone_minute(const struct zone *z, int64_t utc_s)
{
	int64_t local_s = local_seconds(z, utc_s);

	return (int)((local_s - floor_div(local_s, DAY_S) * DAY_S) / 60);
}

/* ---- to an instant ---- */

/* What the walk finds: instants that show the wanted local time, and the step over it. */
struct search {
	int matches;
	int64_t first;            /* instant of the first match */
	bool is_gap;              /* a step over it was met ... */
	int64_t gap_at;           /* ... then */
	int64_t gap_from, gap_to; /* local seconds on both sides of the step */
};

static void walk(const struct tzif *data, int64_t local_s, struct search *s)
{
	int64_t from = local_s - TZIF_OFFSET_MAX, end = INT64_MAX;
	int32_t offset = tzif_offset(data, from), after;
	bool more = true;

	while (more && from <= local_s + TZIF_OFFSET_MAX) {
		more = tzif_next(data, from, &end);
		if (local_s - offset >= from && (!more || local_s - offset < end)) {
			s->first = s->matches++ ? s->first : local_s - offset;
		}
		if (more) {
			after = tzif_offset(data, end);
			if (!s->is_gap && local_s >= end + offset && local_s < end + after) {
				s->is_gap = true;
				s->gap_at = end;
				s->gap_from = end + offset;
				s->gap_to = end + after;
			}
			from = end;
			offset = after;
		}
	}
}

int64_t zone_utc(const struct zone *z, int64_t day, int minute, enum zone_fit *fit_out)
{
	struct search s = {0};
	enum zone_fit fit = ZONE_EXACT;

	walk(&z->data, day * DAY_S + (int64_t)minute * 60, &s);
	if (s.matches > 1) {
		fit = ZONE_OVERLAP;
	} else if (s.matches == 0) {
		fit = s.gap_from <= day * DAY_S && s.gap_to >= (day + 1) * DAY_S ? ZONE_NO_DAY
										 : ZONE_GAP;
	}
	if (fit_out) {
		*fit_out = fit;
	}
	return s.matches ? s.first : s.gap_at;
}
