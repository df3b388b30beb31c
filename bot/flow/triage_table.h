/* The triage table as loaded. Private to triage*.c. */
#ifndef FLOW_TRIAGE_TABLE_H
#define FLOW_TRIAGE_TABLE_H

#include "base/hash.h"
#include "flow/text_list.h"
#include "flow/triage.h"

enum { TRIAGE_SCREENS_MAX = 24, TRIAGE_TERMS_MAX = 16 };

struct triage_screen {
	const char *id;
	const char *intro;
	struct expr *when;
	bool is_always;      /* also when a run starts at a later screen */
	bool has_clearer;    /* "not sure" is asked once more */
	bool is_last;        /* a run that asked it ends with it */
	size_t first, count; /* its rows */
};

struct triage_term { /* a named condition */
	const char *name;
	struct expr *is;
};

/* Words of replies, NULL-terminated lists. */
struct triage_words {
	const char *const *none,
		*const *unsure, *const *all, *const *skip, *const *single, *const *joiners,
										   *const *words;
};

enum triage_name_kind {
	TRIAGE_NAME_ROW,
	TRIAGE_NAME_TERM,
	TRIAGE_NAME_LEVEL,
	TRIAGE_NAME_HITS, /* of the screen with this index */
	TRIAGE_NAME_SOON,
	TRIAGE_NAME_UNSETTLED,
	TRIAGE_NAME_SKIPPED,
};
struct triage_name { /* what conditions may mention, sorted by name */
	const char *name;
	enum triage_name_kind kind;
	size_t index;
};

struct triage_table {
	char version[HASH_HEX];
	struct triage_screen screens[TRIAGE_SCREENS_MAX]; /* the first holds facts on demand */
	size_t screen_count;
	struct triage_row *rows; /* in order of screens */
	size_t row_count;
	struct triage_term terms[TRIAGE_TERMS_MAX];
	size_t term_count;
	struct triage_rule *rules;
	size_t rule_count;
	struct triage_name *names;
	size_t name_count;
	struct triage_words words;
	struct number_set *numbers;
	struct text_list texts; /* what people read of it */
};

/* SIZE_MAX: no such row. */
size_t triage_row_index(const struct triage_table *, const char *id);

#endif
