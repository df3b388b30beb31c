/* Faults that show only when a flow is looked at as a whole: names that nobody sets, targets that
 * do not exist, answers that cannot be told apart; flow_ways.c adds the circles and dead ends.
 * Prepares the conditions on the way. */
#include "flow/flow_private.h"
#include "flow/template.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

struct check {
	struct arena *arena;
	struct expr_engine *engine;
	const struct flow_vocabulary *vocabulary;
	struct flow *flow;
	struct yaml_faults *faults;
	struct expr_name *names; /* what conditions and texts may mention */
	size_t name_count, name_cap;
};

/* Calls fn for every block of the flow, in file order. */
static void each_block(struct check *c, void (*fn)(struct check *, struct flow_block *))
{
	struct flow *f = c->flow;

	for (size_t i = 0; i < f->command_count; i++) {
		fn(c, &f->commands[i].block);
	}
	for (size_t i = 0; i < f->step_count; i++) {
		fn(c, &f->steps[i].block);
		for (size_t k = 0; k < f->steps[i].rule_count; k++) {
			fn(c, &f->steps[i].rules[k].block);
		}
	}
}

/* "..., did you mean "x"?" or "". */
static const char *did_you_mean(struct check *c, const char *word, const char *const *candidates)
{
	const char *near = yaml_nearest(word, candidates);

	return near ? arena_printf(c->arena, ", did you mean \"%s\"?", near) : "";
}

/* ---- actions ---- */

static const struct flow_action *find_action(const struct check *c, const char *name)
{
	for (size_t i = 0; i < c->vocabulary->action_count; i++) {
		if (!strcmp(c->vocabulary->actions[i].name, name)) {
			return &c->vocabulary->actions[i];
		}
	}
	return NULL;
}

static void unknown_action(struct check *c, const struct flow_deed *deed)
{
	size_t count = c->vocabulary->action_count;
	const char **all = arena_alloc(c->arena, (count + 1) * sizeof *all);

	for (size_t i = 0; i < count; i++) {
		all[i] = c->vocabulary->actions[i].name;
	}
	yaml_fault(c->faults, deed->line, deed->column, "unknown action \"%s\"%s", deed->name,
		did_you_mean(c, deed->name, all));
}

static void check_deeds(struct check *c, struct flow_block *block)
{
	for (size_t i = 0; i < block->deed_count; i++) {
		struct flow_deed *deed = &block->deeds[i];

		if (!deed->name) {
			continue;
		}
		deed->action = find_action(c, deed->name);
		if (!deed->action) {
			unknown_action(c, deed);
		} else if (deed->action->takes_argument && (!deed->argument || !*deed->argument)) {
			yaml_fault(c->faults, deed->line, deed->column,
				"the action \"%s\" wants an argument: do: %s ...", deed->name,
				deed->name);
		} else if (!deed->action->takes_argument && deed->argument) {
			yaml_fault(c->faults, deed->line, deed->column,
				"the action \"%s\" takes no argument: remove \"%s\"", deed->name,
				deed->argument);
		}
	}
}

/* ---- names ---- */

static struct expr_name *find_name(const struct check *c, const char *name)
{
	for (size_t i = 0; i < c->name_count; i++) {
		if (!strcmp(c->names[i].name, name)) {
			return &c->names[i];
		}
	}
	return NULL;
}

static void add_name(struct check *c, struct expr_name name)
{
	if (c->name_count == c->name_cap) {
		size_t cap = c->name_cap ? c->name_cap * 2 : 64;
		struct expr_name *names = arena_alloc(c->arena, cap * sizeof *names);

		if (c->name_count) {
			memcpy(names, c->names, c->name_count * sizeof *names);
		}
		c->names = names;
		c->name_cap = cap;
	}
	c->names[c->name_count++] = name;
}

static void add_sets(struct check *c, struct flow_block *block)
{
	for (size_t i = 0; i < block->deed_count; i++) {
		const struct flow_action *a = block->deeds[i].action;

		for (const struct flow_fact *s = a ? a->sets : NULL; s && s->name; s++) {
			if (!find_name(c, s->name)) {
				add_name(c, (struct expr_name){.name = s->name, .type = s->type});
			}
		}
	}
}

static enum value_type answer_type(const struct flow_step *step)
{
	switch (step->question.type) {
	case READ_SCALE:
	case READ_MINUTES:
	case READ_NUMBER:
	case READ_YESNO:
		return VALUE_NUMBER;
	default:
		return VALUE_TEXT;
	}
}

