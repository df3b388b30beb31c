/* A flow out of its YAML tree. This file looks at one key at a time and says what it wants to see
 * there; whatever needs two places at once (targets, names, loops) is flow_check.c. A fault does
 * not stop the reading, so that an author sees all of them in one run. */
#include "flow/flow_private.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum { STEPS_MAX = 200 };

/* Texts in the order they are met. */
struct text_item {
	const struct flow_line *line;
	struct text_item *next;
};

struct parse {
	struct arena *arena;
	struct yaml_faults *faults;
	struct flow *flow;
	struct text_item *first, **tail;
	size_t text_count;
};

/* ---- small pieces ---- */

bool flow_step_answers(const struct flow_step *step)
{
	return step->ask.source || step->is_listening;
}

size_t flow_step_find(const struct flow *flow, const char *id)
{
	size_t i = 0;

	while (i < flow->step_count && strcmp(flow->steps[i].id, id) != 0) {
		i++;
	}
	return i;
}

const char *const *flow_split(struct arena *arena, const char *joined)
{
	const char **list;
	size_t n = 2;

	for (const char *p = joined; *p; p++) {
		n += *p == ',';
	}
	list = arena_alloc(arena, n * sizeof *list);
	n = 0;
	while (*joined) {
		size_t len = strcspn(joined, ",");

		while (len && *joined == ' ') {
			joined++;
			len--;
		}
		if (len) {
			list[n++] = arena_strndup(arena, joined, len);
		}
		joined += len;
		joined += *joined == ',';
	}
	return list;
}

static size_t count_children(const struct yaml_node *node)
{
	size_t n = 0;

	for (const struct yaml_node *c = node ? node->first : NULL; c; c = c->next) {
		n++;
	}
	return n;
}

static bool is_word(const char *text)
{
	return *text >= 'a' && *text <= 'z' && strlen(text) <= 40 &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool want_word(struct parse *p, const char *what, const char *text, int line, int column)
{
	if (!is_word(text)) {
		yaml_fault(p->faults, line, column,
			"%s \"%s\" must be of a-z, 0-9 and _, begin with a letter, and have at "
			"most 40 of them",
			what, text);
		return false;
	}
	return true;
}

/* The scalar under a key that must be a word such as "pain"; NULL when absent or wrong. */
static const char *take_word(struct parse *p, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(p->faults, map, key);
	const struct yaml_node *node = yaml_get(map, key);

	if (text && !want_word(p, key, text, node->line, node->column)) {
		return NULL;
	}
	return text;
}

static bool take_flag(struct parse *p, const struct yaml_node *map, const char *key, bool fallback)
{
	const char *text = yaml_text(p->faults, map, key);
	const struct yaml_node *node = yaml_get(map, key);

	if (text && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) {
		yaml_fault(p->faults, node->line, node->column, "\"%s\" is yes or no", key);
	}
	return text ? !strcmp(text, "yes") : fallback;
}

/* ---- texts ---- */

static void keep_text(struct parse *p, const struct flow_line *line)
{
	struct text_item *item = arena_alloc(p->arena, sizeof *item);

	item->line = line;
	*p->tail = item;
	p->tail = &item->next;
	p->text_count++;
}

static size_t text_length(const char *text)
{
	return u8_mbsnlen((const uint8_t *)text, strlen(text));
}

static void take_line(
	struct parse *p, const struct yaml_node *node, const char *context, struct flow_line *out)
{
	size_t len;

	if (node->kind != YAML_TEXT) {
		yaml_fault(p->faults, node->line, node->column, "one text is wanted here");
		return;
	}
	len = strlen(node->text);
	while (len && strchr(" \n\t", node->text[len - 1])) {
		len--;
	}
	out->line = node->line;
	out->column = node->column;
	out->context = context;
	out->source = arena_strndup(p->arena, node->text, len);
	if (!len) {
		yaml_fault(p->faults, node->line, node->column, "the text is missing");
	} else if (text_length(out->source) > FLOW_TEXT_MAX) {
		yaml_fault(p->faults, node->line, node->column,
			"the text has %zu characters, more than %d: make two messages of it",
			text_length(out->source), FLOW_TEXT_MAX);
	}
	keep_text(p, out);
}

/* The text under a key, if it is there. */
static void take_text(struct parse *p, const struct yaml_node *map, const char *key,
	const char *context, struct flow_line *out)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (node) {
		take_line(p, node, context, out);
	}
}

