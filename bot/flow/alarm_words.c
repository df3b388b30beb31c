/* Words of a message for the search of alarm words: compatible forms, case and accents of typing
 * are folded by libunistring, apostrophes vanish ("can't" and "cant" are one), numbers stay whole
 * ("38,5", "10/10"). */
#include "flow/alarm_words.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

struct cutter {
	struct arena *arena;
	struct alarm_word *out;
	size_t count, max;
	struct buf word;
	enum alarm_break pending;
	int dots;
};

static bool is_apostrophe(ucs4_t c)
{
	return c == '\'' || c == '`' || c == 0xb4 || c == 0x2018 || c == 0x2019 || c == 0x201b ||
	       c == 0x2032 || c == 0xff07;
}

static bool is_invisible(ucs4_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff ||
	       (c >= 0xfe00 && c <= 0xfe0f);
}

/* A copy with runs of equal letters cut to keep; the word itself when there is none so long. */
static const char *cut_runs(struct arena *arena, const char *word, size_t keep)
{
	char *copy = arena_strdup(arena, word), *to = copy;
	size_t run = 0;

	for (const char *p = word; *p; p++) {
		run = p > word && p[-1] == *p ? run + 1 : 1;
		if (run <= keep) {
			*to++ = *p;
		}
	}
	*to = '\0';
	return copy;
}

static void end_word(struct cutter *c)
{
	struct alarm_word *w;
	const char *text;

	if (c->word.len == 0 || c->count == c->max) {
		buf_clear(&c->word);
		return;
	}
	text = arena_strdup(c->arena, buf_text(&c->word));
	w = &c->out[c->count++];
	*w = (struct alarm_word){.text = text, .before = c->pending};
	/* Digits keep their runs: 1000 is not 100. */
	if (strspn(text, "0123456789.,/") != strlen(text)) {
		w->text = cut_runs(c->arena, text, 2);
		w->single = cut_runs(c->arena, text, 1);
	}
	c->pending = ALARM_BREAK_NONE;
	c->dots = 0;
	buf_clear(&c->word);
}

/* Between two digits a dot, comma or slash belongs to the number. */
static bool is_inside_number(const struct cutter *c, ucs4_t mark, const uint8_t *next, size_t left)
{
	return (mark == '.' || mark == ',' || mark == '/') && c->word.len > 0 && left > 0 &&
	       *next >= '0' && *next <= '9' && c->word.data[c->word.len - 1] >= '0' &&
	       c->word.data[c->word.len - 1] <= '9';
}

static void take_mark(struct cutter *c, ucs4_t mark)
{
	enum alarm_break b = ALARM_BREAK_NONE;

	end_word(c);
	if (mark == '.') {
		/* "numb... between my legs" is one sentence. */
		b = ++c->dots > 1 ? ALARM_BREAK_COMMA : ALARM_BREAK_END;
		c->pending = b;
		return;
	}
	if (mark == '!' || mark == '?' || mark == ';' || mark == '\n' || mark == 0x3002) {
		b = ALARM_BREAK_END;
	} else if (mark == ',' || mark == ':' || mark == '(' || mark == ')' || mark == 0x2026 ||
		   mark == 0x2013 || mark == 0x2014) {
		b = ALARM_BREAK_COMMA;
	}
	if (mark == '?' && c->count > 0) {
		c->out[c->count - 1].is_doubt = true;
	}
	c->pending = b > c->pending ? b : c->pending;
}

static void cut(struct cutter *c, const uint8_t *p, size_t len)
{
	while (len > 0) {
		ucs4_t ch;
		int n = u8_mbtoucr(&ch, p, len);
		const uint8_t *at = p;

		if (n <= 0) {
			n = 1;
			ch = ' ';
		}
		p += n;
		len -= (size_t)n;
		if (is_invisible(ch) || (is_apostrophe(ch) && c->word.len > 0)) {
			continue;
		}
		if (uc_is_alnum(ch) || uc_is_general_category(ch, UC_MARK) ||
			is_inside_number(c, ch, p, len)) {
			buf_add(&c->word, at, (size_t)n);
		} else {
			take_mark(c, ch);
		}
	}
	end_word(c);
}

/* The lone acute accent, typed as an apostrophe, would fall apart when folded. */
static const char *plain_accents(struct arena *arena, const char *text)
{
	char *copy, *at;

	if (!strstr(text, "\xc2\xb4")) {
		return text;
	}
	copy = arena_strdup(arena, text);
	while ((at = strstr(copy, "\xc2\xb4"))) {
		*at = '\'';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	return copy;
}

size_t alarm_words(struct arena *arena, const char *text, struct alarm_word *out, size_t max)
{
	struct cutter c = {.arena = arena, .out = out, .max = max};
	size_t len, folded_len;
	uint8_t *folded;

	text = plain_accents(arena, text);
	len = strlen(text);
	folded = u8_casefold((const uint8_t *)text, len, NULL, UNINORM_NFKC, NULL, &folded_len);

	/* Not UTF-8 as a whole: read what can be read. */
	cut(&c, folded ? folded : (const uint8_t *)text, folded ? folded_len : len);
	free(folded);
	buf_finish(&c.word);
	return c.count;
}
