/* Two passes: the text is folded into plain characters first, so that all spellings of one reply
 * become one; the second pass cuts words. Nothing here knows a language. */
#include "flow/words.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* ---- folding ---- */

/* Characters that several keyboards write for one that we read; 0 drops them. */
static const struct {
	ucs4_t from, to;
} look_alikes[] = {
	{0x00ad, 0},
	{0x200b, 0},
	{0x200c, 0},
	{0x200d, 0},
	{0x2060, 0},
	{0xfeff, 0},
	{0x20e3, 0},
	{0xfe0e, 0},
	{0xfe0f, 0},
	{0x0131, 'i'},
	{0x2018, '\''},
	{0x2019, '\''},
	{0x02bc, '\''},
	{0x00b4, '\''},
	{'`', '\''},
	{0x2032, '\''},
	{0x2010, '-'},
	{0x2011, '-'},
	{0x2012, '-'},
	{0x2013, '-'},
	{0x2212, '-'},
	{0x2014, 0x2014},
	{0x2015, 0x2014},
	{0x066b, '.'},
	{0x3002, '.'},
	{0x066c, ','},
	{0x060c, ','},
	{0x3001, ','},
	{0x066a, '%'},
	{0x2215, '/'},
	{0x223c, '~'},
	{0x2248, '~'},
	{0x301c, '~'},
	{0x2264, '<'},
	{0x2265, '>'},
	{0x27a1, 0x2192},
	{0x21d2, 0x2192},
	{0x27f6, 0x2192},
	{0x00d7, 'x'},
	{0x061f, '?'},
	{0x061b, ';'},
};

static ucs4_t plain(ucs4_t c)
{
	for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++) {
		if (look_alikes[i].from == c) {
			return look_alikes[i].to;
		}
	}
	if (c >= 0x1f3fb && c <= 0x1f3ff) {
		return 0; /* skin tones */
	}
	if (c > 0x7f && uc_is_general_category(c, UC_DECIMAL_DIGIT_NUMBER)) {
		return (ucs4_t)('0' + uc_decimal_value(c));
	}
	return c;
}

/* Compatibility folding turns a half sign after a 6 into "61/2": keep such characters apart. */
static uint32_t *space_out(const char *text, size_t *len_out)
{
	size_t len = strlen(text), n = 0;
	uint32_t *out = mem_alloc(3 * len + 1, sizeof *out);
	const uint8_t *p = (const uint8_t *)text;
	ucs4_t c;

	while ((p = u8_next(&c, p))) {
		bool is_other = uc_is_general_category(c, UC_OTHER_NUMBER) || c == 0x1f51f;

		c = c == 0x2044 ? '/' : c; /* typed as such, it is no half sign */

		if (is_other) {
			out[n++] = ' ';
		}
		if (c == 0x1f51f) { /* the key cap ten */
			out[n++] = '1';
			c = '0';
		}
		out[n++] = c;
		if (is_other) {
			out[n++] = ' ';
		}
	}
	*len_out = n;
	return out;
}

static uint32_t *fold_any(const char *text)
{
	size_t len, n = 0;
	uint32_t *spaced = space_out(text, &len);
	uint32_t *bare = u32_casefold(spaced, len, NULL, UNINORM_NFKD, NULL, &len);
	uint32_t *folded;

	for (size_t i = 0; bare && i < len; i++) {
		ucs4_t c = plain(bare[i]);

		/* accents: nobody types them at six in the morning */
		if (c && !(c >= 0x300 && c <= 0x36f)) {
			bare[n++] = c;
		}
	}
	folded = bare ? u32_normalize(UNINORM_NFC, bare, n, NULL, &len) : NULL;
	free(spaced);
	free(bare);
	folded = mem_resize(folded, (folded ? len : 0) + 1, sizeof *folded);
	folded[len] = 0;
	return folded;
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80)) {
		text++;
	}
	return !*text;
}

/* Most of what people type needs none of Unicode's tables. */
static uint32_t *fold_ascii(const char *text)
{
	uint32_t *out = mem_alloc(strlen(text) + 1, sizeof *out);

	for (size_t i = 0; text[i]; i++) {
		char c = text[i];

		out[i] = (uint32_t)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c == '`' ? '\'' : c);
	}
	return out;
}

/* Folded characters, terminated by 0; the caller frees them. */
static uint32_t *fold(const char *text)
{
	if (is_ascii(text)) {
		return fold_ascii(text);
	}
	return fold_any(text);
}
/* ---- cutting ---- */