/* One text or a list of them: "base", "base.2", "base.3". */
static struct flow_line *take_lines(struct parse *p, const struct yaml_node *map, const char *key,
	const char *base, bool first_is_bare, size_t *count_out)
{
	const struct yaml_node *node = yaml_get(map, key);
	size_t count = node && node->kind == YAML_LIST ? count_children(node) : node != NULL;
	struct flow_line *lines = arena_alloc(p->arena, (count + 1) * sizeof *lines);

	if (node && node->kind == YAML_LIST) {
		size_t i = 0;

		if (!count) {
			yaml_fault(p->faults, node->line, node->column, "the list is empty");
		}
		for (const struct yaml_node *c = node->first; c; c = c->next, i++) {
			take_line(p, c,
				i == 0 && first_is_bare
					? base
					: arena_printf(p->arena, "%s.%zu", base, i + 1),
				&lines[i]);
		}
	} else if (node) {
		take_line(p, node, first_is_bare ? base : arena_printf(p->arena, "%s.1", base),
			&lines[0]);
	}
	*count_out = count;
	return lines;
}

/* Words that people type, for one translator's line: "pain, back, hurts". */
static void take_words(struct parse *p, const struct yaml_node *map, const char *key,
	const char *context, struct flow_line *out)
{
	const struct yaml_node *node = yaml_get(map, key);
	const char *const *words = yaml_texts(p->arena, p->faults, map, key);
	const char *joined = "";

	if (!words) {
		return;
	}
	if (!*words) {
		yaml_fault(p->faults, node->line, node->column, "\"%s\" is empty", key);
	}
	for (; *words; words++) {
		if (!**words || strchr(*words, ',')) {
			yaml_fault(p->faults, node->line, node->column,
				"a word of \"%s\" is empty or has a comma in it", key);
		}
		joined = arena_printf(p->arena, "%s%s%s", joined, *joined ? ", " : "", *words);
	}
	*out = (struct flow_line){context, joined, node->line, node->column};
	keep_text(p, out);
}

/* ---- blocks: do, say, go ---- */

static void take_deed(struct parse *p, const struct yaml_node *node, struct flow_deed *out)
{
	const char *space;

	out->line = node->line;
	out->column = node->column;
	if (node->kind != YAML_TEXT || !*node->text) {
		yaml_fault(p->faults, node->line, node->column,
			"an action is wanted here, such as \"save_wake\" or \"start exercise\"");
		return;
	}
	space = strchr(node->text, ' ');
	out->name = space ? arena_strndup(p->arena, node->text, (size_t)(space - node->text))
			  : node->text;
	out->argument = space ? space + 1 + strspn(space + 1, " ") : NULL;
}

static void take_deeds(struct parse *p, const struct yaml_node *map, struct flow_block *block)
{
	const struct yaml_node *node = yaml_get(map, "do");
	size_t count = node && node->kind == YAML_LIST ? count_children(node) : node != NULL;

	block->deeds = arena_alloc(p->arena, (count + 1) * sizeof *block->deeds);
	if (node && node->kind == YAML_LIST) {
		for (const struct yaml_node *c = node->first; c; c = c->next) {
			take_deed(p, c, &block->deeds[block->deed_count++]);
		}
	} else if (node) {
		take_deed(p, node, &block->deeds[block->deed_count++]);
	}
}

static void take_target(struct parse *p, const struct yaml_node *map, struct flow_block *block)
{
	const struct yaml_node *go = yaml_get(map, "go"), *call = yaml_get(map, "flow");
	const struct yaml_node *node = go ? go : call;
	const char *text = node ? yaml_text(p->faults, map, node->key) : NULL;

	if (go && call) {
		yaml_fault(p->faults, call->key_line, call->key_column,
			"\"go\" and \"flow\" cannot both be followed: keep one");
	}
	if (!text) {
		return;
	}
	block->line = node->line;
	block->column = node->column;
	block->target = text;
	block->go = !go ? FLOW_GO_FLOW : strcmp(text, "end") ? FLOW_GO_STEP : FLOW_GO_END;
}

