/* From words to items: the longest phrase wins, number words are added up, and a number with its
 * unit of time becomes one duration. What an item means for an answer is not decided here. */
#include "flow/read_parts.h"

#include <math.h>
#include <string.h>

/* ---- numbers ---- */

struct number {
	double value;
	size_t used; /* words; 0: no number here */
	bool is_written, is_fraction;
};

struct source {
	const struct lexicon *lex;
	const struct word *at;
	size_t count;
};

static const struct lex_sense *sense_at(
	const struct source *s, size_t i, enum lex_class class, size_t *used)
{
	struct lex_set set = {0};
	const struct lex_entry *entry;

	if (i >= s->count) {
		return NULL;
	}
	set.has[class] = true;
	entry = lexicon_find(s->lex, &set, s->at + i, s->count - i);
	*used = entry ? entry->word_count : 0;
	return lex_sense(entry, class);
}

static bool is_class_at(const struct source *s, size_t i, enum lex_class class, size_t *used)
{
	return sense_at(s, i, class, used) != NULL;
}

/* "twenty five", "a hundred and twenty", "six". */
static struct number written_integer(const struct source *s, size_t i)
{
	struct number n = {.is_written = true};
	const struct lex_sense *sense, *next;
	size_t used, more;

	sense = sense_at(s, i, LEX_NUMBERS, &used);
	if (sense) {
		n.value = sense->value;
		n.used = used;
		next = sense_at(s, i + used, LEX_NUMBERS, &more);
		if (next && n.value >= 20 && n.value < 100 && next->value > 0 && next->value < 10) {
			n.value += next->value;
			n.used += more;
		}
	}
	sense = sense_at(s, i + n.used, LEX_MULTIPLIERS, &used);
	if (sense) {
		n.value = (n.used ? n.value : 1) * sense->value;
		n.used += used;
		more = 0;
		is_class_at(s, i + n.used, LEX_AND, &more);
		next = sense_at(s, i + n.used + more, LEX_NUMBERS, &used);
		if (next && next->value < sense->value) {
			struct number rest = written_integer(s, i + n.used + more);

			n.value += rest.value;
			n.used += more + rest.used;
		}
	}
	return n;
}

/* The half of "six and a half", "6 1/2", "6 and a half". */
static void add_fraction(const struct source *s, size_t i, struct number *n)
{
	size_t at = i + n->used, and_used = 0, used;
	const struct word *w = s->at + at;
	const struct lex_sense *fraction;

	if (n->value != floor(n->value)) {
		return;
	}
	if (at < s->count && w->kind == WORD_DIGITS && w->is_fraction) {
		n->value += w->number;
		n->used++;
		return;
	}
	if (at + 2 < s->count && w->kind == WORD_DIGITS && !w->is_glued && w->number == 1 &&
		w[1].text[0] == '/' && w[2].kind == WORD_DIGITS &&
		(w[2].number == 2 || w[2].number == 4)) {
		n->value += 1 / w[2].number;
		n->used += 3;
		return;
	}
	is_class_at(s, at, LEX_AND, &and_used);
	fraction = sense_at(s, at + and_used, LEX_FRACTIONS, &used);
	if (and_used && fraction) {
		n->value += fraction->value;
		n->used += and_used + used;
	}
}

/* "six point five" */
static void add_decimal(const struct source *s, size_t i, struct number *n)
{
	size_t point, used;
	const struct lex_sense *digit;

	if (!is_class_at(s, i + n->used, LEX_POINT, &point)) {
		return;
	}
	digit = sense_at(s, i + n->used + point, LEX_NUMBERS, &used);
	if (digit && digit->value < 10) {
		n->value += digit->value / 10;
		n->used += point + used;
	} else if (i + n->used + point < s->count &&
		   s->at[i + n->used + point].kind == WORD_DIGITS &&
		   s->at[i + n->used + point].number < 10) {
		n->value += s->at[i + n->used + point].number / 10;
		n->used += point + 1;
	}
}

/* "1/2 hour", "3/4 h" */
static bool is_half_hour(const struct source *s, size_t i)
{
	const struct word *w = s->at + i;
	size_t used;

	return i + 3 < s->count && w->kind == WORD_DIGITS && w[1].text[0] == '/' &&
	       w[2].kind == WORD_DIGITS && w->number < w[2].number &&
	       (w[2].number == 2 || w[2].number == 4) && w[1].is_glued && w[2].is_glued &&
	       is_class_at(s, i + 3, LEX_UNITS, &used);
}

static struct number number_at(const struct source *s, size_t i)
{
	const struct word *w = s->at + i;
	struct number n = {0};
	size_t used;

	if (is_half_hour(s, i)) {
		n = (struct number){w->number / w[2].number, 3, false, true};
	} else if (w->kind == WORD_DIGITS) {
		n = (struct number){w->number, 1, false, w->is_fraction};
	} else {
		const struct lex_sense *fraction = sense_at(s, i, LEX_FRACTIONS, &used);

		if (fraction) {
			return (struct number){fraction->value, used, true, true};
		}
		n = written_integer(s, i);
	}
	if (n.used && !n.is_fraction) {
		add_decimal(s, i, &n);
		add_fraction(s, i, &n);
	}
	return n;
}