/* The option ids of every step that keeps its answer under this name; NULL: any text. */
static const char *const *name_options(const struct check *c, const char *name)
{
	const struct flow *f = c->flow;
	const char **ids;
	size_t n = 0;

	for (size_t i = 0; i < f->step_count; i++) {
		if (flow_step_answers(&f->steps[i]) && !strcmp(f->steps[i].name, name)) {
			if (!f->steps[i].question.option_count) {
				return NULL;
			}
			n += f->steps[i].question.option_count;
		}
	}
	ids = arena_alloc(c->arena, (n + 1) * sizeof *ids);
	n = 0;
	for (size_t i = 0; i < f->step_count; i++) {
		const struct read_question *q = &f->steps[i].question;

		for (size_t k = 0; k < q->option_count && !strcmp(f->steps[i].name, name); k++) {
			ids[n++] = q->options[k].id;
		}
	}
	return ids;
}

static void add_answer(struct check *c, const struct flow_step *step, size_t outside)
{
	static const char *const taken[] = {
		"and", "or", "not", "null", "between", "in", "is", NULL};
	const struct expr_name *same = find_name(c, step->name);
	enum value_type type = answer_type(step);

	for (const char *const *word = taken; *word; word++) {
		if (!strcmp(*word, step->name)) {
			yaml_fault(c->faults, step->line, step->column,
				"\"%s\" is a word of conditions: give the answer another \"name\"",
				step->name);
			return;
		}
	}
	if (same && (size_t)(same - c->names) < outside) {
		yaml_fault(c->faults, step->line, step->column,
			"\"%s\" is a fact or set by an action already: give the answer another "
			"\"name\"",
			step->name);
	} else if (same && same->type != type) {
		yaml_fault(c->faults, step->line, step->column,
			"\"%s\" is a number in one step and a text in another", step->name);
	} else if (!same) {
		add_name(c, (struct expr_name){.name = step->name,
				    .type = type,
				    .options = name_options(c, step->name)});
	}
}

static void collect_names(struct check *c)
{
	size_t outside;

	for (size_t i = 0; i < c->vocabulary->fact_count; i++) {
		const struct flow_fact *f = &c->vocabulary->facts[i];

		add_name(c, (struct expr_name){.name = f->name, .type = f->type});
	}
	each_block(c, add_sets);
	outside = c->name_count;
	for (size_t i = 0; i < c->flow->step_count; i++) {
		if (flow_step_answers(&c->flow->steps[i])) {
			add_answer(c, &c->flow->steps[i], outside);
		}
	}
}

static void prepare(struct check *c, struct flow_condition *condition)
{
	const char *error;

	if (!condition->source) {
		return;
	}
	condition->expr = expr_prepare(
		c->engine, c->arena, condition->source, c->names, c->name_count, &error);
	if (!condition->expr) {
		yaml_fault(c->faults, condition->line, condition->column, "%s", error);
	}
}

static void check_placeholders(struct check *c, const struct flow_line *line)
{
	const char *error, *const *used = template_names(c->arena, line->source, &error);
	const char **all = arena_alloc(c->arena, (c->name_count + 1) * sizeof *all);

	if (!used) {
		yaml_fault(c->faults, line->line, line->column, "%s", error);
		return;
	}
	for (size_t i = 0; i < c->name_count; i++) {
		all[i] = c->names[i].name;
	}
	for (; *used; used++) {
		if (!find_name(c, *used)) {
			yaml_fault(c->faults, line->line, line->column, "unknown name {%s}%s",
				*used, did_you_mean(c, *used, all));
		}
	}
}

/* ---- ways ---- */

static void check_target(struct check *c, struct flow_block *block)
{
	if (block->go == FLOW_GO_STEP) {
		block->step = flow_step_find(c->flow, block->target);
		if (block->step == c->flow->step_count) {
			yaml_fault(c->faults, block->line, block->column,
				"there is no step \"%s\"%s", block->target,
				did_you_mean(c, block->target, c->flow->step_ids));
			block->go = FLOW_GO_END;
		}
	}
}

static void list_call(struct check *c, struct flow_block *block)
{
	const char **calls;
	size_t n = 0;

	if (block->go != FLOW_GO_FLOW) {
		return;
	}
	for (const char *const *p = c->flow->calls; *p; p++, n++) {
		if (!strcmp(*p, block->target)) {
			return;
		}
	}
	calls = arena_alloc(c->arena, sizeof *calls * (n + 2));
	memcpy(calls, c->flow->calls, n * sizeof *calls);
	calls[n] = block->target;
	c->flow->calls = calls;
}

