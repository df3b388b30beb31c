/* Fuzz: a flow's source, then after a line "----" replies, one a line. Whatever the bytes are, the
 * loader says what is wrong with them or the flow can be talked to; every turn ends in WAIT, CALL
 * or END, and what a dialog keeps is enough to go on with. */
#include "flow/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct flow_fact facts[] = {{"wake", VALUE_TEXT}, {"hour", VALUE_NUMBER}};
static const struct flow_fact search_sets[] = {{"found", VALUE_NUMBER}, {NULL, VALUE_NULL}};
static const struct flow_action actions[] = {
	{"save", NULL, false}, {"start", NULL, true}, {"search", search_sets, false}};
static const struct flow_vocabulary vocabulary = {facts, 2, actions, 3};

static struct value get_fact(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "hour") ? value_null() : value_number(7);
}

static const char *same(void *ctx, const char *context, const char *source)
{
	(void)ctx, (void)context;
	return source;
}

static const struct lexicon *lexicon(void)
{
	static struct lexicon *loaded;
	static struct arena *arena;
	const char *error = "";

	if (!loaded) {
		arena = arena_create();
		loaded = lexicon_load(arena, "prompts/lexicon/en.yaml", &error);
		if (!loaded) {
			fprintf(stderr, "%s\n", error);
			abort();
		}
	}
	return loaded;
}

/* One turn: false when the flow is over. */
static bool drain(struct flow_walk *walk, struct flow_run *run)
{
	struct flow_event ev;

	for (int events = 0; events < 10000; events++) {
		switch (flow_next(walk, &ev)) {
		case FLOW_DO:
			values_set(run->values, "found", value_number(1));
			break;
		case FLOW_WAIT:
			return true;
		case FLOW_CALL:
		case FLOW_END:
			return false;
		default:
			break;
		}
	}
	abort();
}

static void talk(struct arena *arena, const struct flow *flow, char *replies)
{
	struct flow_host host = {.fact = get_fact,
		.translate = same,
		.lexicon = lexicon(),
		.today = 20000,
		.now_min = 435,
		.zone = "Europe/Berlin"};
	struct flow_run run = {.flow = flow, .values = values_create(arena)};
	struct flow_walk *walk = flow_walk_create(arena, &run, &host);
	char *rest = NULL;

	flow_begin(walk, NULL);
	if (!drain(walk, &run)) {
		return;
	}
	for (char *line = strtok_r(replies, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		enum flow_input_kind kind = *line == '>'   ? FLOW_INPUT_CHOICE
					    : *line == '!' ? FLOW_INPUT_SKIP
							   : FLOW_INPUT_TEXT;

		run.values = values_from_json(arena, values_to_json(arena, run.values));
		if (!run.values) {
			abort();
		}
		walk = flow_walk_create(arena, &run, &host);
		if (flow_reply(walk, kind, line + (kind != FLOW_INPUT_TEXT)) == FLOW_UNREAD) {
			flow_reask(walk);
		}
		if (!drain(walk, &run)) {
			return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create();
	struct expr_engine *engine = expr_engine_create();
	char *source = arena_strndup(arena, (const char *)data, size);
	char *replies = strstr(source, "\n----\n");
	const char *errors = "";
	struct flow *flow;

	if (replies) {
		size = (size_t)(replies - source);
		replies += strlen("\n----\n");
	}
	flow = flow_parse(arena, engine, &vocabulary, "fuzz", source, size, &errors);
	if (flow) {
		flow_dot(arena, flow);
		flow_outline(arena, flow);
		talk(arena, flow, replies ? replies : source + size);
	} else if (!*errors) {
		abort();
	}
	flow_finish(flow);
	expr_engine_destroy(engine);
	arena_destroy(arena);
	return 0;
}
