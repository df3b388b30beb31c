/* Typos, stretched letters and words run together, undone with the help of the lexicon: only it
 * knows what is a word. Real words that look like a typo are in its real_words section. */
#include "flow/lexicon.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MENDED_MAX = 80 };

/* "sooo" and "siiix": at most keep letters in a row. */
static char *shorten(struct arena *arena, const char *word, size_t keep)
{
	char *out = arena_strdup(arena, word);
	size_t n = 0, run = 0;

	for (const char *p = word; *p; p++) {
		run = p > word && *p == p[-1] ? run + 1 : 1;
		if (run <= keep || *p < 0) {
			out[n++] = *p;
		}
	}
	out[n] = '\0';
	return out;
}

/* Typists rarely miss the first letter; when they do, they swap it with the second. */
static bool starts_alike(const char *typed, const char *word)
{
	return typed[0] == word[0] || (typed[0] == word[1] && typed[1] == word[0]);
}

enum slip { SLIP_NONE, SLIP_SWAP, SLIP_LENGTH, SLIP_CHANGE, SLIP_FAR };

/* What kind of slip turns the word into what was typed. Swaps are the most likely ones; words of
 * three letters must keep their letters, long words may have two slips. */
static enum slip slip_of(const char *typed, const char *word)
{
	size_t len = strlen(word), typed_len = strlen(typed), max = len >= 8 ? 2 : 1, distance;

	if (!starts_alike(typed, word) || len < 3 || (len == 3 && typed_len != 3)) {
		return SLIP_FAR;
	}
	distance = text_distance(typed, word, max);
	if (distance > max || (typed_len == 3 && len != 3)) {
		return SLIP_FAR;
	}
	if (distance == 1 && typed_len == len) {
		size_t i = 0;

		while (typed[i] == word[i]) {
			i++;
		}
		if (typed[i] == word[i + 1] && typed[i + 1] == word[i]) {
			return SLIP_SWAP;
		}
		return len == 3 ? SLIP_FAR : SLIP_CHANGE;
	}
	return distance == 1 ? SLIP_LENGTH : SLIP_CHANGE;
}

/* The only word of the lexicon that a typo can stand for, or NULL. */
static const char *nearest(const struct lexicon *lex, const char *typed)
{
	enum slip best_slip = SLIP_FAR;
	const char *best = NULL, *word;

	for (size_t i = 0; (word = lexicon_vocable(lex, i)); i++) {
		enum slip slip = slip_of(typed, word);

		if (slip < best_slip) {
			best = word;
			best_slip = slip;
		} else if (slip == best_slip) {
			best = NULL; /* two words are as near: leave it alone */
		}
	}
	return best;
}

static void mend_word(struct arena *arena, const struct lexicon *lex, struct word *w)
{
	const char *better;

	for (size_t keep = 2; keep > 0; keep--) {
		better = shorten(arena, w->text, keep);
		if (strcmp(better, w->text) != 0 && lexicon_knows(lex, better)) {
			w->text = better;
			w->is_mended = true;
			return;
		}
	}
	better = nearest(lex, w->text);
	if (better) {
		w->text = better;
		w->is_mended = true;
	}
}

static bool has_sense(const struct lexicon *lex, const char *word, enum lex_class class)
{
	return lex_sense(lexicon_entry(lex, word), class) != NULL;
}

/* "sixish" is "six ish". */
static bool split_about(
	struct arena *arena, const struct lexicon *lex, const struct word *w, struct word out[2])
{
	size_t len = strlen(w->text);

	for (size_t i = 3; i + 3 <= len; i++) {
		char *number = arena_strndup(arena, w->text, i);

		if (has_sense(lex, w->text + i, LEX_ABOUT_AFTER) &&
			has_sense(lex, number, LEX_NUMBERS)) {
			out[0] = out[1] = *w;
			out[0].text = number;
			out[1].text = w->text + i;
			out[1].is_glued = true;
			return true;
		}
	}
	return false;
}

/* "pain6": letters that are a word, and digits alone. Single letters are vertebrae. */
static bool split_code(
	struct arena *arena, const struct lexicon *lex, const struct word *code, struct word out[2])
{
	size_t letters = strcspn(code->text, "0123456789");
	const char *digits = code->text + letters;
	char *word = arena_strndup(arena, code->text, letters);

	if (letters < 2 || digits[strspn(digits, "0123456789")] || !lexicon_knows(lex, word)) {
		return false;
	}
	out[0] = (struct word){.kind = WORD_LETTERS, .text = word, .is_glued = code->is_glued};
	out[1] = (struct word){.kind = WORD_DIGITS,
		.text = digits,
		.number = strtod(digits, NULL),
		.is_glued = true};
	return true;
}

void lexicon_mend(struct arena *arena, const struct lexicon *lex, struct words *words)
{
	struct word *out = arena_alloc(arena, (words->count * 2 + 1) * sizeof *out);
	size_t n = 0, mended = 0;

	for (size_t i = 0; i < words->count; i++) {
		struct word *w = &words->at[i];

		bool is_new = w->kind == WORD_LETTERS && !lexicon_knows(lex, w->text) &&
			      mended++ < MENDED_MAX;

		if ((w->kind == WORD_CODE && split_code(arena, lex, w, &out[n])) ||
			(is_new && split_about(arena, lex, w, &out[n]))) {
			n += 2;
			continue;
		}
		if (is_new) {
			mend_word(arena, lex, w);
		}
		out[n++] = *w;
	}
	words->at = out;
	words->count = n;
}
