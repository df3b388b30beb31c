/* Helpers on top of libunistring. The distance is the one with swaps of neighbours ("fuor" is one
 * away from "four"), because that is how sleepy thumbs type. */
#include "base/text.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

enum { WORD_MAX = 48 };

bool text_is_utf8(const char *text, size_t len)
{
	return !memchr(text, '\0', len) && !u8_check((const uint8_t *)text, len);
}

char *text_trim(struct arena *arena, const char *text)
{
	const uint8_t *p = (const uint8_t *)text, *begin = NULL, *end = NULL;
	ucs4_t c;

	for (const uint8_t *next; (next = u8_next(&c, p)); p = next) {
		if (!uc_is_property_white_space(c)) {
			begin = begin ? begin : p;
			end = next;
		}
	}
	return begin ? arena_strndup(arena, (const char *)begin, (size_t)(end - begin))
		     : arena_strdup(arena, "");
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t text_word_count(const char *text)
{
	size_t n = 0;

	for (const char *p = text; *p; p++) {
		n += !is_space(*p) && (p == text || is_space(p[-1]));
	}
	return n;
}

bool text_has_id(const char *list, const char *id)
{
	size_t len = strlen(id);

	for (const char *p = list; p && len && (p = strstr(p, id)); p += len) {
		if ((p == list || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' ')) {
			return true;
		}
	}
	return false;
}

/* Characters of a word; WORD_MAX + 1 when there are more. */
static size_t decode(const char *word, ucs4_t out[WORD_MAX])
{
	const uint8_t *p = (const uint8_t *)word;
	size_t n = 0;
	ucs4_t c;

	while ((p = u8_next(&c, p))) {
		if (n == WORD_MAX) {
			return WORD_MAX + 1;
		}
		out[n++] = c;
	}
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t text_distance(const char *a, const char *b, size_t max)
{
	ucs4_t x[WORD_MAX], y[WORD_MAX];
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t xn = decode(a, x), yn = decode(b, y);

	if (xn > WORD_MAX || yn > WORD_MAX || xn > yn + max || yn > xn + max) {
		return max + 1;
	}
	for (size_t j = 0; j <= yn; j++) {
		above[j] = j;
	}
	for (size_t i = 1; i <= xn; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= yn; j++) {
			row[j] = least(least(row[j - 1], above[j]) + 1,
				above[j - 1] + (x[i - 1] != y[j - 1]));
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
				row[j] = least(row[j], before[j - 2] + 1);
			}
		}
		before = above;
		above = row;
		row = spare;
	}
	return least(above[yn], max + 1);
}
