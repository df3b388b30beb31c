/* The question of a step: what is asked, what kind of answer it takes, and the keys that only make
 * sense with it. */
#include "flow/flow_parse.h"

#include <stdlib.h>
#include <string.h>

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
	parse_want_word(p, "the id of a choice", node->key, node->key_line, node->key_column);
	if (node->kind == YAML_TEXT) {
		parse_line(p, node, base, &option->label);
	} else {
		yaml_only(p->faults, node, keys);
		parse_text(p, node, "label", base, &option->label);
		parse_words(
			p, node, "also", arena_printf(p->arena, "%s.also", base), &option->also);
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
	if (node->kind != YAML_MAP || parse_count(node) < 2) {
		yaml_fault(p->faults, node->line, node->column,
			"\"choices\" wants two or more lines of \"id: Label\"");
		return;
	}
	step->options = arena_alloc(p->arena, parse_count(node) * sizeof *step->options);
	options = arena_alloc(p->arena, parse_count(node) * sizeof *options);
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
		parse_text(
			p, map, "skip", arena_printf(p->arena, "%s.skip", context), &step->skipped);
	}
}
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

void parse_question(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_step *step)
{
	step->is_listening = parse_flag(p, map, "listen", false);
	parse_text(p, map, "ask", context, &step->ask);
	take_answer(p, map, step);
	take_options(p, map, context, step);
	step->quick = parse_lines(p, map, "quick", arena_printf(p->arena, "%s.quick", context),
		false, &step->quick_count);
	step->question.subject = yaml_text(p->faults, map, "subject");
	step->question.past_only = parse_flag(p, map, "past", false);
	step->name = parse_word(p, map, "name");
	step->name = step->name ? step->name : step->id;
	step->log = parse_word(p, map, "log");
	parse_words(p, map, "cues", arena_printf(p->arena, "%s.cues", context), &step->cues);
	take_skip(p, map, context, step);
	parse_text(
		p, map, "unclear", arena_printf(p->arena, "%s.unclear", context), &step->unclear);
	parse_text(p, map, "why", arena_printf(p->arena, "%s.why", context), &step->why);
	check_keys(p, map, step);
	check_question(p, map, step);
}
