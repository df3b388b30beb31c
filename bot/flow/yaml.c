/* A tree out of libyaml's events. libyaml's own words are terse, so a fault carries the line, a
 * caret and a guess at what the author meant; what YAML allows and our files do not need (anchors,
 * aliases, tags, repeated keys) is refused here, once for all readers. */
#include "flow/yaml.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 20, SOURCE_MAX = 1 << 20 };

struct reader {
	struct arena *arena;
	struct yaml_faults *faults;
	const char *source;
	size_t len;
	yaml_parser_t parser;
	bool has_failed; /* of the parser: it can say no more */
};

static int mark_line(yaml_mark_t mark)
{
	return (int)mark.line + 1;
}

static int mark_column(yaml_mark_t mark)
{
	return (int)mark.column + 1;
}

/* The source's line (from 1) and a caret below the column, to follow a fault. */
static const char *show_line(const struct reader *r, int line, int column)
{
	const char *p = r->source, *end = r->source + r->len, *stop;
	struct buf caret = {0};
	const char *text;

	while (--line > 0 && p < end) {
		stop = memchr(p, '\n', (size_t)(end - p));
		p = stop ? stop + 1 : end;
	}
	stop = memchr(p, '\n', (size_t)(end - p));
	stop = stop ? stop : end;
	for (int i = 1; i < column && i < 200; i++) {
		buf_addc(&caret, p + i <= stop && p[i - 1] == '\t' ? '\t' : ' ');
	}
	text = arena_printf(r->arena, "\n    %.*s\n    %s^", (int)(stop - p < 200 ? stop - p : 200),
		p, buf_text(&caret));
	buf_finish(&caret);
	return text;
}

/* What libyaml's sentence means to an author. opened is the line that it refers to. */
static const char *explain(const struct reader *r, int opened)
{
	static const struct {
		const char *problem, *hint;
	} hints[] = {
		{"mapping values are not allowed",
			"a colon inside a text: put the whole text in quotes"},
		{"did not find expected key",
			"the indent does not line up with the block that starts at line %d"},
		{"did not find expected '-'",
			"the indent does not line up with the list that starts at line %d"},
		{"did not find expected ',' or ']'",
			"a comma or ] is missing; the bracket was opened at line %d"},
		{"did not find expected ',' or '}'",
			"a comma or } is missing; the brace was opened at line %d"},
		{"could not find expected ':'", "a colon is missing after the key at line %d"},
		{"found unexpected end of stream", "the quote opened at line %d is never closed"},
		{"found unexpected document indicator",
			"the quote opened at line %d is never closed"},
		{"found unknown escape", "use single quotes when a text has a backslash"},
		{"block sequence entries are not allowed",
			"a list must start on a line of its own"},
		{"control characters are not allowed", "remove the invisible control character"},
	};
	const char *problem = r->parser.problem ? r->parser.problem : "this cannot be read";

	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
		if (!strncmp(problem, hints[i].problem, strlen(hints[i].problem))) {
			const char *hint = hints[i].hint, *at = strstr(hint, "%d");

			return at ? arena_printf(r->arena, "%.*s%d%s", (int)(at - hint), hint,
					    opened, at + 2)
				  : hint;
		}
	}
	return problem;
}

/* The character at a problem decides for "cannot start any token". */
static const char *explain_token(const struct reader *r)
{
	size_t at = r->parser.problem_mark.index;

	/* index counts characters; good enough to look at, as long as it stays inside */
	if (!r->parser.problem || !strstr(r->parser.problem, "cannot start any token")) {
		return NULL;
	}
	if (at < r->len && r->source[at] == '\t') {
		return "a tab: indent with spaces";
	}
	return "a text cannot start with this character: put it in quotes";
}

static void parser_fault(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *hint = explain_token(r);
	int line = mark_line(p->problem_mark), column = mark_column(p->problem_mark);

	r->has_failed = true;
	hint = hint ? hint : explain(r, mark_line(p->context ? p->context_mark : p->problem_mark));
	yaml_fault(r->faults, line, column, "%s%s", hint, show_line(r, line, column));
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
	if (r->has_failed) {
		return false;
	}
	if (!yaml_parser_parse(&r->parser, event)) {
		parser_fault(r);
		return false;
	}
	return true;
}

static void refuse(struct reader *r, const yaml_event_t *event, const char *what)
{
	yaml_fault(r->faults, mark_line(event->start_mark), mark_column(event->start_mark),
		"%s are not used in these files", what);
}

static struct yaml_node *node_create(
	struct reader *r, const yaml_event_t *event, enum yaml_kind kind)
{
	struct yaml_node *node = arena_alloc(r->arena, sizeof *node);

	node->kind = kind;
	node->line = mark_line(event->start_mark);
	node->column = mark_column(event->start_mark);
	return node;
}

static struct yaml_node *read_scalar(struct reader *r, const yaml_event_t *event)
{
	struct yaml_node *node = node_create(r, event, YAML_TEXT);
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;

	if (event->data.scalar.anchor) {
		refuse(r, event, "anchors (&name)");
	}
	if (event->data.scalar.tag) {
		refuse(r, event, "tags (!name)");
	}
	if (memchr(text, '\0', len)) {
		yaml_fault(r->faults, node->line, node->column, "a text cannot hold \\0");
	}
	node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->text = arena_strndup(r->arena, text, len);
	return node;
}

static struct yaml_node *read_node(struct reader *r, const yaml_event_t *event, int depth);

static int compare_keys(const void *a, const void *b)
{
	const struct yaml_node *x = *(struct yaml_node *const *)a;
	const struct yaml_node *y = *(struct yaml_node *const *)b;
	int order = strcmp(x->key, y->key);

	if (order == 0) {
		order = x->key_line != y->key_line ? x->key_line - y->key_line
						   : x->key_column - y->key_column;
	}
	return order;
}

