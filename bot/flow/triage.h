/* "Should I see a doctor?": screens of questions, rules over their answers, and the engine that
 * walks them. Pure: table, what is known of the person and the answers so far go in; what to ask
 * next, or the result, comes out. No clock, no store.
 *
 * Levels only rise within a run. Not sure counts as yes (in the emergency screen after one clearer
 * question). A fact that is not known never lowers a level: it is asked, or counts as yes. */
#ifndef FLOW_TRIAGE_H
#define FLOW_TRIAGE_H

#include "base/mem.h"
#include "flow/expr.h"
#include "flow/numbers.h"
#include "flow/read.h"
#include "flow/values.h"

#include <stdbool.h>
#include <stddef.h>

enum triage_level {
	TRIAGE_SELF_CARE,
	TRIAGE_ROUTINE,
	TRIAGE_SOON,
	TRIAGE_URGENT,
	TRIAGE_EMERGENCY,
};
const char *triage_level_name(enum triage_level); /* "SELF_CARE" ... "EMERGENCY" */
/* False when the name is none of them. */
bool triage_level_find(const char *name, enum triage_level *out);

/* ---- the table ---- */

struct triage_table;
/* Reads screens.yaml, rules.yaml, conditions.yaml, minors.yaml and numbers.yaml of a directory.
 * NULL when anything is wrong: *errors is then a newline-joined list of
 * "file:line:column: sentence" in the arena. */
struct triage_table *triage_load(
	struct arena *, struct expr_engine *, const char *dir, const char **errors);
/* Frees the prepared conditions; the rest goes with the arena. NULL accepted. */
void triage_finish(struct triage_table *);
const char *triage_version(const struct triage_table *); /* changes with any word or rule */
const struct number_set *triage_numbers(const struct triage_table *);
/* What opens a screen's lettered list, or NULL. */
const char *triage_intro(const struct triage_table *, const char *screen);

enum triage_kind {
	TRIAGE_YESNO,
	TRIAGE_NUMBER,
	TRIAGE_TEMPERATURE, /* in C or F; kept in C */
	TRIAGE_CHOICE,
	TRIAGE_CHOICES,
};

/* Whom to turn to, besides the level's own place. A set of them is a mask. */
enum triage_to {
	TRIAGE_TO_PHARMACIST = 1 << 0,
	TRIAGE_TO_MATERNITY = 1 << 1,
	TRIAGE_TO_CRISIS = 1 << 2,
	TRIAGE_TO_DOCTOR = 1 << 3, /* not a pharmacist alone */
};
/* "pharmacist" gives its bit; 0 for a word that is none. */
unsigned triage_to_find(const char *name);

struct triage_row {
	const char *id, *screen;
	enum triage_kind kind;
	const char *ask;     /* the whole question */
	const char *brief;   /* its line in a lettered list (yes/no rows) */
	const char *said;    /* the positive answer in the person's words, for the doctor */
	const char *clearer; /* asked after "not sure" in the emergency screen, or NULL */
	const char *source;
	const char *const *cues;           /* words that point to it, NULL-terminated, or NULL */
	const struct read_option *options; /* choice, choices */
	size_t option_count;
	double min, max;         /* number, temperature */
	double over;             /* a number above this means yes; 0: none */
	bool has_level;          /* false: only rules use it */
	enum triage_level level; /* when positive */
	unsigned to;
	bool can_settle;   /* long known and examined: URGENT instead of EMERGENCY */
	bool can_skip;     /* private: "skip" is accepted */
	bool is_private;   /* never quoted back */
	bool is_fact;      /* about the person, kept longer than the run */
	int again_days;    /* facts: asked again after so many days; 0: never */
	struct expr *when; /* left out when known false; NULL: always asked */
};

struct triage_rule {
	const char *id;
	enum triage_level level;
	const char *why;  /* one line, or NULL */
	const char *text; /* said with the result, or NULL */
	const char *source;
	unsigned to;
	struct expr *when;
};

const struct triage_row *triage_row_find(const struct triage_table *, const char *id); /* or NULL */
const struct triage_row *triage_row_at(
	const struct triage_table *, size_t i); /* NULL past the end */