/* context is what the translator sees: "checkin.pain" or "checkin.pain.rule.1". */
static void take_block(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_block *block)
{
	take_deeds(p, map, block);
	block->lines = take_lines(
		p, map, "say", arena_printf(p->arena, "%s.say", context), true, &block->line_count);
}

static void take_condition(
	struct parse *p, const struct yaml_node *map, const char *key, struct flow_condition *out)
{
	const struct yaml_node *node = yaml_get(map, key);

	out->source = yaml_text(p->faults, map, key);
	if (out->source) {
		out->line = node->line;
		out->column = node->column;
	}
}

static void take_rule(
	struct parse *p, const struct yaml_node *node, const char *context, struct flow_rule *rule)
{
	static const char *const keys[] = {"if", "say", "do", "go", "flow", NULL};

	yaml_only(p->faults, node, keys);
	if (node->kind != YAML_MAP) {
		return;
	}
	take_condition(p, node, "if", &rule->condition);
	take_block(p, node, context, &rule->block);
	take_target(p, node, &rule->block);
	if (!yaml_get(node, "say") && !yaml_get(node, "do") && !rule->block.target) {
		yaml_fault(p->faults, node->line, node->column,
			"this rule does nothing: give it say, do, go or flow");
	}
}

static void take_rules(struct parse *p, const struct yaml_node *map, struct flow_step *step)
{
	const struct yaml_node *node = yaml_get(map, "then");

	if (!node) {
		return;
	}
	if (node->kind != YAML_LIST) {
		yaml_fault(p->faults, node->line, node->column,
			"\"then\" wants a list of rules, each beginning with \"- \"");
		return;
	}
	step->rules = arena_alloc(p->arena, (count_children(node) + 1) * sizeof *step->rules);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		const struct flow_rule *before = &step->rules[step->rule_count];

		if (step->rule_count && !before[-1].condition.source) {
			yaml_fault(p->faults, c->line, c->column,
				"this rule is never reached: the one before it has no \"if\"");
		}
		take_rule(p, c,
			arena_printf(p->arena, "%s.%s.rule.%zu", p->flow->name, step->id,
				step->rule_count + 1),
			&step->rules[step->rule_count]);
		step->rule_count++;
	}
}

/* ---- answers ---- */

static const struct answer {
	const char *word;
	enum read_type type;
	const char *example; /* of those with a range */
} answers[] = {
	{"scale", READ_SCALE, "scale 0..10"},
	{"minutes", READ_MINUTES, "minutes 0..240"},
	{"number", READ_NUMBER, "number 0..120"},
	{"yes/no", READ_YESNO, NULL},
	{"yes/no/unsure", READ_YESNO, NULL},
	{"choice", READ_CHOICE, NULL},
	{"choices", READ_CHOICES, NULL},
	{"time", READ_TIME, NULL},
	{"date", READ_DATE, NULL},
	{"zone", READ_ZONE, NULL},
	{"text", READ_TEXT, NULL},
};

enum { ANSWER_COUNT = sizeof answers / sizeof *answers };

static bool read_range(const char *text, struct read_question *q)
{
	char *end;

	q->min = (double)strtol(text, &end, 10);
	if (end == text || strncmp(end, "..", 2) != 0) {
		return false;
	}
	text = end + 2;
	q->max = (double)strtol(text, &end, 10);
	return end != text && !*end;
}

static void unknown_answer(struct parse *p, const struct yaml_node *node, const char *word)
{
	const char *names[ANSWER_COUNT + 1] = {NULL};
	const char *near;

	for (size_t i = 0; i < ANSWER_COUNT; i++) {
		names[i] = answers[i].word;
	}
	near = yaml_nearest(word, names);
	yaml_fault(p->faults, node->line, node->column,
		"unknown answer \"%s\"%s%s%s It is one of scale 0..10, minutes 0..240, number "
		"0..120, yes/no, yes/no/unsure, choice, choices, time, date, zone, text.",
		word, near ? ", did you mean \"" : ".", near ? near : "", near ? "\"?" : "");
}