/* ---- cutting ---- */

struct cutting {
	struct reply *r;
	struct lex_set set;
	struct source words;
	int clause;
	bool has_number; /* in this clause */
};

static struct item *append(struct cutting *c, enum item_kind kind, size_t i, size_t used)
{
	struct item *item = &c->r->items[c->r->count++];

	item->kind = kind;
	item->word = c->words.at + i;
	item->word_count = used;
	item->clause = c->clause;
	for (size_t k = 0; k < used; k++) {
		item->is_mended |= c->words.at[i + k].is_mended;
	}
	return item;
}

/* "7:15" */
static bool is_clock_at(const struct source *s, size_t i)
{
	const struct word *w = s->at + i;

	return i + 2 < s->count && w->kind == WORD_DIGITS && w[1].is_glued && w[2].is_glued &&
	       w[1].kind == WORD_MARK && w[1].text[0] == ':' && w[2].kind == WORD_DIGITS &&
	       strlen(w[0].text) <= 2 && strlen(w[2].text) == 2 && w[0].number < 100 &&
	       w[2].number < 60;
}

/* A mark that ends a clause. A lone hyphen does, when it does not join two numbers. */
static bool is_break(const struct source *s, size_t i)
{
	const struct word *w = s->at + i;
	bool has_space = !w->is_glued && i + 1 < s->count && !w[1].is_glued;

	if (w->kind != WORD_MARK) {
		return false;
	}
	if (strchr(",;.!?()", w->text[0]) || (unsigned char)w->text[0] >= 0x80) {
		return strcmp(w->text, "\xe2\x86\x92") != 0; /* the arrow joins */
	}
	return w->text[0] == '-' && has_space && i > 0 &&
	       !(w[-1].kind == WORD_DIGITS && w[1].kind == WORD_DIGITS);
}

static void append_number(struct cutting *c, size_t i, const struct number *n)
{
	struct item *item = append(c, ITEM_NUMBER, i, n->used);

	item->value = n->value;
	item->is_written = n->is_written;
	item->is_fraction = n->is_fraction;
	c->has_number = true;
}

static void append_mark(struct cutting *c, size_t i)
{
	const struct word *w = c->words.at + i;
	struct lex_set set = c->set;
	struct item *item;

	/* "1 worse than yesterday: 6"; but "pain: 6" belongs together */
	bool is_colon =
		w->text[0] == ':' && c->has_number && i + 1 < c->words.count && !w[1].is_glued;

	if (w->kind == WORD_MARK && (is_colon || is_break(&c->words, i))) {
		c->clause++;
		c->has_number = false;
	}
	item = append(c, w->kind == WORD_SIGN ? ITEM_SIGN : ITEM_MARK, i, 1);
	item->mark = w->text[0] > 0 ? w->text[0] : '\0';
	item->entry = lexicon_find(c->r->lex, &set, w, 1);
}

/* One item at word i; how many words it took. */
static size_t cut_item(struct cutting *c, size_t i)
{
	const struct word *w = c->words.at + i;
	const struct lex_entry *entry = lexicon_find(c->r->lex, &c->set, w, c->words.count - i);
	struct number n = number_at(&c->words, i);

	if (is_clock_at(&c->words, i)) {
		append(c, ITEM_CLOCK, i, 3)->value = w->number * 60 + w[2].number;
		return 3;
	}
	/* "half" alone says how bad it is; the third of March is no fraction */
	if (n.is_fraction && n.is_written && !c->set.has[LEX_FRACTIONS]) {
		n.used = 0;
	}
	if (n.is_fraction && n.is_written && c->set.has[LEX_VAGUE] && lex_sense(entry, LEX_VAGUE)) {
		n.used = 0;
	}
	if (n.used && (!entry || entry->word_count <= n.used)) {
		append_number(c, i, &n);
		return n.used;
	}
	if (w->kind == WORD_CODE || w->kind == WORD_CHAIN) {
		append(c, ITEM_CODE, i, 1);
		return 1;
	}
	if (entry && (entry->word_count > 1 || w->kind == WORD_LETTERS)) {
		if (lex_sense(entry, LEX_BREAKS)) {
			c->clause++;
			c->has_number = false;
		}
		append(c, ITEM_WORD, i, entry->word_count)->entry = entry;
		return entry->word_count;
	}
	if (w->kind == WORD_LETTERS) {
		append(c, ITEM_WORD, i, 1);
	} else {
		append_mark(c, i);
	}
	return 1;
}

/* ---- durations ---- */

static const struct lex_sense *unit_of(const struct reply *r, size_t i)
{
	return i < r->count && r->items[i].kind == ITEM_WORD
		       ? lex_sense(r->items[i].entry, LEX_UNITS)
		       : NULL;
}

static bool is_at(const struct reply *r, size_t i, enum lex_class class)
{
	return i < r->count && item_is(&r->items[i], class);
}

