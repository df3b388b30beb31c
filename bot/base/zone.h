/* Civil time and IANA zones, read from the system's TZif files (glibc's TZ is process-wide).
 * All instants are seconds or milliseconds since 1970 UTC; the name says which. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil {
	int year, month, day;     /* month 1..12, day 1..31 */
	int hour, minute, second; /* 0..23, 0..59, 0..59 */
};

/* Days since 1970-01-01 of a civil date (proleptic Gregorian), and back. */
int64_t civil_day(int year, int month, int day);
void civil_from_day(int64_t day, struct civil *out); /* time of day 0 */
/* 0 Monday .. 6 Sunday */
int civil_weekday(int64_t day);
/* "2026-03-02" into a day number; false when it is not a date that exists. */
bool civil_parse_date(const char *text, int64_t *day_out);
/* Writes "2026-03-02". */
struct civil_text {
	char text[32];
} civil_format_date(int64_t day);

struct zone;
/* A zone by its IANA name ("Europe/Berlin", links too), loaded once and kept for the life of the
 * process. NULL: no such zone, or its file is damaged. Names with "..", a leading "/" or more than
 * 63 bytes are refused without touching the file system. */
const struct zone *zone_find(const char *name);
const char *zone_name(const struct zone *);
/* Reads changed files again (tzdata was updated); pointers stay valid. */
void zone_reload(void);

/* Local civil time of an instant. */
void zone_local(const struct zone *, int64_t utc_s, struct civil *out);
/* Local day number (days since 1970 of the local date) and minute of the day of an instant. */
int64_t zone_day(const struct zone *, int64_t utc_s);
int zone_minute(const struct zone *, int64_t utc_s);

enum zone_fit { ZONE_EXACT, ZONE_GAP, ZONE_OVERLAP, ZONE_NO_DAY };
/* The instant of a local day and minute. In a gap: the first instant after it. In an overlap: the
 * earlier one. ZONE_NO_DAY: the zone skipped that whole date (Pacific/Apia 2011-12-30); the answer
 * is then the first instant of the next date. fit_out may be NULL. */
int64_t zone_utc(const struct zone *, int64_t day, int minute, enum zone_fit *fit_out);

/* Zones that a person may mean by a city, a country (English name or ISO code) or an IANA name,
 * typed in any case with spaces or underscores; one typo is forgiven in words of five letters or
 * more. Fills names (static strings) with up to max distinct zones, best first, returns how many
 * there are. Abbreviations like CET or EST give 0. Countries with one zone give 1, others all. */
size_t zone_search(const char *text, const char **names, size_t max);
/* ISO 3166 code of the zone's country ("DE"), "" when it has none (UTC). Static. */
const char *zone_country(const char *zone_name);
/* English country name of an ISO code, or NULL. And the ISO code of a typed country name or code
 * (common short forms such as "uk", "usa" included), or NULL. Static strings. */
const char *zone_country_name(const char *iso);
const char *zone_country_find(const char *text);

#endif
