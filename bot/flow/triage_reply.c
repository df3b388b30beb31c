/* Replies to triage questions: letters of a list ("a c", "A and C", "b?", "c: no"), "none",
 * "not sure", or the words of a row ("the numb one"). Anything else is unread: an unclear reply is
 * never taken for "none". */
#include "flow/alarm_words.h"
#include "flow/triage_run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 60 };

struct reply {
	struct triage_run *run;
	const struct lexicon *lexicon;
	const struct triage_next *next;
	const char *text;
	struct alarm_word words[WORDS_MAX];
	size_t count;
};

static const struct triage_words *words_of(const struct reply *r)
{
	return &r->run->table->words;
}

/* The whole reply, without marks, is one of these. */
static bool is_any(const struct reply *r, const char *const *phrases)
{
	struct alarm_word phrase[WORDS_MAX];

	for (; *phrases; phrases++) {
		size_t n = alarm_words(r->run->arena, *phrases, phrase, WORDS_MAX);
		bool is_same = n == r->count && n > 0;

		for (size_t i = 0; i < n && is_same; i++) {
			is_same = strcmp(phrase[i].text, r->words[i].text) == 0;
		}
		if (is_same) {
			return true;
		}
	}
	return false;
}

static bool is_listed(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(word, *list) == 0) {
			return true;
		}
	}
	return false;
}

/* "none", "nope, none thanks": every word says it, and nothing else is said. */
static bool is_none(const struct reply *r)
{
	if (is_any(r, words_of(r)->none)) {
		return true;
	}
	for (size_t i = 0; i < r->count; i++) {
		const char *w = r->words[i].text;

		if (!is_listed(w, words_of(r)->none) && strcmp(w, "thanks") != 0 &&
			strcmp(w, "please") != 0) {
			return false;
		}
	}
	return true;
}

static bool is_phrase(const struct reply *r, const char *const *phrases)
{
	return is_any(r, phrases) || read_is_phrase(r->run->arena, r->lexicon, r->text, phrases);
}

static void set(const struct reply *r, size_t row, enum triage_answer answer)
{
	triage_set(r->run, r->next->rows[row]->id, answer, value_null());
}

/* ---- one row ---- */

static enum triage_took take_yesno(const struct reply *r)
{
	const struct triage_row *row = r->next->rows[0];
	struct read_question q = {.type = READ_YESNO, .in_answer = true};
	struct reading reading;

	if (row->over > 0) {
		struct read_question minutes = {
			.type = READ_MINUTES, .max = 1440, .in_answer = true};

		read_reply(r->run->arena, r->lexicon, &minutes, r->text, &reading);
		if (reading.result == READ_VALUE && reading.value.type == VALUE_NUMBER) {
			set(r, 0, reading.value.number > row->over ? TRIAGE_YES : TRIAGE_NO);
			return TRIAGE_TOOK;
		}
	}
	if (is_any(r, words_of(r)->unsure)) {
		set(r, 0, TRIAGE_UNSURE);
		return TRIAGE_TOOK;
	}
	read_reply(r->run->arena, r->lexicon, &q, r->text, &reading);
	if (reading.result != READ_VALUE) {
		if (!is_none(r)) {
			return TRIAGE_UNREAD;
		}
		set(r, 0, TRIAGE_NO);
	} else if (reading.value.type == VALUE_NULL) {
		set(r, 0, TRIAGE_UNSURE);
	} else {
		set(r, 0, reading.value.number != 0 ? TRIAGE_YES : TRIAGE_NO);
	}
	return TRIAGE_TOOK;
}

static enum triage_took take_temperature(const struct reply *r)
{
	const struct triage_row *row = r->next->rows[0];

