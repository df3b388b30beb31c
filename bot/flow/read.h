/* The reply reader: what a person typed, as the value that a question wants. Pure.
 *
 * The one rule: never silently wrong. A reply that can only mean one thing is READ_VALUE; one that
 * could mean two is READ_ASK with the guesses in the order to offer them; anything else is
 * READ_NONE. Digits of all scripts, number words, decimal comma and typos are understood by the
 * language's lexicon (prompts/lexicon). */
#ifndef FLOW_READ_H
#define FLOW_READ_H

#include "base/mem.h"
#include "flow/values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum read_type {
	READ_SCALE,   /* number min..max of pain or the like; halves allowed ("six and a half") */
	READ_MINUTES, /* a duration in minutes */
	READ_NUMBER,  /* a plain whole number (age, weeks, a count) */
	READ_YESNO,   /* 1, 0, null for unsure */
	READ_CHOICE,  /* text: the option's id */
	READ_CHOICES, /* text: ids joined by a space, in option order; "none" gives "" */
	READ_TIME,    /* text "HH:MM" */
	READ_DATE,    /* text "YYYY-MM-DD" */
	READ_ZONE,    /* text: IANA name */
	READ_TEXT,    /* text: the trimmed reply */
};

struct read_option {
	const char *id;
	const char *label;
	const char *const *also; /* NULL-terminated synonyms, or NULL */
};

/* What is being asked. Zero what does not apply. */
struct read_question {
	enum read_type type;
	double min, max;                   /* scale, minutes, number */
	const struct read_option *options; /* choice, choices */
	size_t option_count;
	int64_t today;       /* the person's local day number, for dates ("yesterday", "Monday") */
	int now_min;         /* their minute of the day, for "in 20 minutes"; -1 unknown */
	bool past_only;      /* dates: "Monday" is the last one (logging); else the next one */
	const char *zone;    /* their zone if known (tie-break for cities), or NULL */
	const char *subject; /* what the number is about, one word: "pain", "stiffness", "sleep" or
				NULL: "pain is 4, woke at 6" takes the number beside the subject */
	bool in_answer; /* the question was just asked: a bare number or "bad" is about it. false:
			   free talk, where a number needs the subject beside it */
};

enum read_result { READ_NONE, READ_VALUE, READ_ASK };
enum { READ_GUESSES = 6 };

struct reading {
	enum read_result result;
	struct value value;               /* READ_VALUE */
	struct value guess[READ_GUESSES]; /* READ_ASK: 1 or more; a number or an id to offer */
	size_t guess_count;
	bool is_approximate; /* "about six", "6-ish": echo with "about" */
	const char
		*note; /* why it asks or refuses, one of a fixed set, for texts and tests:
			  "range" "negated" "past" "outside" "vague" "several" "time" ... or NULL */
};

struct lexicon;
/* The words of one language from prompts/lexicon/<lang>.yaml. NULL with *error
 * ("file:line:column: ...", in the arena) on any fault. Lives as long as the arena. */
struct lexicon *lexicon_load(struct arena *, const char *path, const char **error);
const char *lexicon_lang(const struct lexicon *);

/* text: any bytes; invalid UTF-8 and more than 4,000 bytes give READ_NONE. Results that are text
 * live in the arena. */
void read_reply(struct arena *, const struct lexicon *, const struct read_question *,
	const char *text, struct reading *out);

/* A message cut into the pieces that may answer different questions ("6, stiff for 20 min, slept
 * badly" is three; "6,5" and "7:15" are one; "not 7, 4" stays one). Returns a NULL-terminated list
 * in the arena, in order, at most 12. */
const char *const *read_clauses(struct arena *, const struct lexicon *, const char *text);
/* Does one of the cue words (NULL-terminated) stand in the text as a word or phrase (inflections
 * "stiff", "stiffness" by prefix of 4 letters and more, one typo in words of 6 and more)? */
bool read_has_cue(
	struct arena *, const struct lexicon *, const char *text, const char *const *cues);
/* A message cut into words once, to be held against many phrases. NULL: not readable. In the arena.
 */
struct read_words;
const struct read_words *read_words_cut(struct arena *, const char *text);
bool read_words_are(struct arena *, const struct lexicon *, const struct read_words *,
	const char *const *phrases);
/* Is the whole reply one of these phrases, give or take politeness, punctuation and a typo in
 * words of 5 letters and more ("stop please", "Helpp!")? */
bool read_is_phrase(
	struct arena *, const struct lexicon *, const char *text, const char *const *phrases);

#endif
