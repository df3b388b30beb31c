/* What most keys of a flow hold: words, texts for people, and blocks of do, say and go. */
#include "flow/flow_parse.h"

#include <string.h>
#include <unistr.h>

size_t parse_count(const struct yaml_node *node)
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

bool parse_want_word(struct parse *p, const char *what, const char *text, int line, int column)
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

const char *parse_word(struct parse *p, const struct yaml_node *map, const char *key)
{
	const char *text = yaml_text(p->faults, map, key);
	const struct yaml_node *node = yaml_get(map, key);

	if (text && !parse_want_word(p, key, text, node->line, node->column)) {
		return NULL;
	}
	return text;
}

bool parse_flag(struct parse *p, const struct yaml_node *map, const char *key, bool fallback)
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
	struct parse_item *item = arena_alloc(p->arena, sizeof *item);

	item->line = line;
	*p->tail = item;
	p->tail = &item->next;
	p->text_count++;
}

static size_t text_length(const char *text)
{
	return u8_mbsnlen((const uint8_t *)text, strlen(text));
}

void parse_line(
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

void parse_text(struct parse *p, const struct yaml_node *map, const char *key, const char *context,
	struct flow_line *out)
{
	const struct yaml_node *node = yaml_get(map, key);

	if (node) {
		parse_line(p, node, context, out);
	}
}

struct flow_line *parse_lines(struct parse *p, const struct yaml_node *map, const char *key,
	const char *base, bool first_is_bare, size_t *count_out)
{
	const struct yaml_node *node = yaml_get(map, key);
	size_t count = node && node->kind == YAML_LIST ? parse_count(node) : node != NULL;
	struct flow_line *lines = arena_alloc(p->arena, (count + 1) * sizeof *lines);

	if (node && node->kind == YAML_LIST) {
		size_t i = 0;

		if (!count) {
			yaml_fault(p->faults, node->line, node->column, "the list is empty");
		}
		for (const struct yaml_node *c = node->first; c; c = c->next, i++) {
			parse_line(p, c,
				i == 0 && first_is_bare
					? base
					: arena_printf(p->arena, "%s.%zu", base, i + 1),
				&lines[i]);
		}
	} else if (node) {
		parse_line(p, node, first_is_bare ? base : arena_printf(p->arena, "%s.1", base),
			&lines[0]);
	}
	*count_out = count;
	return lines;
}

void parse_words(struct parse *p, const struct yaml_node *map, const char *key, const char *context,
	struct flow_line *out)
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
	size_t count = node && node->kind == YAML_LIST ? parse_count(node) : node != NULL;

	block->deeds = arena_alloc(p->arena, (count + 1) * sizeof *block->deeds);
	if (node && node->kind == YAML_LIST) {
		for (const struct yaml_node *c = node->first; c; c = c->next) {
			take_deed(p, c, &block->deeds[block->deed_count++]);
		}
	} else if (node) {
		take_deed(p, node, &block->deeds[block->deed_count++]);
	}
}

void parse_target(struct parse *p, const struct yaml_node *map, struct flow_block *block)
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

void parse_block(
	struct parse *p, const struct yaml_node *map, const char *context, struct flow_block *block)
{
	take_deeds(p, map, block);
	block->lines = parse_lines(
		p, map, "say", arena_printf(p->arena, "%s.say", context), true, &block->line_count);
}

void parse_condition(
	struct parse *p, const struct yaml_node *map, const char *key, struct flow_condition *out)
{
	const struct yaml_node *node = yaml_get(map, key);

	out->source = yaml_text(p->faults, map, key);
	if (out->source) {
		out->line = node->line;
		out->column = node->column;
	}
}
