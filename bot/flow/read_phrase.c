/* Questions about a whole message: which clauses it has, whether it mentions a cue, whether it is
 * one of some phrases. */
#include "flow/read_parts.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum { CLAUSES_MAX = 12, INFLECTION_MAX = 4 };

static bool starts_alike(const char *a, const char *b)
{
	return a[0] == b[0] || (a[0] == b[1] && a[1] == b[0]);
}

/* ---- phrases ---- */

static bool is_same_word(const char *typed, const char *word)
{
	if (!strcmp(typed, word)) {
		return true;
	}
	return strlen(typed) >= 5 && strlen(word) >= 4 && starts_alike(typed, word) &&
	       text_distance(typed, word, 1) == 1;
}

/* Words that the phrase takes at i; 0: it does not stand here. */
static size_t phrase_at(const struct words *words, size_t i, const struct words *phrase)
{
	if (!phrase->count || i + phrase->count > words->count) {
		return 0;
	}
	for (size_t k = 0; k < phrase->count; k++) {
		if (!is_same_word(words->at[i + k].text, phrase->at[k].text)) {
			return 0;
		}
	}
	return phrase->count;
}

static bool is_rest_polite(const struct lexicon *lex, const struct words *words, size_t i)
{
	struct lex_set set = {.has = {[LEX_POLITE] = true}};

	while (i < words->count) {
		const struct word *w = &words->at[i];
		const struct lex_entry *entry = lexicon_find(lex, &set, w, words->count - i);

		if (!entry && w->kind != WORD_MARK && w->kind != WORD_SIGN) {
			return false;
		}
		i += entry ? entry->word_count : 1;
	}
	return true;
}

static bool is_phrase(
	const struct lexicon *lex, const struct words *words, const struct words *phrase)
{
	struct lex_set set = {.has = {[LEX_POLITE] = true}};
	size_t i = 0;

	while (i < words->count) {
		const struct word *w = &words->at[i];
		size_t used = phrase_at(words, i, phrase);
		const struct lex_entry *entry;

		if (used && is_rest_polite(lex, words, i + used)) {
			return true;
		}
		entry = lexicon_find(lex, &set, w, words->count - i);
		if (!entry && w->kind != WORD_MARK && w->kind != WORD_SIGN) {
			return false;
		}
		i += entry ? entry->word_count : 1;
	}
	return false;
}

struct read_words {
	struct words words;
	uint64_t begins; /* letters that a phrase may begin with to stand here at all */
};

static uint64_t letter_bit(char c)
{
	return c >= 'a' && c <= 'z' ? (uint64_t)1 << (c - 'a') : 0;
}

const struct read_words *read_words_cut(struct arena *arena, const char *text)
{
	struct read_words *w = arena_alloc(arena, sizeof *w);

	if (!words_read(arena, text, &w->words)) {
		return NULL;
	}
	/* the second letter as well: "eplh" is help */
	for (size_t i = 0; i < w->words.count; i++) {
		const char *word = w->words.at[i].text;

		w->begins |= letter_bit(word[0]) | (word[0] ? letter_bit(word[1]) : 0);
	}
	return w;
}

/* Cheap reasons why a phrase cannot be there, before it is cut into words itself. */
static bool is_out_of_question(const struct read_words *w, const char *phrase)
{
	uint64_t bit = letter_bit(phrase[0]);

	return (bit && !(w->begins & bit)) || text_word_count(phrase) > w->words.count;
}

bool read_words_are(struct arena *arena, const struct lexicon *lex, const struct read_words *w,
	const char *const *phrases)
{
	struct words phrase;

	for (; w && *phrases; phrases++) {
		if (!is_out_of_question(w, *phrases) && words_read(arena, *phrases, &phrase) &&
			is_phrase(lex, &w->words, &phrase)) {
			return true;
		}
	}
	return false;
}

bool read_is_phrase(struct arena *arena, const struct lexicon *lex, const char *text,
	const char *const *phrases)
{
	return read_words_are(arena, lex, read_words_cut(arena, text), phrases);
}

/* ---- cues ---- */

/* "stiff" and "stiffness", either way round; one typo in longer words. */
static bool is_form_of(const char *typed, const char *cue)
{
	size_t a = strlen(typed), b = strlen(cue), shorter = a < b ? a : b;

	if (!strcmp(typed, cue)) {
		return true;
	}
	if (shorter >= 4 && !strncmp(typed, cue, shorter) &&
		a + b - 2 * shorter <= INFLECTION_MAX) {
		return true;
	}
	return a >= 6 && b >= 5 && starts_alike(typed, cue) && text_distance(typed, cue, 1) == 1;
}

static bool has_cue(const struct words *words, const struct words *cue)
{
	for (size_t i = 0; cue->count && i + cue->count <= words->count; i++) {
		size_t k = 0;

		while (k < cue->count && is_form_of(words->at[i + k].text, cue->at[k].text)) {
			k++;
		}
		if (k == cue->count) {
			return true;
		}
	}
	return false;
}

bool read_has_cue(
	struct arena *arena, const struct lexicon *lex, const char *text, const char *const *cues)
{
	struct words words, cue;

	(void)lex;
	if (!words_read(arena, text, &words)) {
		return false;
	}
	for (; *cues; cues++) {
		if (words_read(arena, *cues, &cue) && has_cue(&words, &cue)) {
			return true;
		}
	}
	return false;
}

