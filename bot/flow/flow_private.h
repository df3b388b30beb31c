/* What a flow is inside. Private to flow_*.c.
 *
 * Steps, rules and commands all do the same in the same order: actions, then texts, then go
 * somewhere. That is a block. */
#ifndef FLOW_FLOW_PRIVATE_H
#define FLOW_FLOW_PRIVATE_H

#include "flow/flow.h"
#include "flow/yaml.h"

enum { FLOW_TEXT_MAX = 400 }; /* characters */

struct flow_line { /* a text that people read, or words that they type */
	const char *context, *source;
	int line, column;
};

struct flow_deed { /* "do: name argument" */
	const char *name, *argument;
	const struct flow_action *action; /* NULL: unknown, and reported */
	int line, column;
};

struct flow_condition {
	const char *source; /* NULL: always true */
	struct expr *expr;  /* prepared by the check */
	int line, column;
};

enum flow_go { FLOW_GO_ON, FLOW_GO_STEP, FLOW_GO_END, FLOW_GO_FLOW, FLOW_GO_ASK, FLOW_GO_STAY };

struct flow_block {
	struct flow_deed *deeds;
	size_t deed_count;
	struct flow_line *lines;
	size_t line_count;
	enum flow_go go;
	const char *target; /* FLOW_GO_STEP, FLOW_GO_FLOW */
	size_t step;        /* FLOW_GO_STEP: its index */
	int line, column;   /* of the target */
};

struct flow_rule {
	struct flow_condition condition;
	struct flow_block block;
};

struct flow_command {
	struct flow_line words; /* joined by ", " */
	struct flow_block block;
	int line, column;
};

struct flow_option {
	struct flow_line label;
	struct flow_line also; /* joined by ", "; source NULL: none */
};

struct flow_step {
	const char *id;
	int line, column;
	struct flow_condition when;
	struct flow_block block; /* what is done and said on entering */
	struct flow_line ask;    /* source NULL: asks nothing */
	bool is_listening;       /* answered only unasked */
	bool has_unsure;         /* yes/no/unsure */
	struct read_question question;
	struct flow_option *options; /* as many as question.option_count */
	struct flow_line *quick;
	size_t quick_count;
	const char *name; /* its value's */
	const char *log;
	struct flow_line cues; /* joined by ", "; source NULL: none */
	bool can_skip;
	struct flow_line skipped; /* said when it is skipped */
	struct flow_line unclear, why;
	struct flow_rule *rules;
	size_t rule_count;
	const bool *reaches; /* by index: can that step follow, now or later? */
};

struct flow {
	const char *name, *about, *source, *version;
	const char *const *words;
	const char *const *calls;
	const char *const *step_ids;
	bool needs_consent;
	struct flow_step *steps;
	size_t step_count;
	struct flow_command *commands;
	size_t command_count;
	const struct flow_line **texts; /* all of them, in file order */
	size_t text_count;
};

/* What a step can answer at all: it asks or listens. */
bool flow_step_answers(const struct flow_step *);
/* The step's index, or step_count. */
size_t flow_step_find(const struct flow *, const char *id);
/* "a, b" as a NULL-terminated list. */
const char *const *flow_split(struct arena *, const char *joined);
/* Faults across steps; prepares the conditions. */
void flow_check(struct arena *, struct expr_engine *, const struct flow_vocabulary *, struct flow *,
	struct yaml_faults *);
/* ... of the ways between them, when all targets are known. Sets each step's reaches. */
void flow_check_ways(struct arena *, struct flow *, struct yaml_faults *);

#endif