	for (size_t i = 0; i < r->count; i++) {
		char copy[16], *p;
		double c;

		if (strlen(r->words[i].text) >= sizeof copy) {
			continue;
		}
		memcpy(copy, r->words[i].text, strlen(r->words[i].text) + 1);
		for (p = copy; *p; p++) {
			*p = *p == ',' ? '.' : *p;
		}
		c = strtod(copy, &p);
		/* Nobody has more than 45 C or less than 90 F. */
		c = c >= 90 ? (c - 32) / 1.8 : c;
		if (p > copy && c >= 30 && c <= 45) {
			c = (double)(long)(c * 10 + 0.5) / 10;
			triage_set(r->run, row->id, TRIAGE_VALUE, value_number(c));
			return TRIAGE_TOOK;
		}
	}
	return TRIAGE_UNREAD;
}

static enum triage_took take_value(const struct reply *r)
{
	const struct triage_row *row = r->next->rows[0];
	struct read_question q = {
		.type = row->kind == TRIAGE_CHOICE    ? READ_CHOICE
			: row->kind == TRIAGE_CHOICES ? READ_CHOICES
			: row->max <= 10              ? READ_SCALE
						      : READ_NUMBER,
		.min = row->min,
		.max = row->max,
		.options = row->options,
		.option_count = row->option_count,
		.in_answer = true,
	};
	struct reading reading;

	read_reply(r->run->arena, r->lexicon, &q, r->text, &reading);
	if (reading.result == READ_VALUE && reading.value.type != VALUE_NULL) {
		triage_set(r->run, row->id, TRIAGE_VALUE, reading.value);
		return TRIAGE_TOOK;
	}
	/* Of two readings of a number the worse one counts. */
	if (reading.result == READ_ASK && row->kind == TRIAGE_NUMBER && !row->is_fact) {
		struct value worst = reading.guess[0];

		for (size_t i = 1; i < reading.guess_count; i++) {
			worst = reading.guess[i].number > worst.number ? reading.guess[i] : worst;
		}
		triage_set(r->run, row->id, TRIAGE_VALUE, worst);
		return TRIAGE_TOOK;
	}
	if (is_any(r, words_of(r)->unsure) || reading.result == READ_VALUE) {
		set(r, 0, TRIAGE_DOUBT);
		return TRIAGE_TOOK;
	}
	return TRIAGE_UNREAD;
}

/* A letter picks an option of a choice as well. */
static bool take_option_letters(const struct reply *r)
{
	const struct triage_row *row = r->next->rows[0];
	const char *ids = "";

	for (size_t i = 0; i < row->option_count; i++) {
		if (strcmp(r->text, row->options[i].id) == 0) { /* a button */
			triage_set(r->run, row->id, TRIAGE_VALUE, value_text(r->text));
			return true;
		}
	}

	if (r->count == 0 || (row->kind == TRIAGE_CHOICE && r->count != 1)) {
		return false;
	}
	for (size_t i = 0; i < r->count; i++) {
		const char *w = r->words[i].text;
		size_t option = (size_t)(w[0] - 'a');

		if (is_listed(w, words_of(r)->joiners)) {
			continue;
		}
		if (w[1] != '\0' || w[0] < 'a' || option >= row->option_count) {
			return false;
		}
		ids = arena_printf(
			r->run->arena, "%s%s%s", ids, *ids ? " " : "", row->options[option].id);
	}
	if (!*ids) {
		return false;
	}
	triage_set(r->run, row->id, TRIAGE_VALUE, value_text(ids));
	return true;
}

static enum triage_took take_row(const struct reply *r)
{
	const struct triage_row *row = r->next->rows[0];

	if (row->can_skip && is_phrase(r, words_of(r)->skip)) {
		set(r, 0, TRIAGE_SKIPPED);
		return TRIAGE_TOOK;
	}
	switch (row->kind) {
	case TRIAGE_YESNO:
		return take_yesno(r);
	case TRIAGE_TEMPERATURE:
		return take_temperature(r);
	case TRIAGE_CHOICE:
	case TRIAGE_CHOICES:
		if (take_option_letters(r)) {
			return TRIAGE_TOOK;
		}
		if (row->kind == TRIAGE_CHOICES && is_none(r)) {
			triage_set(r->run, row->id, TRIAGE_VALUE, value_text(""));
			return TRIAGE_TOOK;
		}
		/* The list has letters: "5" is not the fifth of it. */
		return row->kind == TRIAGE_CHOICES && strpbrk(r->text, "0123456789")
			       ? TRIAGE_UNREAD
			       : take_value(r);
	case TRIAGE_NUMBER:
		return take_value(r);
	}
	return TRIAGE_UNREAD;
}