static void check_repeats(struct reader *r, const struct yaml_node *map, size_t count)
{
	struct yaml_node **sorted = mem_alloc(count, sizeof *sorted);
	size_t n = 0;

	for (struct yaml_node *c = map->first; c; c = c->next) {
		sorted[n++] = c;
	}
	qsort(sorted, n, sizeof *sorted, compare_keys);
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(sorted[i - 1]->key, sorted[i]->key)) {
			yaml_fault(r->faults, sorted[i]->key_line, sorted[i]->key_column,
				"\"%s\" stands here twice, first at line %d", sorted[i]->key,
				sorted[i - 1]->key_line);
		}
	}
	free(sorted);
}

/* The children of a list or map up to its end event. */
static void read_children(struct reader *r, struct yaml_node *parent, int depth)
{
	struct yaml_node **tail = &parent->first;
	size_t count = 0;
	yaml_event_t event;

	while (next_event(r, &event)) {
		struct yaml_node *key = NULL, *child = NULL;
		bool is_end = event.type == YAML_SEQUENCE_END_EVENT ||
			      event.type == YAML_MAPPING_END_EVENT;

		if (!is_end) {
			child = read_node(r, &event, depth);
		}
		yaml_event_delete(&event);
		if (is_end) {
			break;
		}
		if (parent->kind == YAML_MAP) {
			key = child;
			child = NULL;
			if (next_event(r, &event)) {
				child = read_node(r, &event, depth);
				yaml_event_delete(&event);
			}
			if (key && key->kind != YAML_TEXT) {
				yaml_fault(r->faults, key->line, key->column,
					"a key must be a plain word");
				key = NULL;
			}
			if (!key || !child) {
				continue;
			}
			child->key = key->text;
			child->key_line = key->line;
			child->key_column = key->column;
		}
		if (child) {
			*tail = child;
			tail = &child->next;
			count++;
		}
	}
	if (parent->kind == YAML_MAP) {
		check_repeats(r, parent, count);
	}
}

static struct yaml_node *read_node(struct reader *r, const yaml_event_t *event, int depth)
{
	bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
	struct yaml_node *node;

	if (event->type == YAML_SCALAR_EVENT) {
		return read_scalar(r, event);
	}
	if (event->type == YAML_ALIAS_EVENT) {
		refuse(r, event, "aliases (*name)");
		return NULL;
	}
	node = node_create(r, event, is_list ? YAML_LIST : YAML_MAP);
	if (is_list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor) {
		refuse(r, event, "anchors (&name)");
	}
	if (is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag) {
		refuse(r, event, "tags (!name)");
	}
	if (depth >= DEPTH_MAX) {
		yaml_fault(
			r->faults, node->line, node->column, "nested more than %d deep", DEPTH_MAX);
		r->has_failed = true;
		return NULL;
	}
	read_children(r, node, depth + 1);
	return node;
}

/* Stream and document events around the one root. */
static struct yaml_node *read_stream(struct reader *r)
{
	struct yaml_node *root = NULL;
	bool is_end = false;
	yaml_event_t event;

	while (!is_end && next_event(r, &event)) {
		is_end = event.type == YAML_STREAM_END_EVENT;
		if (event.type == YAML_DOCUMENT_START_EVENT && root) {
			yaml_fault(r->faults, mark_line(event.start_mark), 1,
				"one file holds one document: remove this ---");
			is_end = true;
		} else if (event.type == YAML_SCALAR_EVENT || event.type == YAML_ALIAS_EVENT ||
			   event.type == YAML_SEQUENCE_START_EVENT ||
			   event.type == YAML_MAPPING_START_EVENT) {
			root = read_node(r, &event, 0);
		}
		yaml_event_delete(&event);
	}
	return root;
}

/* Line of the first byte that is not UTF-8. */
static int bad_line(const char *source, size_t len)
{
	int line = 1;

	for (size_t i = 0; i < len;) {
		const char *stop = memchr(source + i, '\n', len - i);
		size_t n = stop ? (size_t)(stop - source) - i : len - i;

		if (!text_is_utf8(source + i, n)) {
			break;
		}
		i += n + 1;
		line += i < len;
	}
	return line;
}

struct yaml_node *yaml_parse(
	struct arena *arena, const char *source, size_t len, struct yaml_faults *faults)
{
	struct reader r = {.arena = arena, .faults = faults, .source = source, .len = len};
	size_t before = yaml_fault_count(faults);
	struct yaml_node *root;

	if (len > SOURCE_MAX) {
		yaml_fault(faults, 1, 1, "larger than 1 MiB");
		return NULL;
	}
	if (!text_is_utf8(source, len)) {
		yaml_fault(faults, bad_line(source, len), 1,
			"not UTF-8: save the file as UTF-8 without NUL bytes");
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser)) {
		yaml_fault(faults, 1, 1, "no memory to read it");
		return NULL;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)source, len);
	root = read_stream(&r);
	yaml_parser_delete(&r.parser);
	if (!root && yaml_fault_count(faults) == before) {
		yaml_fault(faults, 1, 1, "the file is empty");
	}
	return yaml_fault_count(faults) == before ? root : NULL;
}

struct yaml_node *yaml_load(struct arena *arena, const char *path, struct yaml_faults *faults)
{
	struct yaml_node *root = NULL;
	struct buf source = {0};
	const char *error;

	if (buf_read_file(&source, path, SOURCE_MAX, &error)) {
		root = yaml_parse(arena, buf_text(&source), source.len, faults);
	} else {
		yaml_fault(faults, 1, 1, "cannot be read: %s", error);
	}
	buf_finish(&source);
	return root;
}