struct cutter {
	struct arena *arena;
	const uint32_t *start, *p;
	struct words *out;
	bool is_glued;
};

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
	if (c < 0x80) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}
	return uc_is_property_alphabetic(c) || uc_is_general_category(c, UC_MARK);
}

static bool is_one_of(uint32_t c, const char *set)
{
	return c && c < 0x80 && strchr(set, (int)c);
}

static char *utf8(struct arena *arena, const uint32_t *from, size_t n)
{
	char *text = arena_alloc(arena, n * 4 + 1);
	size_t len = n * 4;

	u32_to_u8(from, n, (uint8_t *)text, &len);
	return text;
}

static struct word *add(struct cutter *c, enum word_kind kind, const uint32_t *from, size_t n)
{
	struct word *w = &c->out->at[c->out->count++];

	w->kind = kind;
	w->text = utf8(c->arena, from, n);
	w->is_glued = c->is_glued && c->out->count > 1;
	c->is_glued = true;
	return w;
}

static const uint32_t *skip_digits(const uint32_t *p)
{
	while (is_digit(*p)) {
		p++;
	}
	return p;
}

/* "3.3.2026": digits joined by one and the same sign, twice or more. Its end, or NULL. */
static const uint32_t *chain_end(const uint32_t *p)
{
	uint32_t sign = *(p = skip_digits(p));
	size_t signs = 0;

	while (*p == sign && is_one_of(sign, ".-/:") && is_digit(p[1])) {
		p = skip_digits(p + 1);
		signs++;
	}
	return signs > 1 ? p : NULL;
}

/* Whether the sign at p makes one number of the digits around it ("6,5"; not in "4,5,6"). */
static bool is_decimal(const uint32_t *p)
{
	const uint32_t *after;

	if (!is_one_of(*p, ".,") || !is_digit(p[1])) {
		return false;
	}
	after = skip_digits(p + 1);
	return !(is_one_of(*after, ".,:") && is_digit(after[1]));
}

static const uint32_t *skip_ones(const uint32_t *p)
{
	const uint32_t *from = p;

	while (*p == '1') {
		p++;
	}
	return is_digit(*p) ? from : p;
}

static void cut_digits(struct cutter *c)
{
	const uint32_t *from = c->p, *end = chain_end(from), *sign;
	struct word *w;
	char *text;

	if (from > c->start && from[-1] == '!' && skip_ones(from) > from) {
		c->p = skip_ones(from); /* "6!!!1": the shift key came too late */
		return;
	}
	if (end) {
		add(c, WORD_CHAIN, from, (size_t)(end - from));
		c->p = end;
		return;
	}
	sign = end = skip_digits(from);
	if (is_decimal(sign)) {
		end = skip_digits(sign + 1);
	}
	w = add(c, WORD_DIGITS, from, (size_t)(end - from));
	text = utf8(c->arena, from, (size_t)(end - from));
	w->is_comma = *sign == ',' && end > sign;
	if (w->is_comma && end - sign == 4 && sign - from < 4 && *from != '0') {
		memmove(text + (sign - from), text + (sign - from) + 1, 4); /* 1,000 */
	} else if (w->is_comma) {
		text[sign - from] = '.';
	}
	w->number = strtod(text, NULL);
	w->text = text;
	c->p = end;
	if (*end == 0x2044 && is_digit(end[1]) && end == sign) {
		const uint32_t *under = end + 1;
		double below;

		c->p = skip_digits(under);
		below = strtod(utf8(c->arena, under, (size_t)(c->p - under)), NULL);
		w->number = below > 0 ? w->number / below : 0;
		w->is_fraction = true;
		w->text = utf8(c->arena, from, (size_t)(c->p - from));
	}
}

/* "l5" and what hangs on it: "l4/l5", "l5-s1", "l4/5". */
static const uint32_t *code_end(const uint32_t *p)
{
	p = skip_digits(p);
	while (is_one_of(*p, "/-")) {
		const uint32_t *q = p + 1;

		while (*q < 0x80 && is_letter(*q)) {
			q++;
		}
		if (!is_digit(*q) || q - p > 3) {
			break;
		}
		p = skip_digits(q);
	}
	return p;
}