static void take_range(struct parse *p, const struct yaml_node *node, const struct answer *a,
	const char *rest, struct read_question *q)
{
	if (!a->example && *rest) {
		yaml_fault(p->faults, node->line, node->column, "\"%s\" stands alone", a->word);
	} else if (a->example && !read_range(rest, q)) {
		yaml_fault(p->faults, node->line, node->column,
			"\"%s\" wants a range of whole numbers, such as \"%s\"", a->word,
			a->example);
	} else if (a->example && q->min >= q->max) {
		yaml_fault(p->faults, node->line, node->column,
			"the range is empty: %g is not below %g", q->min, q->max);
	}
}

static void take_answer(struct parse *p, const struct yaml_node *map, struct flow_step *step)
{
	const struct yaml_node *node = yaml_get(map, "answer");
	const char *text = yaml_text(p->faults, map, "answer");
	const char *word, *rest;

	if (!text) {
		return;
	}
	word = arena_strndup(p->arena, text, strcspn(text, " "));
	rest = text + strlen(word);
	rest += strspn(rest, " ");
	for (size_t i = 0; i < ANSWER_COUNT; i++) {
		if (!strcmp(answers[i].word, word)) {
			step->question.type = answers[i].type;
			step->has_unsure = strstr(word, "unsure") != NULL;
			take_range(p, node, &answers[i], rest, &step->question);
			return;
		}
	}
	unknown_answer(p, node, word);
	step->question.type = READ_TEXT;
}

static bool has_options(const struct flow_step *step)
{
	return step->question.type == READ_CHOICE || step->question.type == READ_CHOICES;
}

static bool has_number(const struct flow_step *step)
{
	return step->question.type == READ_SCALE || step->question.type == READ_MINUTES ||
	       step->question.type == READ_NUMBER;
}

static void take_option(struct parse *p, const struct yaml_node *node, const char *context,
	struct flow_option *option, struct read_option *read)
{
	static const char *const keys[] = {"label", "also", NULL};
	const char *base = arena_printf(p->arena, "%s.choice.%s", context, node->key);
	size_t before = yaml_fault_count(p->faults);

	read->id = node->key;
	want_word(p, "the id of a choice", node->key, node->key_line, node->key_column);
	if (node->kind == YAML_TEXT) {
		take_line(p, node, base, &option->label);
	} else {
		yaml_only(p->faults, node, keys);
		take_text(p, node, "label", base, &option->label);
		take_words(p, node, "also", arena_printf(p->arena, "%s.also", base), &option->also);
	}
	if (!option->label.source) {
		if (yaml_fault_count(p->faults) == before) {
			yaml_fault(p->faults, node->line, node->column,
				"this choice has no label: %s: {label: ...}", node->key);
		}
		option->label.source = node->key;
	}
	read->label = option->label.source;
	if (option->also.source) {
		read->also = flow_split(p->arena, option->also.source);
	}
}

static void take_options(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_step *step)
{
	const struct yaml_node *node = yaml_get(map, "choices"), *answer = yaml_get(map, "answer");
	struct read_option *options;
	size_t n = 0;

	if (has_options(step) && !node) {
		yaml_fault(p->faults, answer->line, answer->column,
			"the answer \"%s\" needs \"choices\", at least two", answer->text);
	}
	if (!node) {
		return;
	}
	if (!has_options(step)) {
		yaml_fault(p->faults, node->key_line, node->key_column,
			"\"choices\" belongs to \"answer: choice\" or \"answer: choices\"; quick "
			"replies of other answers are \"quick\"");
		return;
	}
	if (node->kind != YAML_MAP || count_children(node) < 2) {
		yaml_fault(p->faults, node->line, node->column,
			"\"choices\" wants two or more lines of \"id: Label\"");
		return;
	}
	step->options = arena_alloc(p->arena, count_children(node) * sizeof *step->options);
	options = arena_alloc(p->arena, count_children(node) * sizeof *options);
	for (const struct yaml_node *c = node->first; c; c = c->next, n++) {
		take_option(p, c, context, &step->options[n], &options[n]);
	}
	step->question.options = options;
	step->question.option_count = n;
}

