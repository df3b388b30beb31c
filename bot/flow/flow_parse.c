/* A flow out of its YAML tree: rules, steps, commands, the file. This file and its neighbours
 * flow_lines.c and flow_answer.c look at one key at a time and say what they want to see there;
 * whatever needs two places at once (targets, names, loops) is flow_check.c. A fault does not stop
 * the reading, so that an author sees all of them in one run. */
#include "flow/flow_parse.h"

#include "base/hash.h"

#include <string.h>

enum { STEPS_MAX = 200 };

/* ---- a step ---- */

static void take_rule(
	struct parse *p, const struct yaml_node *node, const char *context, struct flow_rule *rule)
{
	static const char *const keys[] = {"if", "say", "do", "go", "flow", NULL};

	yaml_only(p->faults, node, keys);
	if (node->kind != YAML_MAP) {
		return;
	}
	parse_condition(p, node, "if", &rule->condition);
	parse_block(p, node, context, &rule->block);
	parse_target(p, node, &rule->block);
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
	step->rules = arena_alloc(p->arena, (parse_count(node) + 1) * sizeof *step->rules);
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
static void check_step_id(struct parse *p, const struct yaml_node *node)
{
	static const char *const taken[] = {"end", "words", "about", "command", NULL};

	parse_want_word(p, "the id of a step", node->key, node->key_line, node->key_column);
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
	parse_condition(p, node, "when", &step->when);
	parse_block(p, node, context, &step->block);
	parse_question(p, node, context, step);
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
	size_t count = parse_count(node), n = 0;
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
	parse_words(p, node, "words", arena_printf(p->arena, "%s.words", context), &command->words);
	parse_block(p, node, context, &command->block);
	parse_target(p, node, &command->block);
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
	f->commands = arena_alloc(p->arena, (parse_count(node) + 1) * sizeof *f->commands);
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
		parse_want_word(p, "the name of a flow", p->flow->name, node->line, node->column);
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
	parse_text(p, root, "about", arena_printf(p->arena, "%s.about", f->name), about);
	f->about = about->source ? about->source : "";
	parse_words(p, root, "words", arena_printf(p->arena, "%s.words", f->name), words);
	f->words = words->source ? flow_split(p->arena, words->source) : none;
	f->needs_consent = parse_flag(p, root, "consent", true);
	take_commands(p, root);
	take_steps(p, root);
}

static void list_texts(struct parse *p)
{
	size_t n = 0;

	p->flow->texts = arena_alloc(p->arena, (p->text_count + 1) * sizeof *p->flow->texts);
	for (const struct parse_item *item = p->first; item; item = item->next) {
		p->flow->texts[n++] = item->line;
	}
	p->flow->text_count = n;
}

static const char *hash_source(struct arena *arena, const char *source, size_t len)
{
	char text[HASH_HEX];

	hash_write(hash_add(hash_begin(), source, len), text);
	return arena_strdup(arena, text);
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
