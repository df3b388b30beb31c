/* A text as the words that the reply reader works on: case, width, accents and apostrophes
 * folded away, digits of all scripts as ASCII, one item for each word, number, mark and emoji. */
#ifndef FLOW_WORDS_H
#define FLOW_WORDS_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum word_kind {
	WORD_LETTERS,
	WORD_DIGITS, /* number is set: "6", "6.5", "1/2" from a fraction character */
	WORD_CHAIN,  /* "2026-03-02", "3.3.26", "18:30:00" */
	WORD_CODE,   /* letters with digits: "l5", "l4/l5", "b12" */
	WORD_MARK,   /* text is one of , ; . ! ? ( ) : / - + < > ~ % & and the like */
	WORD_SIGN,   /* an emoji or another symbol */
};

struct word {
	enum word_kind kind;
	const char *text;
	double number;
	bool is_comma;    /* "6,5": the decimal sign was a comma */
	bool is_fraction; /* a character such as one half */
	bool is_glued;    /* no space between it and the word before */
	bool is_mended;   /* a typo, corrected by the lexicon */
};

struct words {
	struct word *at;
	size_t count;
};

enum { WORDS_BYTES_MAX = 4000 };

/* False when the text is not valid UTF-8 or longer than WORDS_BYTES_MAX. */
bool words_read(struct arena *, const char *text, struct words *out);

#endif
