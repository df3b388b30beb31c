/* What the readers of the single answer types share. For bot/flow/read*.c alone. */
#ifndef FLOW_READ_PARTS_H
#define FLOW_READ_PARTS_H

#include "flow/lexicon.h"
#include "flow/read.h"
#include "flow/words.h"

#include <stddef.h>

/* One thing that a reply says: a number (written in any way), a phrase, a mark. */
enum item_kind {
	ITEM_WORD, /* a phrase of the lexicon, or a word that it does not know (entry NULL) */
	ITEM_NUMBER,
	ITEM_DURATION, /* value in minutes */
	ITEM_CLOCK,    /* "7:15": value in minutes of the day, or of a duration */
	ITEM_CODE,     /* vertebrae, dates, phone numbers */
	ITEM_MARK,
	ITEM_SIGN,
};

struct item {
	enum item_kind kind;
	const struct word *word; /* its first word */
	size_t word_count;
	const struct lex_entry *entry;
	double value;
	double unit;      /* of a duration: minutes of its unit */
	int clause;       /* which clause it stands in, from 0 */
	bool is_written;  /* a number in words */
	bool is_fraction; /* below one: "half", a quarter sign */
	bool is_mended;
	char mark; /* ITEM_MARK in ASCII */
};

struct reply {
	struct arena *arena;
	const struct lexicon *lex;
	const struct read_question *q;
	const char *text;
	struct words words;
	struct item *items;
	size_t count;
	struct reading *out;
};

/* Cuts the words into items; phrases count only when they mean something in one of the classes.
 * with_durations: "20 minutes", "half an hour" become one item. */
void reply_cut(struct reply *, const struct lex_set *classes, bool with_durations);
bool item_is(const struct item *, enum lex_class); /* NULL is nothing */
/* A word that the lexicon has no use for here. */
bool item_is_unknown(const struct item *);
/* Is it about the question's subject (of its group in the lexicon, or the same word)? */
bool item_is_subject(const struct reply *, const struct item *);
/* ... or about another one? */
bool item_is_other_subject(const struct reply *, const struct item *);

void answer_value(struct reading *, struct value);
void answer_none(struct reading *, const char *note);
/* Adds a guess that is not there yet; READ_ASK from the first on. */
void answer_guess(struct reading *, struct value, const char *note);

/* True when the whole reply is one phrase of the class, give or take politeness. */
bool reply_is(struct reply *, enum lex_class);

void read_amount(struct reply *); /* scale, minutes, number */
void read_yesno(struct reply *);
void read_choice(struct reply *); /* choice, choices */
void read_time(struct reply *);
void read_date(struct reply *);
void read_zone(struct reply *);

#endif
