/* Years are counted from March, so that the leap day is the last day of a year and months follow
 * one formula; 400 years are always 146,097 days. */
#include "base/civil.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t civil_day(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, ERA_YEARS);
	int64_t year_of_era = y - era * ERA_YEARS;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

void civil_from_day(int64_t day, struct civil *out)
{
	int64_t era = floor_div(day + DAYS_TO_1970, ERA_DAYS);
	int64_t doe = day + DAYS_TO_1970 - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t march_month = (5 * doy + 2) / 153;

	*out = (struct civil){0};
	out->day = (int)(doy - (153 * march_month + 2) / 5 + 1);
	out->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	out->year = (int)(yoe + era * ERA_YEARS) + (out->month <= 2);
}

int civil_weekday(int64_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(day + 3 - floor_div(day + 3, 7) * 7);
}

static bool digits(const char *text, int from, int count)
{
	for (int i = from; i < from + count; i++) {
		if (!isdigit((unsigned char)text[i])) {
			return false;
		}
	}
	return true;
}

bool civil_parse_date(const char *text, int64_t *day_out)
{
	struct civil c;
	int year, month, day;
	int64_t number;

	if (!digits(text, 0, 4) || text[4] != '-' || !digits(text, 5, 2) || text[7] != '-' ||
		!digits(text, 8, 2) || text[10] != '\0') {
		return false;
	}
	year = atoi(text);
	month = atoi(text + 5);
	day = atoi(text + 8);
	if (month < 1 || month > 12 || day < 1 || day > 31) {
		return false;
	}
	number = civil_day(year, month, day);
	civil_from_day(number, &c);
	if (c.day != day) {
		return false; /* the 30th of February */
	}
	*day_out = number;
	return true;
}

struct civil_text civil_format_date(int64_t day)
{
	struct civil_text out;
	struct civil c;

	civil_from_day(day, &c);
	snprintf(out.text, sizeof out.text, "%04d-%02d-%02d", c.year, c.month, c.day);
	return out;
}
