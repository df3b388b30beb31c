/* Any bytes as a reply: the first byte selects the question. A value is inside its range, and a
 * question back has something to offer. */
#include "flow/read.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct read_option options[] = {
	{"good", "Slept well", (const char *const[]){"good", "well", NULL}},
	{"left_leg", "Left leg", NULL},
	{"bad", "Hardly at all", NULL},
};

static struct read_question question(uint8_t selector)
{
	static const char *const subjects[] = {"pain", "stiffness", "age", NULL};
	static const double highest[] = {10, 240, 120};
	struct read_question q = {
		.type = (enum read_type)(selector % (READ_TEXT + 1)),
		.options = options,
		.option_count = sizeof options / sizeof *options,
		.today = 20516,
		.now_min = 435,
		.past_only = selector & 0x40,
		.in_answer = selector & 0x80,
	};

	if (q.type <= READ_NUMBER) {
		q.max = highest[q.type];
		q.subject = subjects[q.type];
	}
	return q;
}

static void check(const struct read_question *q, const struct reading *r)
{
	if ((r->result == READ_ASK) != (r->guess_count > 0) || r->guess_count > READ_GUESSES) {
		abort();
	}
	if (q->type <= READ_NUMBER && r->result == READ_VALUE &&
		(r->value.number < q->min || r->value.number > q->max)) {
		abort();
	}
	for (size_t i = 0; i < r->guess_count; i++) {
		if (r->guess[i].type == VALUE_TEXT && !r->guess[i].text) {
			abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = {"stop", "stiffness", "leave me alone", NULL};
	static struct arena *kept, *arena;
	static struct lexicon *lex;
	const char *errors = NULL, *text;
	struct read_question q;
	struct reading reading;

	if (!lex) {
		kept = arena_create();
		arena = arena_create();
		lex = lexicon_load(kept, "prompts/lexicon/en.yaml", &errors);
	}
	if (!lex) {
		abort();
	}
	if (size == 0) {
		return 0;
	}
	q = question(data[0]);
	text = arena_strndup(arena, (const char *)data + 1, size - 1);
	read_reply(arena, lex, &q, text, &reading);
	check(&q, &reading);
	read_clauses(arena, lex, text);
	read_has_cue(arena, lex, text, words);
	read_is_phrase(arena, lex, text, words);
	arena_reset(arena);
	return 0;
}