/* ---- clauses ---- */

struct clauses {
	struct arena *arena;
	const struct lexicon *lex;
	const char **list;
	size_t count;
};

static bool has_class(const struct clauses *c, const char *text, enum lex_class class)
{
	struct lex_set set = {0};
	struct words words;

	set.has[class] = true;
	if (!words_read(c->arena, text, &words)) {
		return false;
	}
	for (size_t i = 0; i < words.count; i++) {
		if (lexicon_find(c->lex, &set, words.at + i, words.count - i)) {
			return true;
		}
	}
	return false;
}

static bool has_number(const struct clauses *c, const char *text)
{
	return text[strcspn(text, "0123456789")] || has_class(c, text, LEX_NUMBERS);
}

static bool starts_with(const struct clauses *c, const char *text, enum lex_class class)
{
	struct lex_set set = {0};
	struct words words;

	set.has[class] = true;
	return words_read(c->arena, text, &words) && words.count &&
	       lexicon_find(c->lex, &set, words.at, words.count);
}

/* Pieces that only make sense together: "not 7, 4", "8 yesterday, 3 today", "6, no wait, 7". */
static bool belongs_to_last(const struct clauses *c, const char *last, const char *piece)
{
	bool is_contrast = has_class(c, last, LEX_NOT) || has_class(c, last, LEX_PAST) ||
			   has_class(c, last, LEX_WAS) || has_class(c, last, LEX_FROM);

	return (is_contrast && has_number(c, last) && has_number(c, piece)) ||
	       starts_with(c, piece, LEX_CORRECTIONS) ||
	       (starts_with(c, last, LEX_CORRECTIONS) && !has_number(c, last));
}

static void add_piece(struct clauses *c, const char *text, size_t len)
{
	const char *piece = text_trim(c->arena, arena_strndup(c->arena, text, len));

	if (!*piece) {
		return;
	}
	if (c->count &&
		(c->count == CLAUSES_MAX || belongs_to_last(c, c->list[c->count - 1], piece))) {
		c->list[c->count - 1] =
			arena_printf(c->arena, "%s, %s", c->list[c->count - 1], piece);
	} else {
		c->list[c->count++] = piece;
	}
}

/* Is there a mark at p that ends a piece? Not inside "6,5", "7.15" or "p.m.". Its length. */
static size_t end_mark(const char *start, const char *p)
{
	static const char *const wide[] = {
		"\xe2\x80\x94", "\xef\xbc\x8c", "\xe3\x80\x82", "\xe3\x80\x81", "\xd8\x8c"};

	if (strchr(";!?\n", *p)) {
		return 1;
	}
	if (strchr(",.", *p)) {
		bool is_inside =
			p > start && ((unsigned char)p[1] >= 0x80 || isalnum((unsigned char)p[1]));
		bool is_short = *p == '.' && p - start >= 2 && p[-2] == '.';

		return is_inside || is_short ? 0 : 1;
	}
	if (*p == '-' && p > start && p[-1] == ' ' && p[1] == ' ') {
		return 1;
	}
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
		if (!strncmp(p, wide[i], strlen(wide[i]))) {
			return strlen(wide[i]);
		}
	}
	return 0;
}

/* Length of a joining word at p ("and", "but") that starts another topic, or 0. */
static size_t end_word(const struct clauses *c, const char *start, const char *p)
{
	size_t len = strcspn(p, " ,;.!?\n");
	const char *word, *right;

	if (p == start || p[-1] != ' ' || !p[len] || len == 0 || len > 12) {
		return 0;
	}
	word = arena_strndup(c->arena, p, len);
	/* "stiff for 20 min", "6 after gardening": the word belongs to what follows */
	if (starts_with(c, word, LEX_BREAKS) && !starts_with(c, word, LEX_SAFE) &&
		!starts_with(c, word, LEX_FOR) && !starts_with(c, word, LEX_SINCE)) {
		return len;
	}
	if (!starts_with(c, word, LEX_AND) || p[len] != ' ') {
		return 0;
	}
	right = arena_strndup(c->arena, p + len, strcspn(p + len, ",;.!?\n"));
	if (has_class(c, arena_strndup(c->arena, start, (size_t)(p - start)), LEX_BETWEEN) ||
		starts_with(c, right, LEX_NUMBERS) || starts_with(c, right, LEX_FRACTIONS) ||
		(right[1] >= '0' && right[1] <= '9')) {
		return 0;
	}
	return has_number(c, right) || has_class(c, right, LEX_VAGUE) ? len : 0;
}

const char *const *read_clauses(struct arena *arena, const struct lexicon *lex, const char *text)
{
	struct clauses c = {.arena = arena, .lex = lex};
	const char *start = text, *p = text;

	c.list = arena_alloc(arena, (CLAUSES_MAX + 1) * sizeof *c.list);
	if (strlen(text) > WORDS_BYTES_MAX || !text_is_utf8(text, strlen(text))) {
		return c.list;
	}
	while (*p) {
		size_t n = end_mark(start, p);

		n = n ? n : end_word(&c, start, p);
		if (n) {
			add_piece(&c, start, (size_t)(p - start));
			start = p = p + n;
		} else {
			p++;
		}
	}
	add_piece(&c, start, (size_t)(p - start));
	return c.list;
}
