/* IANA zones, read from the system's TZif files (glibc's TZ is process-wide), and the names that
 * people have for them. The files are under $TZDIR, else /usr/share/zoneinfo. All instants are
 * seconds or milliseconds since 1970 UTC; the name says which. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/civil.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;
/* A zone by its IANA name ("Europe/Berlin", links too), loaded once and kept for the life of the
 * process. NULL: no such zone, or its file is damaged. Names with "..", a leading "/" or more than
 * 63 bytes are refused without touching the file system. */
const struct zone *zone_find(const char *name);
/* As it was asked for; lives as long as the process. */
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

/* Zones that a person may mean by a city, a country (English name or ISO code), a state of the USA
 * or an IANA name, typed in any case, with or without accents, with spaces or underscores; one
 * typo is forgiven in names of five letters or more, never in the first letter. After a comma a
 * country or state narrows it down ("Birmingham, Alabama"). Fills names (static strings) with up
 * to max distinct zones, best first, returns how many there are. Abbreviations like CET or EST
 * give 0. Zones of one country that keep the same time from now on count as one. */
size_t zone_search(const char *text, const char **names, size_t max);
/* ISO 3166 code of the zone's country ("DE"), "" when it has none (UTC). Static. */
const char *zone_country(const char *zone_name);
/* English country name of an ISO code, or NULL. And the ISO code of a typed country name or code
 * (common short forms such as "uk", "usa" included), or NULL. Static strings. */
const char *zone_country_name(const char *iso);
const char *zone_country_find(const char *text);

#endif