/* "skip: no", or the text that is said. */
static void take_skip(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_step *step)
{
	const struct yaml_node *node = yaml_get(map, "skip");

	step->can_skip = true;
	if (node && node->kind == YAML_TEXT && !node->is_quoted && !strcmp(node->text, "no")) {
		step->can_skip = false;
	} else if (node && node->kind == YAML_TEXT && !strcmp(node->text, "yes")) {
		yaml_fault(p->faults, node->line, node->column,
			"\"skip\" is no, or the text to say; every question can be skipped unless "
			"it says no");
	} else {
		take_text(
			p, map, "skip", arena_printf(p->arena, "%s.skip", context), &step->skipped);
	}
}

/* ---- a step ---- */

static void misplaced(struct parse *p, const struct yaml_node *map, const char *key, bool ok,
	const char *sentence)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (node && !ok) {
		yaml_fault(p->faults, node->key_line, node->key_column, "%s", sentence);
	}
}

static void check_keys(struct parse *p, const struct yaml_node *map, const struct flow_step *step)
{
	static const char *const of_answers[] = {
		"log", "name", "cues", "quick", "subject", "past", "skip", "unclear", NULL};
	bool answers_it = yaml_get(map, "answer") != NULL;

	/* a question without its answer is a fault of its own */
	answers_it = answers_it || yaml_get(map, "ask") || step->is_listening;
	for (const char *const *key = of_answers; *key; key++) {
		misplaced(p, map, *key, answers_it,
			arena_printf(p->arena, "\"%s\" needs an \"answer\"", *key));
	}
	if (!yaml_get(map, "answer")) {
		return;
	}
	misplaced(p, map, "past", step->question.type == READ_DATE,
		"\"past\" belongs to \"answer: date\"");
	misplaced(p, map, "subject", has_number(step),
		"\"subject\" belongs to scale, minutes and number");
	misplaced(p, map, "quick", !has_options(step) && step->question.type != READ_YESNO,
		"\"quick\" is not for this answer: it has its own choices");
}

/* A question asks and has an answer; a listener has cues instead of a question. */
static void check_question(
	struct parse *p, const struct yaml_node *map, const struct flow_step *step)
{
	const struct yaml_node *ask = yaml_get(map, "ask"), *answer = yaml_get(map, "answer");
	const struct yaml_node *listen = yaml_get(map, "listen");

	if (step->is_listening && !yaml_get(map, "cues")) {
		yaml_fault(p->faults, listen->key_line, listen->key_column,
			"\"listen\" needs \"cues\", the words by which a message mentions it");
	}
	if (step->is_listening && ask) {
		yaml_fault(p->faults, ask->key_line, ask->key_column,
			"a step that listens is never asked: remove \"ask\" or \"listen\"");
	} else if (answer && !ask && !step->is_listening) {
		yaml_fault(p->faults, answer->key_line, answer->key_column,
			"\"answer\" without a question: the text of \"ask\" is missing");
	}
	if ((ask || step->is_listening) && !answer) {
		const struct yaml_node *node = ask ? ask : listen;

		yaml_fault(p->faults, node->key_line, node->key_column,
			"\"%s\" needs an \"answer\", such as \"answer: scale 0..10\"", node->key);
	}
}

static void take_question(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_step *step)
{
	step->is_listening = take_flag(p, map, "listen", false);
	take_text(p, map, "ask", context, &step->ask);
	take_answer(p, map, step);
	take_options(p, map, context, step);
	step->quick = take_lines(p, map, "quick", arena_printf(p->arena, "%s.quick", context),
		false, &step->quick_count);
	step->question.subject = yaml_text(p->faults, map, "subject");
	step->question.past_only = take_flag(p, map, "past", false);
	step->name = take_word(p, map, "name");
	step->name = step->name ? step->name : step->id;
	step->log = take_word(p, map, "log");
	take_words(p, map, "cues", arena_printf(p->arena, "%s.cues", context), &step->cues);
	take_skip(p, map, context, step);
	take_text(p, map, "unclear", arena_printf(p->arena, "%s.unclear", context), &step->unclear);
	take_text(p, map, "why", arena_printf(p->arena, "%s.why", context), &step->why);
	check_keys(p, map, step);
	check_question(p, map, step);
}

static void check_step_id(struct parse *p, const struct yaml_node *node)
{
	static const char *const taken[] = {"end", "words", "about", "command", NULL};

	want_word(p, "the id of a step", node->key, node->key_line, node->key_column);
	for (const char *const *word = taken; *word; word++) {
		if (!strcmp(*word, node->key)) {
			yaml_fault(p->faults, node->key_line, node->key_column,
				"a step cannot be called \"%s\": the word has a meaning of its own",
				node->key);
		}
	}
}

