/* The alarm words as loaded. Private to alarm*.c. */
#ifndef FLOW_ALARM_TABLE_H
#define FLOW_ALARM_TABLE_H

#include "flow/alarm.h"
#include "flow/alarm_words.h"

#include <stdint.h>

enum { ALARM_PARTS_MAX = 4, ALARM_SETS_MAX = 64, ALARM_FAMILIES_MAX = 40, ALARM_GROUPS_MAX = 8 };
enum { ALARM_WORDS_MAX = 800, ALARM_IDS_MAX = 12 };

enum alarm_element_kind { ALARM_WORD, ALARM_SET, ALARM_GAP, ALARM_NUMBER };
struct alarm_element {
	enum alarm_element_kind kind;
	bool is_optional;
	const uint16_t *ids; /* WORD: any of these words */
	size_t count;
	size_t set;      /* SET */
	double min, max; /* NUMBER */
};
struct alarm_phrase {
	struct alarm_element *elements;
	size_t count;
};
struct alarm_phrases {
	struct alarm_phrase *items;
	size_t count;
};
struct alarm_set {
	const char *name;
	struct alarm_phrases phrases;
	uint8_t *first; /* bit of each word that one of its phrases may begin with */
};
struct alarm_pattern { /* all parts in one message */
	struct alarm_phrase parts[ALARM_PARTS_MAX];
	size_t count;
	uint8_t *first; /* ... of the first part; NULL when a number or gap may begin it */
};
struct alarm_group {
	enum alarm_verdict verdict; /* HIT or SCREEN */
	enum triage_level level;
	const char *row;
	bool is_effort; /* may be plain tiredness after exercise */
	bool asks_harm;
	struct alarm_pattern *patterns;
	size_t count;
};
struct alarm_family {
	const char *id;
	unsigned to;
	bool is_private, is_crisis;
	struct alarm_phrases own; /* subjects that belong to it: guard G4 does not apply */
	struct alarm_group groups[ALARM_GROUPS_MAX];
	size_t group_count;
};

/* The lists of phrases under `guards`. */
enum alarm_list {
	ALARM_BREAKS,
	ALARM_JOINERS,
	ALARM_SUBJECTS,
	ALARM_NEGATORS,
	ALARM_LIGHT,
	ALARM_OR,
	ALARM_UNABLE,
	ALARM_PAST,
	ALARM_NOW,
	ALARM_IDIOMS,
	ALARM_MISHAPS,
	ALARM_OTHERS,
	ALARM_REPORTS,
	ALARM_SELF,
	ALARM_PRESENT,
	ALARM_OPENERS,
	ALARM_CONDITIONALS,
	ALARM_OTHER_USE,
	ALARM_EFFORTS,
	ALARM_LASTING,
	ALARM_LISTS,
};

struct alarm_vocabulary_word {
	const char *text;
	double number; /* of a number word; -1: none */
	bool is_filler, is_sign, is_ordinary;
	size_t len;
};

struct alarm_table {
	struct alarm_vocabulary_word *words; /* sorted */
	size_t word_count;
	struct alarm_set sets[ALARM_SETS_MAX];
	size_t set_count;
	struct alarm_family families[ALARM_FAMILIES_MAX];
	size_t family_count;
	struct alarm_phrases lists[ALARM_LISTS];
};

/* One word of a message, looked up. */
struct alarm_token {
	struct alarm_word word;
	uint16_t ids[ALARM_IDS_MAX]; /* vocabulary words that it may be */
	size_t count;
	double number; /* -1: none */
	bool is_filler, is_sign;
	size_t clause; /* index of the first word of its clause */
	unsigned cut;  /* taken away by idioms: mask */
};
enum { ALARM_CUT_ALL = 1, ALARM_CUT_CRISIS = 2, ALARM_CUT_OTHER = 4 };

/* A message being looked at. */
struct alarm_text {
	const struct alarm_table *table;
	struct alarm_token *tokens;
	size_t count;
	unsigned cut;   /* words cut by one of these are invisible now */
	bool is_strict; /* no fillers inside phrases, no typos */
};

/* Index in words, or SIZE_MAX. */
size_t alarm_word_find(const struct alarm_table *, const char *text);
void alarm_text_read(
	struct arena *, const struct alarm_table *, const char *text, struct alarm_text *out);
/* Where the phrase that begins at this word ends (one past its last word), or 0. */
size_t alarm_match(const struct alarm_text *, const struct alarm_phrase *, size_t at);
/* Does any phrase begin at a word of [from, to)? Its end, or 0. */
size_t alarm_match_any(const struct alarm_text *, const struct alarm_phrases *, size_t at);
bool alarm_has(const struct alarm_text *, const struct alarm_phrases *, size_t from, size_t to);

#endif
