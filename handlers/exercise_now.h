/* The exercise on show and the person before it: what the choosing and the counting share. No
 * handler itself. */
#ifndef HANDLERS_EXERCISE_NOW_H
#define HANDLERS_EXERCISE_NOW_H

#include "bot/handler.h"
#include "flow/exercises.h"

const struct exercise_set *exercise_now_set(struct turn *);
const struct exercise *exercise_now(struct turn *); /* or NULL */
/* Flags of the person (unknown: as in a flare, the gentlest only) and of the hour. */
unsigned exercise_now_flags(struct turn *);
bool exercise_now_knows_flags(struct turn *); /* asked, and not too long ago */
bool exercise_now_is_morning(struct turn *);  /* the first hour after waking */
/* A text of an exercise in the person's language. */
const char *exercise_now_words(
	struct turn *, const struct exercise *, const char *field, const char *text);
/* 0 easier, 1 as written, 2 harder; kept for each exercise. */
int exercise_now_level(struct turn *, const struct exercise *);
void exercise_now_set_level(struct turn *, const struct exercise *, int level);
/* Hurt twice within a week: not offered any more. */
bool exercise_now_is_retired(struct turn *, const struct exercise *);
void exercise_now_retire(struct turn *, const struct exercise *);

#endif
