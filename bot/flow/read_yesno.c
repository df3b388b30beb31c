/* Yes, no and unsure. A clear word at the start decides; a word that hedges, a "no" that stands
 * before something else ("no feeling in my leg") and anything contradictory are asked back. */
#include "flow/read_parts.h"

static const struct lex_set answer_words = {.has = {
						    [LEX_YES] = true,
						    [LEX_NO] = true,
						    [LEX_UNSURE] = true,
						    [LEX_HALF_YES] = true,
						    [LEX_HALF_NO] = true,
						    [LEX_POLITE] = true,
						    [LEX_ABOUT] = true,
						    [LEX_BREAKS] = true,
						    [LEX_CORRECTIONS] = true,
						    [LEX_NOT] = true,
					    }};

/* What the reply holds, and where the first clear word stands. */
struct tally {
	size_t yes, no, unsure, half_yes, half_no, other;
	bool has_hedge;    /* "no, but ...", "i think yes" */
	bool has_question; /* "yes?" */
	bool is_first_clear;
	bool is_no_followed; /* "no feeling" */
};

static bool is_rest(const struct item *item)
{
	return item->kind == ITEM_MARK || item->kind == ITEM_SIGN || item_is(item, LEX_POLITE);
}

static void tally_item(struct tally *t, const struct reply *r, size_t i)
{
	const struct item *item = &r->items[i], *next = i + 1 < r->count ? item + 1 : NULL;
	bool is_start = !(t->yes + t->no + t->unsure + t->half_yes + t->half_no + t->other);

	t->has_question |= item->mark == '?';
	if (item->kind != ITEM_WORD && !item->entry) {
		t->other += item->kind != ITEM_MARK && item->kind != ITEM_SIGN;
	} else if (item_is(item, LEX_UNSURE)) {
		t->unsure++;
	} else if (item_is(item, LEX_HALF_YES)) {
		t->half_yes++;
	} else if (item_is(item, LEX_HALF_NO)) {
		t->half_no++;
	} else if (item_is(item, LEX_YES)) {
		t->yes++;
		t->is_first_clear |= is_start && item_is(item, LEX_PLAIN_YES);
	} else if (item_is(item, LEX_NO)) {
		t->no++;
		t->is_first_clear |= is_start;
		t->is_no_followed |= next && next->clause == item->clause && !is_rest(next) &&
				     !item_is(next, LEX_NO) && !item_is(next, LEX_YES);
	} else if (item_is(item, LEX_BREAKS) || item_is(item, LEX_ABOUT) ||
		   item_is(item, LEX_NOT)) {
		t->has_hedge = true;
	} else if (!is_rest(item)) {
		t->other++;
	}
}

static void ask(struct reply *r, double first, const char *note)
{
	answer_guess(r->out, value_number(first), note);
	answer_guess(r->out, value_number(1 - first), note);
}

static void decide(struct reply *r, const struct tally *t)
{
	bool is_yes = t->yes > 0, is_hedged = t->half_yes || t->half_no || t->has_hedge;

	if (t->yes && t->no) {
		ask(r, 1, "several");
	} else if (!t->yes && !t->no) {
		if (t->half_yes || t->half_no) {
			ask(r, t->half_yes ? 1 : 0, "vague");
		} else if (t->unsure) {
			answer_value(r->out, value_null());
		}
	} else if (is_hedged || t->unsure || t->has_question || t->is_no_followed ||
		   (t->other && !t->is_first_clear)) {
		ask(r, is_yes, "doubt");
	} else {
		answer_value(r->out, value_number(is_yes));
	}
}

/* "1" and "0" alone. */
static bool read_digit(struct reply *r)
{
	static const struct lex_set digits = {.has = {[LEX_YES] = true, [LEX_NO] = true}};
	const struct lex_entry *entry =
		r->count == 1 ? lexicon_find(r->lex, &digits, r->words.at, 1) : NULL;

	if (!entry || r->items[0].kind != ITEM_NUMBER) {
		return false;
	}
	answer_value(r->out, value_number(lex_sense(entry, LEX_YES) != NULL));
	return true;
}

void read_yesno(struct reply *r)
{
	struct tally t = {0};

	reply_cut(r, &answer_words, false);
	if (read_digit(r)) {
		return;
	}
	for (size_t i = 0; i < r->count; i++) {
		tally_item(&t, r, i);
	}
	decide(r, &t);
}
