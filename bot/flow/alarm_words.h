/* A message cut into words as the alarm words see it: lower case, no apostrophes, no marks. Private
 * to the readers of triage and alarm words. */
#ifndef FLOW_ALARM_WORDS_H
#define FLOW_ALARM_WORDS_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum alarm_break { ALARM_BREAK_NONE, ALARM_BREAK_COMMA, ALARM_BREAK_END };

struct alarm_word {
	const char *text;        /* letters repeated more than twice are cut to two */
	const char *single;      /* ... cut to one; NULL for numbers */
	enum alarm_break before; /* what stands between it and the word before */
	bool is_doubt;           /* followed by a question mark */
};

/* At most max words. Never fails: what is not UTF-8 is left out. */
size_t alarm_words(struct arena *, const char *text, struct alarm_word *out, size_t max);

#endif
