/* Small things that several handlers do with the person at hand. No handler itself. */
#ifndef HANDLERS_PERSON_H
#define HANDLERS_PERSON_H

#include "bot/handler.h"

enum { PERSON_WAKE_MIN = 7 * 60 }; /* until they tell */

const char *person_fact(struct turn *, const char *name); /* or NULL */
int person_number(struct turn *, const char *name, int fallback);
void person_keep(struct turn *, const char *name, const char *value); /* NULL: not any more */
void person_keep_number(struct turn *, const char *name, double);
/* The local minute of the day at which they wake up. */
int person_wake_min(struct turn *);
/* "07:30" as a minute of the day; fallback for NULL and anything else. And back. */
int person_minutes(const char *hhmm, int fallback);
/* A time that can only be in the evening: "at 11" is 23:00. */
int person_evening(int minute);
const char *person_clock(struct turn *, int minute);
/* The text of a turn's value, or NULL. */
const char *person_answer(struct turn *, const char *name);

/* A reminder once on each of these days. */
void person_remind(struct turn *, const char *kind, unsigned days, int minute);
bool person_has_reminder(struct turn *, const char *kind);
void person_forget_reminder(struct turn *, const char *kind);

/* Is the whole text "off", "no" or the like? */
bool person_says_off(struct turn *, const char *text);

/* The occurrence from which a reminder comes once a week only; it says so, once. */
enum { PERSON_MISSES_WEEKLY = 7 };

#endif