static void take_step(struct parse *p, const struct yaml_node *node, struct flow_step *step)
{
	static const char *const keys[] = {"when", "do", "say", "ask", "answer", "choices", "quick",
		"subject", "past", "name", "log", "cues", "listen", "skip", "unclear", "why",
		"then", NULL};
	const char *context = arena_printf(p->arena, "%s.%s", p->flow->name, node->key);
	size_t before = yaml_fault_count(p->faults);

	step->id = node->key;
	step->line = node->key_line;
	step->column = node->key_column;
	step->block.go = FLOW_GO_ASK;
	check_step_id(p, node);
	yaml_only(p->faults, node, keys);
	if (node->kind != YAML_MAP) {
		return;
	}
	take_condition(p, node, "when", &step->when);
	take_block(p, node, context, &step->block);
	take_question(p, node, context, step);
	take_rules(p, node, step);
	if (yaml_fault_count(p->faults) == before && !flow_step_answers(step) &&
		!step->block.deed_count && !step->block.line_count && !step->rule_count) {
		yaml_fault(p->faults, step->line, step->column,
			"the step \"%s\" does nothing: give it say, ask, do or then", step->id);
	}
}

/* ---- the file ---- */

static void take_steps(struct parse *p, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "steps");
	size_t count = count_children(node), n = 0;
	const char **ids = arena_alloc(p->arena, (count + 1) * sizeof *ids);

	p->flow->step_ids = ids;
	if (!node || node->kind != YAML_MAP || !count) {
		yaml_fault(p->faults, node ? node->line : root->line,
			node ? node->column : root->column,
			"\"steps\" is missing: steps: {first: {say: ...}}");
		return;
	}
	if (count > STEPS_MAX) {
		yaml_fault(p->faults, node->line, node->column,
			"%zu steps are more than %d: make two flows of them", count, STEPS_MAX);
		return;
	}
	p->flow->steps = arena_alloc(p->arena, count * sizeof *p->flow->steps);
	for (const struct yaml_node *c = node->first; c; c = c->next, n++) {
		take_step(p, c, &p->flow->steps[n]);
		ids[n] = c->key;
	}
	p->flow->step_count = n;
}

static void take_command(
	struct parse *p, const struct yaml_node *node, size_t number, struct flow_command *command)
{
	static const char *const keys[] = {"words", "say", "do", "go", "flow", NULL};
	const char *context = arena_printf(p->arena, "%s.command.%zu", p->flow->name, number);

	command->line = node->line;
	command->column = node->column;
	command->words.source = "";
	command->block.go = FLOW_GO_STAY;
	yaml_only(p->faults, node, keys);
	if (node->kind != YAML_MAP) {
		return;
	}
	if (!yaml_get(node, "words")) {
		yaml_fault(p->faults, node->line, node->column,
			"a command needs \"words\": what people type");
	}
	take_words(p, node, "words", arena_printf(p->arena, "%s.words", context), &command->words);
	take_block(p, node, context, &command->block);
	take_target(p, node, &command->block);
	if (!command->block.deed_count && !command->block.line_count && !command->block.target) {
		yaml_fault(p->faults, node->line, node->column,
			"this command does nothing: give it say, do or go");
	}
}

static void take_commands(struct parse *p, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "commands");
	struct flow *f = p->flow;

	if (!node) {
		return;
	}
	if (node->kind != YAML_LIST) {
		yaml_fault(p->faults, node->line, node->column,
			"\"commands\" wants a list: - {words: [...], say: ...}");
		return;
	}
	f->commands = arena_alloc(p->arena, (count_children(node) + 1) * sizeof *f->commands);
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		take_command(p, c, f->command_count + 1, &f->commands[f->command_count]);
		f->command_count++;
	}
}

