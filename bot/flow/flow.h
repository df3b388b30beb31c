/* Flows: conversations declared in prompts/flows/<name>.yaml (docs/authoring.md), and the pure
 * engine that walks them. No clock, no store, no network: the caller feeds replies, performs the
 * actions that the engine names, and keeps the place. */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "base/mem.h"
#include "flow/expr.h"
#include "flow/read.h"
#include "flow/values.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- what flows may mention, declared by handlers (bot/handler.h) ---- */

struct flow_fact {
	const char *name;
	enum value_type type;
};
struct flow_action {
	const char *name;
	const struct flow_fact *sets; /* values that it sets, ended by a NULL name; or NULL */
	bool takes_argument;          /* "do: start exercise" */
};
struct flow_vocabulary {
	const struct flow_fact *facts;
	size_t fact_count;
	const struct flow_action *actions;
	size_t action_count;
};

/* ---- a loaded flow ---- */

struct flow_choice { /* a quick reply shown with a question */
	const char *id;
	const char *label;
};

struct flow;
/* One flow from YAML source text (at most 1 MiB of valid UTF-8). name is what messages call the
 * file. All faults are found, not the first alone: *errors is a newline-joined list of
 * "name:line:column: sentence" in the arena and NULL is returned. */
struct flow *flow_parse(struct arena *, struct expr_engine *, const struct flow_vocabulary *,
	const char *name, const char *source, size_t len, const char **errors);
/* Frees the prepared conditions; the rest goes with the arena. NULL accepted. */
void flow_finish(struct flow *);

const char *flow_name(const struct flow *);
const char *flow_about(const struct flow *);
const char *flow_source(const struct flow *);       /* the YAML text, for flow_versions */
const char *flow_version(const struct flow *);      /* hash of the source, 16 hex digits */
const char *const *flow_words(const struct flow *); /* NULL-terminated keywords, may be empty */
bool flow_needs_consent(const struct flow *);
/* Names of flows that this one may call ("flow: NAME"), NULL-terminated, to check that they exist.
 */
const char *const *flow_calls(const struct flow *);
/* Step ids in file order, NULL-terminated; for listings and coverage. */
const char *const *flow_steps(const struct flow *);
/* Every text of the flow with its msgctxt ("checkin.pain", "checkin.pain.choice.good"), by index;
 * NULL past the end. For translation and for tests. */
const char *flow_text(const struct flow *, size_t i, const char **context_out);
/* The engine's own texts ("flow.guess", "flow.unread.scale") in the same way. */
const char *flow_general_text(size_t i, const char **context_out);
/* Graphviz source of the flow. */
const char *flow_dot(struct arena *, const struct flow *);
/* A readable outline: steps, answers, conditions. */
const char *flow_outline(struct arena *, const struct flow *);

/* ---- walking it ---- */

/* How the engine asks its caller for what it does not know itself. */
struct flow_host {
	void *ctx;
	/* a fact by name; null when unknown */
	struct value (*fact)(void *ctx, const char *name);
	/* the text in the person's language (msgctxt, English source) */
	const char *(*translate)(void *ctx, const char *context, const char *source);
	const struct lexicon *lexicon;
	int64_t today; /* local day number and minute, for dates and times */
	int now_min;
	const char *zone;
};

/* A place in a flow. Kept by the caller as step id, values and pending guess. */
struct flow_run {
	const struct flow *flow;
	const char *step; /* id of the step that waits for a reply; NULL: not started or ended */
	struct values *values; /* answers and what actions set */
	const char *pending;   /* JSON of guesses that were offered and not yet decided, or NULL */
	int unread;            /* replies in a row that could not be read at this step */
};

enum flow_event_kind {
	FLOW_SAY,  /* text */
	FLOW_ASK,  /* text, step, answer kind, choices: then wait for a reply */
	FLOW_LOG,  /* entry kind and value to keep, label for the echo */
	FLOW_DO,   /* action (and argument): perform it, set values, go on */
	FLOW_CALL, /* go on in another flow: argument is its name; this one ends */
	FLOW_WAIT, /* nothing more until a reply */
	FLOW_END,
};

struct flow_event {
	enum flow_event_kind kind;
	const char *text;                  /* SAY, ASK: placeholders filled in, translated */
	const char *context;               /* SAY, ASK: msgctxt, "checkin.pain" */
	const char *name;                  /* LOG: entry kind; DO: action */
	const char *argument;              /* DO, CALL */
	struct value value;                /* LOG */
	enum read_type answer;             /* ASK */
	double min, max;                   /* ASK of scale, minutes, number */
	const struct flow_choice *choices; /* ASK: quick replies, ended by a NULL id; or NULL */
	bool can_skip;                     /* ASK */
};

enum flow_input_kind {
	FLOW_INPUT_TEXT,   /* typed */
	FLOW_INPUT_CHOICE, /* a button: text is the choice's id */
	FLOW_INPUT_SKIP,
};

enum flow_took {
	FLOW_TOOK,   /* understood (or asked back): call flow_next until WAIT, CALL or END */
	FLOW_UNREAD, /* not for this question: the caller may look elsewhere, then flow_reask() */
};

struct flow_walk; /* one turn's work on a run, in the turn's arena */
struct flow_walk *flow_walk_create(struct arena *, struct flow_run *, const struct flow_host *);
/* Enters the first step. message may be NULL, or what the person said to start it ("pain 6, left
 * hip"): questions whose cues it mentions are filled from it. */
void flow_begin(struct flow_walk *, const char *message);
/* Feeds a reply to the waiting question (and, clause by clause, to later ones). A decided reply
 * is what follows; a reply with two readings makes flow_next offer the guesses. */
enum flow_took flow_reply(struct flow_walk *, enum flow_input_kind, const char *text);
/* Would a typed reply to the waiting question only be asked back ("Did you mean ...?")? Then it may
 * as well be a command that somebody typed. The walk is of no use afterwards. */
bool flow_is_doubtful(struct flow_walk *, const char *text);
/* Would the flow's own `commands` take this text ("stop" in an exercise)? Changes nothing. */
bool flow_is_command(struct flow_walk *, const char *text);
/* Ask the waiting question again, shorter, with its way out. */
void flow_reask(struct flow_walk *);
/* Ask it again as it stands (after an interruption or undo). */
void flow_repeat(struct flow_walk *);
/* Does every button mean the same when it is typed? Faults of quick replies, labels and synonyms
 * that the reader of host->lexicon does not take for what they are, after translation, a line each
 * in the arena; NULL: none. name is what messages call the file. */
const char *flow_check_replies(
	struct arena *, const struct flow *, const struct flow_host *, const char *name);
/* The next thing to do. After FLOW_WAIT the run's fields are what has to be kept. */
enum flow_event_kind flow_next(struct flow_walk *, struct flow_event *out);
/* The "why" text of the step that waits, translated, or NULL. */
const char *flow_why(struct flow_walk *);

#endif
