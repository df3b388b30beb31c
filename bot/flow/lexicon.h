/* The words of one language by what they do in a reply (prompts/lexicon/LANG.yaml). For the
 * readers of bot/flow alone; everybody else only passes a struct lexicon on. */
#ifndef FLOW_LEXICON_H
#define FLOW_LEXICON_H

#include "flow/read.h"
#include "flow/words.h"

/* One for each section of the file, which has the comments. */
enum lex_class {
	LEX_NUMBERS,
	LEX_MULTIPLIERS,
	LEX_FRACTIONS,
	LEX_AND,
	LEX_POINT,
	LEX_ORDINALS,
	LEX_ORDINAL_ENDINGS,
	LEX_PRONOUNS,
	LEX_IDIOMS,
	LEX_ROMAN,
	LEX_REAL_WORDS,
	LEX_ARTICLES,
	LEX_ABOUT,
	LEX_ABOUT_AFTER,
	LEX_OUT_OF,
	LEX_SCALE,
	LEX_AM_PM,
	LEX_EXTRA,
	LEX_PERCENT,
	LEX_POINTS,
	LEX_OR,
	LEX_TO,
	LEX_MAYBE,
	LEX_BETWEEN,
	LEX_FROM,
	LEX_MOVES,
	LEX_MOVES_TO,
	LEX_BOUNDS,
	LEX_NOT,
	LEX_WAS,
	LEX_PAST,
	LEX_NOW,
	LEX_MORE,
	LEX_THAN,
	LEX_CORRECTIONS,
	LEX_BREAKS,
	LEX_EXCEPT,
	LEX_AT,
	LEX_FOR,
	LEX_SINCE,
	LEX_EVENTS,
	LEX_COUNTED,
	LEX_THINGS,
	LEX_VERTEBRAE,
	LEX_ASKING,
	LEX_SAFE,
	LEX_BODY,
	LEX_POLITE,
	LEX_SUBJECTS,
	LEX_NOTHING,
	LEX_VAGUE,
	LEX_YES,
	LEX_PLAIN_YES,
	LEX_NO,
	LEX_UNSURE,
	LEX_HALF_YES,
	LEX_HALF_NO,
	LEX_ALL_OF_THEM,
	LEX_NONE_OF_THEM,
	LEX_UNITS,
	LEX_WHOLE_DAY,
	LEX_VAGUE_LONG,
	LEX_MORNING,
	LEX_AFTERNOON,
	LEX_EVENING,
	LEX_NIGHT,
	LEX_OCLOCK,
	LEX_PAST_HOUR,
	LEX_TO_HOUR,
	LEX_TIMES,
	LEX_VAGUE_TIMES,
	LEX_MONTHS,
	LEX_WEEKDAYS,
	LEX_DAYS,
	LEX_LAST,
	LEX_NEXT,
	LEX_THIS,
	LEX_AGO,
	LEX_IN,
	LEX_CLASSES
};

/* What a phrase means in one class. */
struct lex_sense {
	enum lex_class class;
	double value;                 /* of numbers, units (minutes), times (minute of the day) */
	double guesses[READ_GUESSES]; /* of vague phrases */
	size_t guess_count;
	const char *group; /* of subjects: "pain" */
	int line;
	const struct lex_sense *next;
};

struct lex_entry {
	const char *key; /* words joined by one space */
	size_t word_count;
	const struct lex_sense *senses;
};

struct lex_set {
	bool has[LEX_CLASSES];
};

/* The longest phrase at words[0] that means something in one of the classes; NULL: none. */
const struct lex_entry *lexicon_find(
	const struct lexicon *, const struct lex_set *, const struct word *words, size_t count);
/* NULL entry accepted; NULL when it means nothing in that class. */
const struct lex_sense *lex_sense(const struct lex_entry *, enum lex_class);
/* Is it a word of any phrase? */
bool lexicon_knows(const struct lexicon *, const char *word);
/* The entry of a whole phrase; NULL: none. */
const struct lex_entry *lexicon_entry(const struct lexicon *, const char *key);
/* Words that a typo may stand for, by index; NULL past the end. */
const char *lexicon_vocable(const struct lexicon *, size_t i);
/* Corrects typos towards words of the lexicon, undoes stretched letters ("sooo"), and cuts
 * "pain6" where the letters are a word. */
void lexicon_mend(struct arena *, const struct lexicon *, struct words *);

#endif
