/* The civil calendar (proleptic Gregorian), without zones. Pure. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
	int year, month, day;     /* month 1..12, day 1..31 */
	int hour, minute, second; /* 0..23, 0..59, 0..59 */
};

/* Days since 1970-01-01 of a civil date, and back. */
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

#endif