static void take_name(struct parse *p, const struct yaml_node *root)
{
	const struct yaml_node *node = yaml_get(root, "flow");

	p->flow->name = yaml_text(p->faults, root, "flow");
	if (!p->flow->name) {
		yaml_fault(p->faults, root->line, root->column,
			"\"flow: NAME\" is missing: the name is the same as the file's");
		p->flow->name = "";
	} else if (!strcmp(p->flow->name, "flow")) {
		yaml_fault(p->faults, node->line, node->column,
			"a flow cannot be called \"flow\": general texts are");
	} else {
		want_word(p, "the name of a flow", p->flow->name, node->line, node->column);
	}
}

static void take_root(struct parse *p, const struct yaml_node *root, struct flow_line *words,
	struct flow_line *about)
{
	static const char *const keys[] = {
		"flow", "about", "words", "consent", "commands", "steps", NULL};
	static const char *const none[] = {NULL};
	struct flow *f = p->flow;

	yaml_only(p->faults, root, keys);
	if (root->kind != YAML_MAP) {
		return;
	}
	take_name(p, root);
	if (!yaml_get(root, "about")) {
		yaml_fault(p->faults, root->line, root->column,
			"\"about\" is missing: one line for lists and help");
	}
	take_text(p, root, "about", arena_printf(p->arena, "%s.about", f->name), about);
	f->about = about->source ? about->source : "";
	take_words(p, root, "words", arena_printf(p->arena, "%s.words", f->name), words);
	f->words = words->source ? flow_split(p->arena, words->source) : none;
	f->needs_consent = take_flag(p, root, "consent", true);
	take_commands(p, root);
	take_steps(p, root);
}

static void list_texts(struct parse *p)
{
	size_t n = 0;

	p->flow->texts = arena_alloc(p->arena, (p->text_count + 1) * sizeof *p->flow->texts);
	for (const struct text_item *item = p->first; item; item = item->next) {
		p->flow->texts[n++] = item->line;
	}
	p->flow->text_count = n;
}

/* FNV-1a: tells versions of one file apart; nobody gains by forging it. */
static const char *hash_source(struct arena *arena, const char *source, size_t len)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ (unsigned char)source[i]) * 1099511628211u;
	}
	return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

struct flow *flow_parse(struct arena *arena, struct expr_engine *engine,
	const struct flow_vocabulary *vocabulary, const char *name, const char *source, size_t len,
	const char **errors)
{
	struct flow *flow = arena_alloc(arena, sizeof *flow);
	struct flow_line *words = arena_alloc(arena, sizeof *words);
	struct flow_line *about = arena_alloc(arena, sizeof *about);
	struct parse p = {.arena = arena, .faults = yaml_faults_create(arena, name), .flow = flow};
	struct yaml_node *root;

	p.tail = &p.first;
	flow->source = arena_strndup(arena, source, len);
	flow->version = hash_source(arena, source, len);
	root = yaml_parse(arena, source, len, p.faults);
	if (root) {
		take_root(&p, root, words, about);
		list_texts(&p);
		flow_check(arena, engine, vocabulary, flow, p.faults);
	}
	if (yaml_fault_count(p.faults)) {
		flow_finish(flow);
		*errors = yaml_fault_text(p.faults);
		return NULL;
	}
	return flow;
}

void flow_finish(struct flow *flow)
{
	for (size_t i = 0; flow && i < flow->step_count; i++) {
		struct flow_step *step = &flow->steps[i];

		expr_destroy(step->when.expr);
		for (size_t k = 0; k < step->rule_count; k++) {
			expr_destroy(step->rules[k].condition.expr);
		}
	}
}

/* ---- what others may know of it ---- */

const char *flow_name(const struct flow *flow)
{
	return flow->name;
}

const char *flow_about(const struct flow *flow)
{
	return flow->about;
}

const char *flow_source(const struct flow *flow)
{
	return flow->source;
}

const char *flow_version(const struct flow *flow)
{
	return flow->version;
}

const char *const *flow_words(const struct flow *flow)
{
	return flow->words;
}

bool flow_needs_consent(const struct flow *flow)
{
	return flow->needs_consent;
}

const char *const *flow_calls(const struct flow *flow)
{
	return flow->calls;
}

const char *const *flow_steps(const struct flow *flow)
{
	return flow->step_ids;
}

const char *flow_text(const struct flow *flow, size_t i, const char **context_out)
{
	if (i >= flow->text_count) {
		return NULL;
	}
	*context_out = flow->texts[i]->context;
	return flow->texts[i]->source;
}