/* ---- a lettered list ---- */

/* What a reply says about each row of the list. */
struct letters {
	enum triage_answer answer[TRIAGE_PART_ROWS];
};

static bool is_negation(const char *word)
{
	static const char *const words[] = {"no", "not", "none", "never", "except", "but", "apart",
		"without", "dont", "isnt", "nothing", "cant", NULL};

	return is_listed(word, words);
}

/* Letters written together: "ac", "BD". */
static bool is_letter_group(const struct reply *r, const char *word)
{
	size_t n = strlen(word);

	if (n < 2 || n > r->next->row_count || is_listed(word, words_of(r)->words)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (word[i] < 'a' || (size_t)(word[i] - 'a') >= r->next->row_count ||
			(i > 0 && word[i] <= word[i - 1])) {
			return false;
		}
	}
	return true;
}

static bool is_letter(const struct reply *r, const char *word)
{
	return word[0] >= 'a' && (size_t)(word[0] - 'a') < r->next->row_count && word[1] == '\0';
}

static void mark(struct letters *l, size_t row, enum triage_answer answer)
{
	l->answer[row] = answer;
}

/* "not sure", "maybe" and the like at this word: how many words, or 0. */
static size_t doubt_at(const struct reply *r, size_t at)
{
	static const char *const single[] = {
		"maybe", "perhaps", "unsure", "possibly", "probably", "might", NULL};

	if (is_listed(r->words[at].text, single)) {
		return 1;
	}
	if (at + 1 < r->count && strcmp(r->words[at].text, "not") == 0 &&
		(strcmp(r->words[at + 1].text, "sure") == 0 ||
			strcmp(r->words[at + 1].text, "certain") == 0)) {
		return at + 2 < r->count && strcmp(r->words[at + 2].text, "about") == 0 ? 3 : 2;
	}
	return 0;
}

/* Reads "a: yes, b: no", "a, maybe c", "b? and d". False when a word is neither letter nor joiner
 * nor doubt: then the letters may be words ("a bit", "I think"). */
static bool read_letters(const struct reply *r, struct letters *l)
{
	bool is_doubt = false, is_skip = false;
	size_t last = SIZE_MAX;

	for (size_t i = 0; i < r->count; i++) {
		const char *w = r->words[i].text;
		size_t doubt = doubt_at(r, i);

		if (doubt > 0) {
			if (last != SIZE_MAX && i + doubt == r->count) {
				mark(l, last, TRIAGE_UNSURE);
			}
			is_doubt = true;
			i += doubt - 1;
		} else if (is_listed(w, words_of(r)->skip)) {
			is_skip = true;
		} else if (is_letter(r, w) || is_letter_group(r, w)) {
			for (const char *p = w; *p; p++) {
				last = (size_t)(*p - 'a');
				mark(l, last,
					is_skip && r->next->rows[last]->can_skip ? TRIAGE_SKIPPED
					: is_doubt || r->words[i].is_doubt       ? TRIAGE_UNSURE
										 : TRIAGE_YES);
			}
		} else if (last != SIZE_MAX && (strcmp(w, "no") == 0 || strcmp(w, "n") == 0)) {
			mark(l, last, TRIAGE_NO);
		} else if (!is_listed(w, words_of(r)->joiners) && strcmp(w, "y") != 0) {
			return false;
		}
	}
	return last != SIZE_MAX;
}

/* Letters from b on stand out in a sentence; "a" and "i" are words there. */
static bool read_loose_letters(const struct reply *r, struct letters *l)
{
	bool is_found = false;

	for (size_t i = 0; i < r->count; i++) {
		const char *w = r->words[i].text;

		if (is_negation(w)) {
			return false;
		}
		if (is_letter(r, w) && *w != 'a' && *w != 'i') {
			mark(l, (size_t)(*w - 'a'), TRIAGE_YES);
			is_found = true;
		}
	}
	return is_found;
}

