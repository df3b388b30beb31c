/* One option or several. The reply is walked from left to right; at each place the longest wording
 * of an option wins, then a letter or number, then a word that only nearly fits. */
#include "flow/read_parts.h"

#include "base/buf.h"
#include "base/text.h"

#include <string.h>

/* One way to say an option. */
struct wording {
	size_t option;
	struct words words;
};

struct chooser {
	struct reply *r;
	struct wording *wordings;
	size_t count;
	bool *is_picked;  /* by option */
	bool *is_refused; /* "not the hip" */
	bool has_unknown; /* something that is no option */
	bool has_guess;   /* a pick that only nearly fits more than one option */
	bool has_part;    /* a pick by a part of its wording */
	bool has_number;  /* a pick by a number that is not called a place ("third") */
	bool has_measure; /* words that go with a measured number: "today 3", "it was 2" */
	bool all_short;   /* only letters, numbers and what joins them */
};

static void add_wording(struct chooser *c, size_t option, const char *text)
{
	struct wording *w = &c->wordings[c->count];

	w->option = option;
	if (words_read(c->r->arena, text, &w->words) && w->words.count) {
		c->count++;
	}
}

static void list_wordings(struct chooser *c)
{
	const struct read_question *q = c->r->q;
	size_t n = 0;

	for (size_t i = 0; i < q->option_count; i++) {
		n += 2;
		for (const char *const *a = q->options[i].also; a && *a; a++) {
			n++;
		}
	}
	c->wordings = arena_alloc(c->r->arena, (n + 1) * sizeof *c->wordings);
	c->is_picked = arena_alloc(c->r->arena, q->option_count + 1);
	c->is_refused = arena_alloc(c->r->arena, q->option_count + 1);
	for (size_t i = 0; i < q->option_count; i++) {
		add_wording(c, i, q->options[i].id);
		if (q->options[i].label) {
			add_wording(c, i, q->options[i].label);
		}
		for (const char *const *a = q->options[i].also; a && *a; a++) {
			add_wording(c, i, *a);
		}
	}
}

/* ---- how well words fit ---- */

static bool is_class_at(const struct chooser *c, size_t i, enum lex_class class, size_t *used)
{
	struct lex_set set = {0};
	const struct lex_entry *entry;

	set.has[class] = true;
	entry = i < c->r->words.count
			? lexicon_find(c->r->lex, &set, c->r->words.at + i, c->r->words.count - i)
			: NULL;
	*used = entry ? entry->word_count : 1;
	return entry != NULL;
}

/* Words of the reply at i that are exactly this wording. */
static size_t fits_exactly(const struct chooser *c, size_t i, const struct wording *w)
{
	const struct words *words = &c->r->words;

	if (i + w->words.count > words->count) {
		return 0;
	}
	for (size_t k = 0; k < w->words.count; k++) {
		if (strcmp(words->at[i + k].text, w->words.at[k].text) != 0) {
			return 0;
		}
	}
	return w->words.count;
}

static bool is_wording_at(const struct chooser *c, size_t i)
{
	for (size_t k = 0; k < c->count; k++) {
		if (fits_exactly(c, i, &c->wordings[k])) {
			return true;
		}
	}
	return false;
}

static bool is_nearly(const char *typed, const char *word)
{
	size_t len = strlen(typed), full = strlen(word);

	if (len < 3 || (unsigned char)typed[0] != (unsigned char)word[0]) {
		return false;
	}
	if (len < full && !strncmp(typed, word, len)) {
		return true;
	}
	return len >= 4 && text_distance(typed, word, full >= 8 ? 2 : 1) <= (full >= 8 ? 2U : 1U);
}

/* Does the wording have this word, or one that it is a beginning or a typo of? */
static bool has_word(const struct wording *w, const char *typed, bool exactly)
{
	for (size_t i = 0; i < w->words.count; i++) {
		const char *word = w->words.at[i].text;

		if (exactly ? !strcmp(typed, word) : is_nearly(typed, word)) {
			return true;
		}
	}
	return false;
}