/* Items from i on that make one duration; its minutes. 0: none. */
static size_t duration_at(const struct reply *r, size_t i, double *minutes)
{
	const struct item *item = &r->items[i];
	size_t n = 1;
	double value = 1;

	if (item->kind == ITEM_NUMBER) {
		value = item->value;
		if (item->is_fraction && is_at(r, i + n, LEX_OUT_OF)) {
			n++; /* a quarter of an hour */
		} else if (is_at(r, i + n, LEX_ABOUT_AFTER)) {
			n++; /* 20ish minutes */
		} else if (is_at(r, i + n, LEX_MORE)) {
			n++; /* 5 more minutes */
		}
		if (item->is_fraction && is_at(r, i + n, LEX_ARTICLES)) {
			n++;
		}
	} else if (!item_is(item, LEX_ARTICLES) || item->word_count > 1) {
		/* "hour and a half" */
		n = 0;
		if (!unit_of(r, i) || unit_of(r, i)->value < 60 || !is_at(r, i + 1, LEX_AND)) {
			return 0;
		}
	}
	if (!unit_of(r, i + n)) {
		return 0;
	}
	/* a letter is a unit only right behind its number */
	if (strlen(r->items[i + n].word->text) == 1 && item->kind != ITEM_NUMBER) {
		return 0;
	}
	*minutes = value * unit_of(r, i + n)->value;
	n++;
	/* and a half */
	if (is_at(r, i + n, LEX_AND) && i + n + 1 < r->count &&
		r->items[i + n + 1].kind == ITEM_NUMBER && r->items[i + n + 1].is_fraction &&
		!unit_of(r, i + n + 2) && !is_at(r, i + n + 2, LEX_ARTICLES)) {
		*minutes += r->items[i + n + 1].value * unit_of(r, i + n - 1)->value;
		n += 2;
	}
	return n;
}

/* The "30" of "1h30", the "20 minutes" of "1 hour and 20 minutes". */
static size_t duration_more(const struct reply *r, size_t i, double *minutes)
{
	double more = 0;
	size_t skip = is_at(r, i, LEX_AND) ? 1 : 0, n;

	if (i + skip >= r->count || *minutes < 60 || *minutes > 1440) {
		return 0;
	}
	n = r->items[i + skip].kind == ITEM_NUMBER ? duration_at(r, i + skip, &more) : 0;
	if (!n) {
		const struct item *last = &r->items[i];

		n = last->kind == ITEM_NUMBER && last->word->is_glued && last->value < 60;
		more = last->value;
		skip = 0;
	}
	if (!n || more >= 60) {
		return 0;
	}
	*minutes += more;
	return n + skip;
}

/* Minutes of the unit that a duration of these items names last. */
static double unit_at_end(const struct reply *r, size_t i, size_t used)
{
	double unit = 1;

	for (size_t k = i; k < i + used; k++) {
		unit = unit_of(r, k) ? unit_of(r, k)->value : unit;
	}
	return unit;
}

static void join_durations(struct reply *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count;) {
		double minutes = 0;
		size_t used = duration_at(r, i, &minutes);
		struct item item = r->items[i];

		if (used) {
			used += duration_more(r, i + used, &minutes);
			item.kind = ITEM_DURATION;
			item.value = minutes;
			item.entry = NULL;
			item.unit = unit_at_end(r, i, used);
			item.word_count = (size_t)(r->items[i + used - 1].word - item.word) +
					  r->items[i + used - 1].word_count;
		}
		r->items[n++] = item;
		i += used ? used : 1;
	}
	r->count = n;
}

void reply_cut(struct reply *r, const struct lex_set *classes, bool with_durations)
{
	struct cutting c = {
		.r = r, .set = *classes, .words = {r->lex, r->words.at, r->words.count}};

	r->items = arena_alloc(r->arena, (r->words.count + 1) * sizeof *r->items);
	r->count = 0;
	for (size_t i = 0; i < r->words.count;) {
		i += cut_item(&c, i);
	}
	if (with_durations) {
		join_durations(r);
	}
}

/* ---- what an item is ---- */

bool item_is(const struct item *item, enum lex_class class)
{
	return item && item->kind != ITEM_NUMBER && lex_sense(item->entry, class) != NULL;
}

bool item_is_unknown(const struct item *item)
{
	return item->kind == ITEM_WORD && !item->entry;
}

static bool is_in_group(const struct item *item, const char *group)
{
	for (const struct lex_sense *s = item->entry ? item->entry->senses : NULL; s; s = s->next) {
		if (s->class == LEX_SUBJECTS && (!group || !strcmp(s->group, group))) {
			return true;
		}
	}
	return false;
}

bool item_is_subject(const struct reply *r, const struct item *item)
{
	const char *subject = r->q->subject;

	if (!subject || item->kind != ITEM_WORD) {
		return false;
	}
	return is_in_group(item, subject) ||
	       (item->word_count == 1 && !strcmp(item->word->text, subject));
}

bool item_is_other_subject(const struct reply *r, const struct item *item)
{
	return r->q->subject && item->kind == ITEM_WORD && is_in_group(item, NULL) &&
	       !item_is_subject(r, item);
}
