/* Matching phrases against a message. Words are looked up once; a phrase then compares numbers.
 * Fillers ("my", "really") may stand between the words of a phrase, a gap spans up to four others;
 * neither leaves the sentence. */
#include "flow/alarm_table.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { GAP_WORDS = 4, GAP_ALL = 8, FILLERS = 3, FUZZY_FROM = 6 };

/* ---- looking words up ---- */

size_t alarm_word_find(const struct alarm_table *t, const char *text)
{
	size_t low = 0, high = t->word_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(t->words[mid].text, text);

		if (c == 0) {
			return mid;
		}
		if (c < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return SIZE_MAX;
}

static void add_id(struct alarm_token *token, const struct alarm_table *t, size_t id)
{
	if (id != SIZE_MAX && token->count < ALARM_IDS_MAX) {
		token->ids[token->count++] = (uint16_t)id;
		token->is_filler |= t->words[id].is_filler;
		token->is_sign |= t->words[id].is_sign;
		if (t->words[id].number >= 0) {
			token->number = t->words[id].number;
		}
	}
}

/* Words of 6 letters and more with one edit. */
static void add_similar(struct alarm_token *token, const struct alarm_table *t)
{
	const char *text = token->word.text;
	size_t len = strlen(text);

	if (len + 1 < FUZZY_FROM) {
		return;
	}
	for (size_t i = 0; i < t->word_count; i++) {
		const struct alarm_vocabulary_word *w = &t->words[i];

		if (w->len >= FUZZY_FROM && !w->is_ordinary && w->len + 1 >= len &&
			w->len <= len + 1 &&
			(w->text[0] == text[0] || w->text[1] == text[1] || w->text[1] == text[0]) &&
			text_distance(text, w->text, 1) <= 1) {
			add_id(token, t, i);
		}
	}
}

static double read_number(const char *text)
{
	char copy[16], *end;
	size_t len = strlen(text);
	double number;

	if (len >= sizeof copy || text[0] < '0' || text[0] > '9') {
		return -1;
	}
	memcpy(copy, text, len + 1);
	for (char *p = copy; *p; p++) {
		*p = *p == ',' ? '.' : *p;
	}
	number = strtod(copy, &end);
	/* "38c", "38.5f": the unit may stick to it */
	return *end && strcmp(end, "c") != 0 && strcmp(end, "f") != 0 ? -1 : number;
}

static void look_up(
	const struct alarm_table *t, const struct alarm_word *word, struct alarm_token *token)
{
	*token = (struct alarm_token){.word = *word, .number = read_number(word->text)};
	add_id(token, t, alarm_word_find(t, word->text));
	if (word->single && token->count == 0) {
		add_id(token, t, alarm_word_find(t, word->single));
	}
	if (token->count == 0) {
		add_similar(token, t);
	}
}

void alarm_text_read(
	struct arena *arena, const struct alarm_table *t, const char *text, struct alarm_text *out)
{
	struct alarm_word *words = arena_alloc(arena, ALARM_WORDS_MAX * sizeof *words);

	*out = (struct alarm_text){.table = t};
	out->count = alarm_words(arena, text, words, ALARM_WORDS_MAX);
	out->tokens = arena_alloc(arena, (out->count + 1) * sizeof *out->tokens);
	for (size_t i = 0; i < out->count; i++) {
		look_up(t, &words[i], &out->tokens[i]);
	}
}

/* ---- matching ---- */

static size_t match_from(
	const struct alarm_text *, const struct alarm_phrase *, size_t element, size_t at);

static bool can_begin(const struct alarm_set *set, const struct alarm_token *token)
{
	for (size_t i = 0; i < token->count; i++) {
		if (set->first[token->ids[i] / 8] & (1 << token->ids[i] % 8)) {
			return true;
		}
	}
	return false;
}

static bool is_word(const struct alarm_element *e, const struct alarm_token *token)
{
	for (size_t i = 0; i < e->count; i++) {
		for (size_t k = 0; k < token->count; k++) {
			if (e->ids[i] == token->ids[k]) {
				return true;
			}
		}
	}
	return false;
}

/* The rest of the phrase after this element at this very word; its end, or 0. */
static size_t match_here(
	const struct alarm_text *text, const struct alarm_phrase *phrase, size_t element, size_t at)
{
	const struct alarm_element *e = &phrase->elements[element];
	const struct alarm_token *token = &text->tokens[at];
	const struct alarm_set *set;

	if (at >= text->count || token->cut & text->cut) {
		return 0;
	}
	switch (e->kind) {
	case ALARM_WORD:
		return is_word(e, token) ? match_from(text, phrase, element + 1, at + 1) : 0;
	case ALARM_NUMBER:
		return token->number >= e->min && token->number <= e->max
			       ? match_from(text, phrase, element + 1, at + 1)
			       : 0;
	case ALARM_SET:
		set = &text->table->sets[e->set];
		for (size_t i = 0; can_begin(set, token) && i < set->phrases.count; i++) {
			size_t end = match_from(text, &set->phrases.items[i], 0, at);

			end = end ? match_from(text, phrase, element + 1, end) : 0;
			if (end) {
				return end;
			}
		}
		return 0;
	case ALARM_GAP:
		break;
	}
	return 0;
}

static size_t match_gap(
	const struct alarm_text *text, const struct alarm_phrase *phrase, size_t element, size_t at)
{
	int words = 0;

	for (size_t k = at; k < text->count && k <= at + GAP_ALL && words <= GAP_WORDS; k++) {
		size_t end;

		if (k > 0 && text->tokens[k].word.before == ALARM_BREAK_END) {
			return 0;
		}
		end = match_here(text, phrase, element, k);
		if (end) {
			return end;
		}
		words += !text->tokens[k].is_filler;
	}
	return 0;
}

static size_t match_from(
	const struct alarm_text *text, const struct alarm_phrase *phrase, size_t element, size_t at)
{
	const struct alarm_element *e = &phrase->elements[element];
	size_t end = 0;

	if (element == phrase->count) {
		return at;
	}
	if (e->kind == ALARM_GAP) {
		return match_gap(text, phrase, element + 1, at);
	}
	for (int skipped = 0; at < text->count && !end && skipped <= FILLERS; skipped++, at++) {
		if (element > 0 && text->tokens[at].word.before == ALARM_BREAK_END) {
			break;
		}
		end = match_here(text, phrase, element, at);
		if (!end && e->is_optional) {
			end = match_from(text, phrase, element + 1, at);
		}
		if (element == 0 || text->is_strict || !text->tokens[at].is_filler) {
			break;
		}
	}
	/* An optional last word may be missing at the very end. */
	if (!end && e->is_optional && element + 1 == phrase->count) {
		end = at;
	}
	return end;
}

size_t alarm_match(const struct alarm_text *text, const struct alarm_phrase *phrase, size_t at)
{
	return phrase->count > 0 && at < text->count ? match_from(text, phrase, 0, at) : 0;
}

size_t alarm_match_any(const struct alarm_text *text, const struct alarm_phrases *list, size_t at)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t end = alarm_match(text, &list->items[i], at);

		if (end) {
			return end;
		}
	}
	return 0;
}

bool alarm_has(
	const struct alarm_text *text, const struct alarm_phrases *list, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++) {
		size_t end = alarm_match_any(text, list, at);

		if (end && end <= to) {
			return true;
		}
	}
	return false;
}