/* ---- picking ---- */

static bool is_refusal(const struct chooser *c, size_t i)
{
	size_t used;

	/* "not so good" */
	while (i > 0 && !is_class_at(c, i - 1, LEX_NOT, &used) &&
		(is_class_at(c, i - 1, LEX_ARTICLES, &used) ||
			is_class_at(c, i - 1, LEX_SAFE, &used))) {
		i--;
	}
	return i > 0 && is_class_at(c, i - 1, LEX_NOT, &used);
}

static void pick(struct chooser *c, size_t i, size_t option)
{
	if (is_refusal(c, i)) {
		c->is_refused[option] = true;
	} else {
		c->is_picked[option] = true;
	}
}

static size_t pick_exact(struct chooser *c, size_t i)
{
	size_t longest = 0;

	for (size_t k = 0; k < c->count; k++) {
		size_t used = fits_exactly(c, i, &c->wordings[k]);

		longest = used > longest ? used : longest;
	}
	for (size_t k = 0; longest && k < c->count; k++) {
		if (fits_exactly(c, i, &c->wordings[k]) == longest) {
			pick(c, i, c->wordings[k].option);
		}
	}
	return longest;
}

/* "b", "2", "second": places in the list. */
static size_t pick_place(struct chooser *c, size_t i)
{
	const struct word *w = &c->r->words.at[i];
	size_t count = c->r->q->option_count, place = count, used;
	struct lex_set numbers = {.has = {[LEX_NUMBERS] = true, [LEX_ORDINALS] = true}};
	const struct lex_entry *entry = lexicon_find(c->r->lex, &numbers, w, 1);
	const struct lex_sense *written = lex_sense(entry, LEX_NUMBERS);

	written = written ? written : lex_sense(entry, LEX_ORDINALS);

	if (w->kind == WORD_DIGITS && w->number >= 1 && w->number <= (double)count &&
		w->number == (double)(size_t)w->number) {
		place = (size_t)w->number - 1;
	} else if (written && written->value >= 1 && written->value <= (double)count) {
		place = (size_t)written->value - 1;
	} else if (c->all_short && w->text[1] == '\0' && w->text[0] >= 'a' &&
		   w->text[0] < 'a' + (int)count) {
		place = (size_t)(w->text[0] - 'a');
	}
	/* "4am" is no place */
	if (place >= count ||
		(w->kind == WORD_DIGITS && i + 1 < c->r->words.count && w[1].kind == WORD_LETTERS &&
			w[1].is_glued && !is_class_at(c, i + 1, LEX_ORDINAL_ENDINGS, &used))) {
		return 0;
	}
	pick(c, i, place);
	c->has_number = c->has_number || w->kind == WORD_DIGITS || lex_sense(entry, LEX_NUMBERS);
	/* "the second one" */
	return 1 + (lex_sense(entry, LEX_ORDINALS) && is_class_at(c, i + 1, LEX_PRONOUNS, &used));
}

/* "1,3" is two places, though it looks like one number. */
static size_t pick_two_places(struct chooser *c, size_t i)
{
	const struct word *w = &c->r->words.at[i];
	size_t count = c->r->q->option_count;

	if (w->kind == WORD_DIGITS && w->is_comma && strlen(w->text) == 3) {
		size_t a = (size_t)(w->text[0] - '1'), b = (size_t)(w->text[2] - '1');

		if (a < count && b < count) {
			pick(c, i, a);
			pick(c, i, b);
			return 1;
		}
	}
	return 0;
}

