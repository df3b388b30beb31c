/* Alarm words: red flags in free text, looked for in every message before any other meaning.
 * Families of phrases and guards (negation, settled past, idiom, somebody else ...) are data
 * (prompts/triage/alarms.yaml). Pure. When two readings are possible, it is an alarm. */
#ifndef FLOW_ALARM_H
#define FLOW_ALARM_H

#include "base/mem.h"
#include "flow/triage.h"

#include <stdbool.h>
#include <stddef.h>

struct alarm_table;
/* NULL when anything is wrong: *errors is then a newline-joined list of
 * "file:line:column: sentence" in the arena. */
struct alarm_table *alarm_load(struct arena *, const char *path, const char **errors);
/* Families by index, for listings and tests; NULL past the end. */
const char *alarm_family_at(const struct alarm_table *, size_t i);
/* Triage rows that its words answer, by index, some more than once; NULL past the end. */
const char *alarm_row_at(const struct alarm_table *, size_t i);

enum alarm_verdict {
	ALARM_NONE,
	ALARM_GENTLE,   /* crisis words that a guard explains: one gentle sentence with the line */
	ALARM_OTHER,    /* about somebody else: tell how to help them */
	ALARM_ASK_REST, /* exercise talk: "Gone after 10 minutes of rest?", no is a hit */
	ALARM_ASK_NOW,  /* a hypothesis or a quote: "Is any of that happening to you now?" */
	ALARM_SCREEN,   /* no level of its own: start with the emergency screen */
	ALARM_HIT,      /* level says how urgent */
};

struct alarm_hit {
	enum alarm_verdict verdict;
	const char *family;      /* "F4"; of the worst hit; NULL for ALARM_NONE */
	enum triage_level level; /* HIT; for ASK_*: what it will be if confirmed */
	const char *row;         /* triage row that it answers with yes ("a_retain"), or NULL */
	unsigned to;             /* enum triage_to */
	bool is_private;         /* violence: careful wording */
	bool asks_harm;          /* also ask about self-harm */
	const char *guard;       /* the guard that turned it down ("G1"), or NULL */
};

/* last_question: what the bot asked last, or NULL (a message that only repeats it is no alarm).
 * text: any bytes; invalid UTF-8 is read as far as it goes. */
void alarm_scan(struct arena *, const struct alarm_table *, const char *text,
	const char *last_question, struct alarm_hit *out);

#endif