/* ---- answers that cannot be told apart ---- */

static const char *fold(struct arena *arena, const char *text)
{
	size_t len = 0;
	uint8_t *folded = u8_casefold(
		(const uint8_t *)text, strlen(text) + 1, NULL, UNINORM_NFKC, NULL, &len);
	const char *copy = arena_strdup(arena, folded ? (const char *)folded : text);

	free(folded);
	return copy;
}

struct said { /* a word by which an option is meant */
	const char *word;
	size_t option;
	bool is_position; /* "2" or "b": the second option */
};

static size_t list_words(struct check *c, const struct flow_step *step, struct said *out)
{
	size_t n = 0;

	for (size_t i = 0; i < step->question.option_count; i++) {
		const struct read_option *o = &step->question.options[i];

		out[n++] = (struct said){fold(c->arena, o->id), i, false};
		out[n++] = (struct said){fold(c->arena, o->label), i, false};
		for (const char *const *also = o->also; also && *also; also++) {
			out[n++] = (struct said){fold(c->arena, *also), i, false};
		}
		out[n++] = (struct said){arena_printf(c->arena, "%zu", i + 1), i, true};
		if (i < 26) {
			out[n++] = (struct said){
				arena_printf(c->arena, "%c", (char)('a' + i)), i, true};
		}
	}
	return n;
}

static int compare_said(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = strcmp(x->word, y->word);

	return order ? order : (x->option > y->option) - (x->option < y->option);
}

static void check_options(struct check *c, const struct flow_step *step)
{
	const struct read_question *q = &step->question;
	size_t cap = q->option_count * 4, n;
	struct said *said;

	for (size_t i = 0; i < q->option_count; i++) {
		for (const char *const *also = q->options[i].also; also && *also; also++) {
			cap++;
		}
	}
	said = arena_alloc(c->arena, (cap + 1) * sizeof *said);
	n = list_words(c, step, said);
	qsort(said, n, sizeof *said, compare_said);
	for (size_t i = 1; i < n; i++) {
		const struct said *a = &said[i - 1], *b = &said[i];
		const struct said *later = b->is_position ? a : b;
		const struct flow_option *o = &step->options[later->option];
		const struct flow_line *place = o->label.line ? &o->label : &o->also;

		if (strcmp(a->word, b->word) != 0 || a->option == b->option) {
			continue;
		}
		yaml_fault(c->faults, place->line, place->column,
			a->is_position || b->is_position
				? "\"%s\" means the choice \"%s\" and, by its place in the list, "
				  "also \"%s\""
				: "\"%s\" means the choice \"%s\" and also \"%s\": say it of one "
				  "only",
			a->word, q->options[later->option].id,
			q->options[later == b ? a->option : b->option].id);
	}
}

static void check_commands(struct check *c)
{
	struct flow *f = c->flow;

	for (size_t i = 0; i < f->command_count; i++) {
		for (const char *const *w = flow_split(c->arena, f->commands[i].words.source); *w;
			w++) {
			for (size_t k = 0; k < i; k++) {
				const char *const *o =
					flow_split(c->arena, f->commands[k].words.source);

				while (*o && strcmp(fold(c->arena, *o), fold(c->arena, *w)) != 0) {
					o++;
				}
				if (*o) {
					yaml_fault(c->faults, f->commands[i].words.line,
						f->commands[i].words.column,
						"\"%s\" is a word of an earlier command", *w);
				}
			}
		}
	}
}

void flow_check(struct arena *arena, struct expr_engine *engine,
	const struct flow_vocabulary *vocabulary, struct flow *flow, struct yaml_faults *faults)
{
	static const char *const none[] = {NULL};
	struct check c = {.arena = arena,
		.engine = engine,
		.vocabulary = vocabulary,
		.flow = flow,
		.faults = faults};

	flow->calls = none;
	each_block(&c, check_deeds);
	each_block(&c, check_target);
	each_block(&c, list_call);
	collect_names(&c);
	for (size_t i = 0; i < flow->step_count; i++) {
		prepare(&c, &flow->steps[i].when);
		check_options(&c, &flow->steps[i]);
		for (size_t k = 0; k < flow->steps[i].rule_count; k++) {
			prepare(&c, &flow->steps[i].rules[k].condition);
		}
	}
	for (size_t i = 0; i < flow->text_count; i++) {
		check_placeholders(&c, flow->texts[i]);
	}
	check_commands(&c);
	if (flow->step_count) {
		flow_check_ways(arena, flow, faults);
	}
}