/* A word that is part of an option's wording; exact parts go before nearly fitting ones. */
static size_t pick_part(struct chooser *c, size_t i)
{
	const char *typed = c->r->words.at[i].text;
	size_t options = 0, used;

	if (strlen(typed) < 3 || is_class_at(c, i, LEX_NOT, &used)) {
		return 0;
	}
	for (int exactly = 1; exactly >= 0 && !options; exactly--) {
		bool *seen = arena_alloc(c->r->arena, c->r->q->option_count + 1);

		for (size_t k = 0; k < c->count; k++) {
			const struct wording *w = &c->wordings[k];

			if (!seen[w->option] && has_word(w, typed, exactly)) {
				seen[w->option] = true;
				options++;
			}
		}
		for (size_t k = 0; options && k < c->r->q->option_count; k++) {
			if (seen[k]) {
				pick(c, i, k);
			}
		}
	}
	c->has_part = c->has_part || options > 0;
	c->has_guess = c->has_guess || options > 1;
	return options > 0;
}

/* A filler phrase ends where an option's wording begins ("slept badly"). */
static size_t before_wording(const struct chooser *c, size_t i, size_t used)
{
	for (size_t n = 1; n < used; n++) {
		if (is_wording_at(c, i + n)) {
			return n;
		}
	}
	return used;
}

static size_t skip_filler(struct chooser *c, size_t i)
{
	static const enum lex_class fillers[] = {
		LEX_POLITE,
		LEX_ARTICLES,
		LEX_AND,
		LEX_OR,
		LEX_SAFE,
		LEX_ABOUT,
		LEX_NOT,
		LEX_COUNTED,
		LEX_ORDINAL_ENDINGS,
		LEX_WAS,
		LEX_BREAKS,
		LEX_NOW,
	};
	const struct word *w = &c->r->words.at[i];
	size_t used;

	if (w->kind == WORD_MARK || w->kind == WORD_SIGN) {
		return 1;
	}
	c->has_measure = c->has_measure || is_class_at(c, i, LEX_NOW, &used) ||
			 is_class_at(c, i, LEX_WAS, &used) || is_class_at(c, i, LEX_ABOUT, &used);
	for (size_t k = 0; k < sizeof fillers / sizeof *fillers; k++) {
		if (is_class_at(c, i, fillers[k], &used)) {
			return before_wording(c, i, used);
		}
	}
	return 0;
}

/* Are there only letters, numbers and what joins them ("a and c", "b)")? Then "a" is no article. */
static bool is_all_short(const struct chooser *c)
{
	size_t used;

	for (size_t i = 0; i < c->r->words.count; i++) {
		const struct word *w = &c->r->words.at[i];

		if (w->kind == WORD_LETTERS && w->text[1] != '\0' &&
			!is_class_at(c, i, LEX_AND, &used) && !is_class_at(c, i, LEX_OR, &used) &&
			!is_class_at(c, i, LEX_COUNTED, &used) &&
			!is_class_at(c, i, LEX_POLITE, &used)) {
			return false;
		}
	}
	return true;
}

/* True when the whole reply (but for politeness) is a wording. */
static bool pick_whole(struct chooser *c)
{
	size_t i = 0, n = c->r->words.count, used;

	while (n > 0 && c->r->words.at[n - 1].kind == WORD_MARK) {
		n--;
	}
	for (; i < n; i += used) {
		for (size_t k = 0; k < c->count; k++) {
			if (fits_exactly(c, i, &c->wordings[k]) == n - i) {
				c->is_picked[c->wordings[k].option] = true;
				return true;
			}
		}
		if (is_class_at(c, i, LEX_NOT, &used) || is_wording_at(c, i) ||
			(!is_class_at(c, i, LEX_POLITE, &used) &&
				!is_class_at(c, i, LEX_ARTICLES, &used))) {
			break;
		}
	}
	return false;
}

static size_t count_picked(const struct chooser *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->r->q->option_count; i++) {
		n += c->is_picked[i];
	}
	return n;
}

