/* Reading a flow's YAML, key by key. Private to flow_parse.c, flow_lines.c and flow_answer.c.
 * Everything here records its faults and goes on. */
#ifndef FLOW_FLOW_PARSE_H
#define FLOW_FLOW_PARSE_H

#include "flow/flow_private.h"

/* Texts in the order they are met. */
struct parse_item {
	const struct flow_line *line;
	struct parse_item *next;
};

struct parse {
	struct arena *arena;
	struct yaml_faults *faults;
	struct flow *flow;
	struct parse_item *first, **tail;
	size_t text_count;
};

/* ---- flow_lines.c: words, texts and blocks ---- */

size_t parse_count(const struct yaml_node *list);
/* Is it of a-z, 0-9 and _? what names it in the fault. */
bool parse_want_word(struct parse *, const char *what, const char *text, int line, int column);
/* The scalar under a key that must be a word such as "pain"; NULL when absent or wrong. */
const char *parse_word(struct parse *, const struct yaml_node *map, const char *key);
bool parse_flag(struct parse *, const struct yaml_node *map, const char *key, bool fallback);
/* A text that people read, with its msgctxt. */
void parse_line(
	struct parse *, const struct yaml_node *, const char *context, struct flow_line *out);
/* The text under a key, if it is there. */
void parse_text(struct parse *, const struct yaml_node *map, const char *key, const char *context,
	struct flow_line *out);
/* One text or a list of them: "base" (or "base.1"), "base.2", "base.3". */
struct flow_line *parse_lines(struct parse *, const struct yaml_node *map, const char *key,
	const char *base, bool first_is_bare, size_t *count_out);
/* Words that people type, as one line for translators: "pain, back, hurts". */
void parse_words(struct parse *, const struct yaml_node *map, const char *key, const char *context,
	struct flow_line *out);
/* do and say; context is what the translator sees: "checkin.pain" or "checkin.pain.rule.1" */
void parse_block(
	struct parse *, const struct yaml_node *map, const char *context, struct flow_block *out);
/* go or flow */
void parse_target(struct parse *, const struct yaml_node *map, struct flow_block *out);
void parse_condition(
	struct parse *, const struct yaml_node *map, const char *key, struct flow_condition *out);

/* ---- flow_answer.c ---- */

/* ask, answer and all that belongs to them */
void parse_question(
	struct parse *, const struct yaml_node *map, const char *context, struct flow_step *step);

#endif