static void cut_letters(struct cutter *c)
{
	const uint32_t *p = c->p, *from = c->p;
	bool is_ascii = true;
	bool follows_digit =
		c->is_glued && c->out->count && c->out->at[c->out->count - 1].kind == WORD_DIGITS;
	uint32_t *letters;
	size_t n = 0;

	while (is_letter(*p) || (*p == '\'' && is_letter(p[1]))) {
		is_ascii = is_ascii && *p < 0x80;
		p++;
	}
	/* "don't" is "dont": half of the people type it so anyway */
	letters = mem_alloc((size_t)(p - from), sizeof *letters);
	for (const uint32_t *q = from; q < p; q++) {
		if (*q != '\'') {
			letters[n++] = *q;
		}
	}
	if (is_digit(*p) && is_ascii && !follows_digit) {
		p = code_end(p);
		add(c, WORD_CODE, from, (size_t)(p - from));
	} else {
		add(c, WORD_LETTERS, letters, n);
	}
	free(letters);
	c->p = p;
}

/* Length of a smiley such as ":-(" at p, or 0. */
static size_t smiley(const uint32_t *p)
{
	size_t n = 1;

	if (!is_one_of(*p, ":;=")) {
		return 0;
	}
	n += is_one_of(p[n], "-'^");
	if (!is_one_of(p[n], "()/\\|dp*][oc")) {
		return 0;
	}
	n++;
	return p[n] && (is_letter(p[n]) || is_digit(p[n])) ? 0 : n;
}

static bool is_space(uint32_t c)
{
	return c < 0x80 ? c == ' ' || (c >= '\t' && c <= '\r') : uc_is_property_white_space(c);
}

static bool is_space_before(const struct cutter *c)
{
	return c->p == c->start || is_space(c->p[-1]);
}

/* ".5" and the fold of a half sign are numbers; other marks stand alone or say nothing. */
static void cut_mark(struct cutter *c)
{
	static const uint32_t zero[] = {'0'}, semicolon[] = {';'}, arrow[] = {0x2192},
			      dollar[] = {'$'};
	uint32_t mark = *c->p;
	size_t n = smiley(c->p);

	if (n) {
		c->p += n;
		c->is_glued = false;
		return;
	}
	if (mark == '.' && is_space_before(c) && is_digit(c->p[1])) {
		const uint32_t *end = skip_digits(c->p + 1);
		struct word *w = add(c, WORD_DIGITS, zero, 1);

		w->text = arena_printf(c->arena, "0%s", utf8(c->arena, c->p, (size_t)(end - c->p)));
		w->number = strtod(w->text, NULL);
		c->p = end;
		return;
	}
	if ((mark == '-' || mark == '=') && c->p[1] == '>') {
		add(c, WORD_MARK, arrow, 1);
		c->p += 2;
		return;
	}
	/* a hyphen inside a word or between a number and its word says nothing */
	if (mark == '-' && c->is_glued && c->p[1] && !(is_digit(c->p[-1]) && is_digit(c->p[1])) &&
		(is_letter(c->p[1]) || is_digit(c->p[1]))) {
		c->p++;
		c->is_glued = false;
		return;
	}
	if (mark == '\n') {
		bool goes_on = c->out->count && c->out->at[c->out->count - 1].text[0] == '/';

		if (!goes_on) {
			add(c, WORD_MARK, semicolon, 1);
		}
		c->is_glued = false;
	} else if (is_one_of(mark, ",;.!?():/-+<>~%&$#@") || mark == 0x2014 || mark == 0x2192) {
		add(c, WORD_MARK, c->p, 1);
	} else if (uc_is_general_category(mark, UC_CURRENCY_SYMBOL)) {
		add(c, WORD_MARK, dollar, 1);
	} else if (uc_is_general_category(mark, UC_SYMBOL) && mark > 0x7f) {
		add(c, WORD_SIGN, c->p, 1);
	} else {
		c->is_glued = false;
	}
	c->p++;
}

bool words_read(struct arena *arena, const char *text, struct words *out)
{
	struct cutter c = {.arena = arena, .out = out};
	size_t len = strlen(text), folded_len = 0;
	uint32_t *folded;

	*out = (struct words){0};
	if (len > WORDS_BYTES_MAX || !text_is_utf8(text, len)) {
		return false;
	}
	folded = fold(text);
	while (folded[folded_len]) {
		folded_len++;
	}
	out->at = arena_alloc(arena, (folded_len + 1) * sizeof *out->at);
	c.start = c.p = folded;
	while (*c.p) {
		if (is_digit(*c.p)) {
			cut_digits(&c);
		} else if (is_letter(*c.p)) {
			cut_letters(&c);
		} else if (*c.p != '\n' && is_space(*c.p)) {
			c.is_glued = false;
			c.p++;
		} else {
			cut_mark(&c);
		}
	}
	free(folded);
	return true;
}