/* "hip or back", "1-3", "well, I don't know": no clear choice, whatever is picked. */
static void note_doubts(struct chooser *c, size_t i, bool parts_first)
{
	const struct word *w = &c->r->words.at[i];
	size_t used;
	bool is_or = is_class_at(c, i, LEX_OR, &used) && !is_class_at(c, i, LEX_AND, &used);
	bool is_range = w->text[0] == '-' && i > 0 && i + 1 < c->r->words.count &&
			w[-1].kind == WORD_DIGITS && w[1].kind == WORD_DIGITS;
	bool is_filler = parts_first && (is_class_at(c, i, LEX_EVENTS, &used) ||
						is_class_at(c, i, LEX_SAFE, &used));

	c->has_guess = c->has_guess || is_or || is_range ||
		       (is_filler && used == 1 && w->kind == WORD_LETTERS) ||
		       is_class_at(c, i, LEX_UNSURE, &used);
}

/* Whole wordings and places go before parts of wordings: "slept badly" is not "slept well". */
static void walk(struct chooser *c, bool parts_first)
{
	for (size_t i = 0, used; i < c->r->words.count; i += used) {
		note_doubts(c, i, parts_first);
		used = pick_exact(c, i);
		used = used ? used : pick_two_places(c, i);
		used = used ? used : pick_place(c, i);
		used = used || !parts_first ? used : pick_part(c, i);
		used = used ? used : skip_filler(c, i);
		used = used ? used : pick_part(c, i);
		if (!used) {
			c->has_unknown = true;
			used = 1;
		}
	}
}

static void pick_all(struct chooser *c)
{
	c->all_short = is_all_short(c);
	if (pick_whole(c)) {
		return;
	}
	walk(c, false);
	if (!count_picked(c)) {
		c->has_unknown = c->has_guess = false;
		walk(c, true);
	}
	c->has_guess = c->has_guess || (c->has_part && count_picked(c) > 1) ||
		       (c->has_number && c->has_measure);
}

/* ---- deciding ---- */

static void decide_one(struct chooser *c)
{
	const struct read_question *q = c->r->q;
	size_t picked = count_picked(c);
	bool is_clear = picked == 1 && !c->has_unknown && !c->has_guess;

	for (size_t i = 0; i < q->option_count; i++) {
		if (c->is_picked[i] && is_clear) {
			answer_value(c->r->out, value_text(q->options[i].id));
		} else if (c->is_picked[i]) {
			answer_guess(c->r->out, value_text(q->options[i].id),
				picked > 1 ? "several" : "doubt");
		}
	}
	if (!picked) {
		for (size_t i = 0; i < q->option_count; i++) {
			if (c->is_refused[i]) {
				answer_none(c->r->out, "negated");
			}
		}
	}
}

static const char *join_picked(const struct chooser *c, bool all)
{
	struct buf ids = {0};
	const char *text;

	for (size_t i = 0; i < c->r->q->option_count; i++) {
		if (all || c->is_picked[i]) {
			buf_printf(&ids, "%s%s", ids.len ? " " : "", c->r->q->options[i].id);
		}
	}
	text = arena_strdup(c->r->arena, buf_text(&ids));
	buf_finish(&ids);
	return text;
}

static void decide_several(struct chooser *c)
{
	struct value ids = value_text(join_picked(c, false));
	bool has_refusal = false;

	for (size_t i = 0; i < c->r->q->option_count; i++) {
		has_refusal = has_refusal || c->is_refused[i];
	}
	if (!count_picked(c)) {
		return;
	}
	if (c->has_unknown || c->has_guess || has_refusal) {
		answer_guess(c->r->out, ids, "doubt");
	} else {
		answer_value(c->r->out, ids);
	}
}

void read_choice(struct reply *r)
{
	struct chooser c = {.r = r};

	list_wordings(&c);
	pick_all(&c);
	if (r->q->type == READ_CHOICE) {
		decide_one(&c);
	} else if (!pick_whole(&c) && reply_is(r, LEX_NONE_OF_THEM)) {
		answer_value(r->out, value_text(""));
	} else if (!pick_whole(&c) && reply_is(r, LEX_ALL_OF_THEM)) {
		answer_value(r->out, value_text(join_picked(&c, true)));
	} else {
		decide_several(&c);
	}
}