/* Every text that people read with its msgctxt, "triage." ID "." what it is there: ask, brief,
 * said, clearer (rows), OPTION.label, why, text (rules), intro (screens). By index; NULL past the
 * end. */
const char *triage_text(const struct triage_table *, size_t i, const char **context_out);

/* ---- a run ---- */

struct triage_run;
/* facts: what is known of the person by row id (p_age ...); null or absent is unknown. Copied.
 * start: NULL for all, or the screen to begin with ("B"). */
struct triage_run *triage_begin(
	struct arena *, const struct triage_table *, const struct values *facts, const char *start);
/* Age is asked after the emergency screen (somebody who has just written alarm words). */
void triage_hurry(struct triage_run *);
/* Did it start at the beginning? */
bool triage_is_full(const struct triage_run *);
/* The level reached so far. */
enum triage_level triage_level_of(const struct triage_run *);
/* One question at a time from now on. */
void triage_one_by_one(struct triage_run *);
/* The run as a JSON object and back; NULL when it is not one. Rows that the table does not have
 * any more are dropped. */
const char *triage_to_json(struct arena *, const struct triage_run *);
struct triage_run *triage_from_json(
	struct arena *, const struct triage_table *, const struct values *facts, const char *json);

enum triage_answer {
	TRIAGE_UNASKED,
	TRIAGE_NO,
	TRIAGE_YES,
	TRIAGE_UNSURE,  /* to be asked once more in clearer words */
	TRIAGE_DOUBT,   /* not sure for good: counts as yes */
	TRIAGE_SKIPPED, /* private row: no hit by itself, but never lowers a rule */
	TRIAGE_VALUE,   /* number or choice */
};

enum { TRIAGE_PART_ROWS = 9 };

enum triage_ask {
	TRIAGE_ASK_PART,    /* rows as a lettered list */
	TRIAGE_ASK_ROW,     /* one row */
	TRIAGE_ASK_CLEARER, /* one row, in its clearer words */
	TRIAGE_ASK_SETTLED, /* rows: unchanged for 14 days and examined by a doctor? */
	TRIAGE_RESULT,
};
/* What to ask now. */
struct triage_next {
	enum triage_ask ask;
	const char *screen; /* "A" ... */
	const struct triage_row *rows[TRIAGE_PART_ROWS];
	size_t row_count;
	bool is_first; /* the first list of its screen: its intro belongs to it */
};
void triage_next(struct triage_run *, struct triage_next *out);

const char *triage_answer_name(enum triage_answer); /* "no" "yes" "unsure" ... */

/* How a reply to the question at hand was understood. */
enum triage_took {
	TRIAGE_TOOK,
	TRIAGE_UNREAD, /* nothing of it: ask again once, then take the result */
};
/* Understands a reply to triage_next()'s question: letters, none, not sure, skip, words of the
 * rows. */
enum triage_took triage_reply(struct triage_run *, const struct lexicon *, const char *text);
/* Sets one answer without words (a button, a hit of alarm words, a test). value: for
 * TRIAGE_VALUE. An answer never makes an earlier positive one disappear. */
void triage_set(struct triage_run *, const char *row_id, enum triage_answer, struct value value);
/* The answer to "unchanged for 14 days and examined": for every row that waits for it. */
void triage_settle(struct triage_run *, bool is_settled);
enum triage_answer triage_answer_get(
	const struct triage_run *, const char *row_id, struct value *value_out);

/* ---- the result ---- */

struct triage_result {
	enum triage_level level;
	bool is_finished;
	unsigned to;                            /* enum triage_to of the hits at this level */
	const struct triage_row *const *rows;   /* positive ones, NULL-terminated, worst first */
	const struct triage_rule *const *rules; /* NULL-terminated, worst first */
	size_t skipped;                         /* private rows that were skipped */
};
/* The result; closes the run: nothing more is asked. One that is not finished is never SELF_CARE:
 * its level is the one reached, at least ROUTINE, and every open doubt counts as yes. */
void triage_result(struct triage_run *, struct triage_result *out);

#endif
