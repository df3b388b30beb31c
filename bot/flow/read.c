/* The door of the reply reader: one text and one question in, one reading out. Each answer type
 * has its own reader; what they have in common is in read_parts.h. */
#include "flow/read.h"

#include "base/text.h"
#include "flow/read_parts.h"

#include <string.h>

void answer_value(struct reading *out, struct value value)
{
	*out = (struct reading){.result = READ_VALUE, .value = value};
}

void answer_none(struct reading *out, const char *note)
{
	*out = (struct reading){.result = READ_NONE, .note = note};
}

void answer_guess(struct reading *out, struct value value, const char *note)
{
	for (size_t i = 0; i < out->guess_count; i++) {
		if (value_equal(out->guess[i], value)) {
			return;
		}
	}
	if (out->guess_count < READ_GUESSES) {
		out->result = READ_ASK;
		out->guess[out->guess_count++] = value;
		out->note = note;
	}
}

/* Words of a reply that are not one of the phrase's and only polite. */
static bool is_polite_at(const struct reply *r, size_t i, size_t *used)
{
	struct lex_set set = {.has = {[LEX_POLITE] = true}};
	const struct word *w = &r->words.at[i];
	const struct lex_entry *entry = lexicon_find(r->lex, &set, w, r->words.count - i);

	*used = entry ? entry->word_count : 1;
	return entry || w->kind == WORD_MARK || w->kind == WORD_SIGN;
}

bool reply_is(struct reply *r, enum lex_class class)
{
	struct lex_set set = {0};
	bool has_found = false;

	set.has[class] = true;
	for (size_t i = 0, used; i < r->words.count; i += used) {
		const struct lex_entry *entry =
			lexicon_find(r->lex, &set, r->words.at + i, r->words.count - i);

		if (entry) {
			used = entry->word_count;
			has_found = true;
		} else if (!is_polite_at(r, i, &used)) {
			return false;
		}
	}
	return has_found;
}

static void read_free_text(struct reply *r)
{
	const char *text = text_trim(r->arena, r->text);

	if (*text) {
		answer_value(r->out, value_text(text));
	}
}

void read_reply(struct arena *arena, const struct lexicon *lex, const struct read_question *q,
	const char *text, struct reading *out)
{
	struct reply r = {.arena = arena, .lex = lex, .q = q, .text = text, .out = out};

	*out = (struct reading){.result = READ_NONE};
	if (!words_read(arena, text, &r.words)) {
		return;
	}
	if (q->type != READ_CHOICE && q->type != READ_CHOICES && q->type != READ_ZONE) {
		lexicon_mend(arena, lex, &r.words);
	}
	switch (q->type) {
	case READ_SCALE:
	case READ_MINUTES:
	case READ_NUMBER:
		read_amount(&r);
		return;
	case READ_YESNO:
		read_yesno(&r);
		return;
	case READ_CHOICE:
	case READ_CHOICES:
		read_choice(&r);
		return;
	case READ_TIME:
		read_time(&r);
		return;
	case READ_DATE:
		read_date(&r);
		return;
	case READ_ZONE:
		read_zone(&r);
		return;
	case READ_TEXT:
		read_free_text(&r);
		return;
	}
}
