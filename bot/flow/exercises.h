/* Exercises: what may be done, how, and for whom not, from prompts/exercises/ (docs/authoring.md).
 * Pure: the caller brings the need, the flags of the person and the time. */
#ifndef FLOW_EXERCISES_H
#define FLOW_EXERCISES_H

#include "base/mem.h"
#include "flow/read.h"

#include <stdbool.h>
#include <stddef.h>

/* What a person may have that changes an exercise. A set of them is a mask. */
enum exercise_flag {
	EXERCISE_PREG = 1 << 0, /* pregnant */
	EXERCISE_OP = 1 << 1,   /* thin bones, or a spine that broke before */
	EXERCISE_FLEX = 1 << 2, /* worse on bending */
	EXERCISE_EXT = 1 << 3,  /* worse on arching, standing, walking */
	EXERCISE_HIP = 1 << 4,  /* hip pain or a new hip */
	EXERCISE_KNEE = 1 << 5, /* cannot kneel */
	EXERCISE_ARM = 1 << 6,  /* wrist or shoulder trouble */
	EXERCISE_BP = 1 << 7,   /* heart disease, blood pressure */
	EXERCISE_ABD = 1 << 8,  /* operation, hernia or birth in the last 12 weeks */
	EXERCISE_BAL = 1 << 9,  /* poor balance */
	/* not of the person, but of the hour */
	EXERCISE_MORNING = 1 << 10, /* the first hour after getting up */
	EXERCISE_FLARE = 1 << 11,   /* pain 7 or more, or nothing known about the person yet */
};
/* "preg" gives its bit; 0 for a word that is none. */
unsigned exercise_flag_find(const char *name);

enum exercise_change { EXERCISE_VARY, EXERCISE_SKIP, EXERCISE_REPLACE };
struct exercise_caution {
	unsigned flags; /* holds when the person has all of them */
	enum exercise_change change;
	const char *text; /* VARY: what to do instead */
	const char *by;   /* REPLACE: id of another exercise */
};

/* The dose in numbers, to be counted aloud. Zero is "does not apply". */
struct exercise_dose {
	int reps, hold_s, sides, sets, minutes;
};

struct exercise {
	const char *id, *name, *group;
	const char *const *also;       /* other names, NULL-terminated */
	unsigned places, times, needs; /* masks over the words of each kind */
	unsigned main_need;            /* the one named first */
	const char *purpose, *start;
	const char *const *steps; /* NULL-terminated */
	const char *dose_words;
	struct exercise_dose dose;
	const char *easier, *harder; /* harder may be NULL */
	const struct exercise_caution *cautions;
	size_t caution_count;
	const char *stop, *feel, *why, *source, *grade;
};

struct exercise_set;
/* All exercises of a directory: words.yaml and one file each. NULL when anything is wrong: *errors
 * is then a newline-joined list of "file:line:column: sentence" in the arena. */
struct exercise_set *exercises_load(struct arena *, const char *dir, const char **errors);
const struct exercise *exercises_at(const struct exercise_set *, size_t i); /* NULL past the end */
const struct exercise *exercises_find(const struct exercise_set *, const char *id); /* or NULL */

/* Every text with its msgctxt ("exercise.bridge.purpose"), by index; NULL past the end. For
 * translation and for tests. */
const char *exercises_text(const struct exercise_set *, size_t i, const char **context_out);

/* Places, times and needs of words.yaml, with the words that people use for them. */
enum exercise_kind { EXERCISE_PLACE, EXERCISE_TIME, EXERCISE_NEED };
struct exercise_word {
	const char *id;
	const char *const *cues; /* NULL-terminated */
};
/* NULL past the end; bit i of a mask is word i. */
const struct exercise_word *exercises_word(
	const struct exercise_set *, enum exercise_kind, size_t i);
unsigned exercises_bit(const struct exercise_set *, enum exercise_kind, const char *id); /* 0: none
											  */

/* What somebody wants. Zero is "any". */
struct exercise_wish {
	const struct exercise *named;  /* asked for by its name */
	unsigned places, times, needs; /* places bind; times and needs order */
	unsigned flags;                /* of the person and the hour */
};
/* Fills named, places, times and needs from words ("tight hips at my desk"). False: nothing in it
 * was understood. */
bool exercise_wish_read(struct arena *, const struct exercise_set *, const struct lexicon *,
	const char *text, struct exercise_wish *);
/* Those that fit, best first, NULL-terminated, in the arena; replacements in the place of what
 * they replace. A named one comes first unless it is not for this person. */
const struct exercise *const *exercises_search(
	struct arena *, const struct exercise_set *, const struct exercise_wish *);
/* What bars this exercise for these flags (a caution that skips or replaces), or NULL. */
const struct exercise_caution *exercise_barred(const struct exercise *, unsigned flags);
/* The variants that these flags ask for, each text once, NULL-terminated, in the arena. */
const char *const *exercise_variants(struct arena *, const struct exercise *, unsigned flags);

/* A paced exercise as moments, each so many seconds after the one before. */
enum exercise_cue {
	EXERCISE_GO,     /* hold for .seconds, or do .reps slow ones */
	EXERCISE_AGAIN,  /* once more */
	EXERCISE_SWITCH, /* change sides */
	EXERCISE_LAST,   /* the last one */
	EXERCISE_HALF,   /* half the time is over */
	EXERCISE_END,
};
struct exercise_beat {
	enum exercise_cue cue;
	int wait_s;  /* after the beat before */
	int seconds; /* until the next one */
	int reps;    /* to be done meanwhile; 0: one hold */
};
/* Beat i of the exercise at a level (0 easier: half of it; 1 as written); false past the end. */
bool exercise_beat(const struct exercise *, int level, int i, struct exercise_beat *out);

#endif