/* The words of the rows: positive only, and never when something is denied. */
static bool read_cues(const struct reply *r, struct letters *l)
{
	bool is_found = false;

	for (size_t i = 0; i < r->count; i++) {
		if (is_negation(r->words[i].text)) {
			return false;
		}
	}
	for (size_t i = 0; i < r->next->row_count; i++) {
		const struct triage_row *row = r->next->rows[i];

		if (row->cues && read_has_cue(r->run->arena, r->lexicon, r->text, row->cues)) {
			mark(l, i, TRIAGE_YES);
			is_found = true;
		}
	}
	return is_found;
}

static void apply(const struct reply *r, const struct letters *l)
{
	struct triage_next next = *r->next;
	bool has_yes = false;

	for (size_t i = 0; i < next.row_count; i++) {
		has_yes |= l->answer[i] == TRIAGE_YES || l->answer[i] == TRIAGE_UNSURE;
	}
	for (size_t i = 0; i < next.row_count; i++) {
		enum triage_answer a = l->answer[i];

		/* Naming letters says that the others are not there; "b: no" alone or "skip c" says
		 * nothing about them. */
		if (a == TRIAGE_UNASKED && has_yes) {
			a = TRIAGE_NO;
		}
		if (a != TRIAGE_UNASKED) {
			triage_set(r->run, next.rows[i]->id, a, value_null());
		}
	}
}

static void apply_all(const struct reply *r, enum triage_answer answer)
{
	for (size_t i = 0; i < r->next->row_count; i++) {
		set(r, i, answer);
	}
}

static bool can_skip_all(const struct triage_next *next)
{
	for (size_t i = 0; i < next->row_count; i++) {
		if (!next->rows[i]->can_skip) {
			return false;
		}
	}
	return true;
}

static enum triage_took take_list(const struct reply *r)
{
	struct letters letters = {0}, loose = {0}, cues = {0};

	if (read_letters(r, &letters)) {
		apply(r, &letters);
	} else if (is_none(r)) {
		apply_all(r, TRIAGE_NO);
	} else if (is_any(r, words_of(r)->unsure)) {
		apply_all(r, TRIAGE_UNSURE);
	} else if (is_any(r, words_of(r)->all)) {
		apply_all(r, TRIAGE_YES);
	} else if (is_any(r, words_of(r)->skip) && can_skip_all(r->next)) {
		apply_all(r, TRIAGE_SKIPPED);
	} else if (read_loose_letters(r, &loose)) {
		apply(r, &loose);
	} else if (read_cues(r, &cues)) {
		apply(r, &cues);
	} else {
		return TRIAGE_UNREAD;
	}
	return TRIAGE_TOOK;
}

/* Only a clear yes says that a sign is long known and examined. */
static enum triage_took take_settled(const struct reply *r)
{
	struct read_question q = {.type = READ_YESNO, .in_answer = true};
	struct reading reading;

	read_reply(r->run->arena, r->lexicon, &q, r->text, &reading);
	if (reading.result != READ_VALUE) {
		return TRIAGE_UNREAD;
	}
	triage_settle(r->run, reading.value.type == VALUE_NUMBER && reading.value.number != 0);
	return TRIAGE_TOOK;
}

enum triage_took triage_reply(
	struct triage_run *run, const struct lexicon *lexicon, const char *text)
{
	struct triage_next next;
	struct reply r = {.run = run, .lexicon = lexicon, .next = &next, .text = text};

	triage_next(run, &next);
	r.count = alarm_words(run->arena, text, r.words, WORDS_MAX);
	if (r.count == 0 || next.ask == TRIAGE_RESULT) {
		return TRIAGE_UNREAD;
	}
	if (is_phrase(&r, words_of(&r)->single)) {
		triage_one_by_one(run);
		return TRIAGE_TOOK;
	}
	switch (next.ask) {
	case TRIAGE_ASK_PART:
		return take_list(&r);
	case TRIAGE_ASK_SETTLED:
		return take_settled(&r);
	default:
		return take_row(&r);
	}
}
