/* What the engine says by itself, whatever the flow. Private to flow_*.c. */
#ifndef FLOW_FLOW_PHRASES_H
#define FLOW_FLOW_PHRASES_H

#include "flow/read.h"

enum flow_phrase {
	FLOW_PHRASE_GUESS1,
	FLOW_PHRASE_GUESS,
	FLOW_PHRASE_RANGE,
	FLOW_PHRASE_SKIP_WORDS,
	FLOW_PHRASE_SKIPPED,
	FLOW_PHRASE_LEFT,
	FLOW_PHRASE_KEEP,
	FLOW_PHRASE_OFFER_SKIP,
	FLOW_PHRASE_YES,
	FLOW_PHRASE_NO,
	FLOW_PHRASE_UNSURE,
	FLOW_PHRASE_NONE,
	FLOW_PHRASE_SAID_YES,
	FLOW_PHRASE_SAID_NO,
	FLOW_PHRASE_OR,
	FLOW_PHRASE_UNREAD, /* the first of one for each enum read_type, in its order */
};

struct flow_phrase_text {
	const char *context, *source;
};
const struct flow_phrase_text *flow_phrase_at(size_t i); /* NULL past the end */

#endif
