/* The inside of a walk. Private to flow_walk.c, flow_texts.c and to those that understand replies
 * for it: flow_reply.c, flow_clauses.c, flow_guess.c. */
#ifndef FLOW_FLOW_WALK_H
#define FLOW_FLOW_WALK_H

#include "flow/flow_phrases.h"
#include "flow/flow_private.h"

enum { WALK_FRONT_MAX = 4 };

enum walk_stage {
	WALK_BLOCK,  /* doing and saying what block says, from deed and line on */
	WALK_RULES,  /* the step is answered: which rule? */
	WALK_FINISH, /* keep what was said and not reached, then end or call */
	WALK_WAIT,
	WALK_ENDED,
};

struct flow_walk {
	struct arena *arena;
	struct flow_run *run;
	const struct flow_host *host;
	const struct flow *flow;
	size_t step;
	enum walk_stage stage;
	const struct flow_block *block;
	size_t deed, line;
	const char *opening; /* what the flow was started with; may hint at the first answer */
	const char *call;    /* WALK_FINISH: the flow that follows, or NULL */
	struct flow_event front[WALK_FRONT_MAX]; /* said before anything else */
	size_t front_count, front_at;
	struct values *extra; /* {guess}, {min}: placeholders of general texts */
	bool owes_word;       /* a skip must not be met with silence */
	size_t hops;
};

/* ---- flow_texts.c ---- */

/* ctx is the walk: a value of the run, else a fact; null when unknown. */
struct value walk_value(void *ctx, const char *name);
const char *walk_text(struct flow_walk *, const struct flow_line *);
const char *walk_phrase(struct flow_walk *, enum flow_phrase);
/* The person's words for typed words: the source's and the translation's, NULL-terminated. */
const char *const *walk_words(struct flow_walk *, const struct flow_line *);
/* The question as the reader wants it, with translated options. */
struct read_question walk_question(struct flow_walk *, const struct flow_step *, bool in_answer);
/* The buttons of a question, ended by a NULL id; NULL: none. */
const struct flow_choice *walk_choices(struct flow_walk *, const struct flow_step *);
/* A value as people read it: labels instead of ids. */
const char *walk_show(struct flow_walk *, const struct flow_step *, struct value);

/* ---- flow_walk.c ---- */

const struct flow_step *walk_step(const struct flow_walk *); /* where it stands */
/* To be given out before anything else; walk_push_ask() repeats the question in these words. */
void walk_push_say(struct flow_walk *, const char *text, const char *context);
void walk_push_ask(struct flow_walk *, const char *text);
/* The waiting step's answer is decided. */
void walk_answer(struct flow_walk *, struct value);
/* An answer to a step that was not asked yet; used when it is reached. */
void walk_remember(struct flow_walk *, const struct flow_step *, struct value);
void walk_start(struct flow_walk *); /* enters the first step */
void walk_start_block(struct flow_walk *, const struct flow_block *);

/* ---- flow_clauses.c ---- */

void reply_read(struct flow_walk *, const struct flow_step *, const char *text, bool in_answer,
	struct reading *out);
/* Does a text mention the step's cues or its subject? */
bool reply_mentions(struct flow_walk *, const struct flow_step *, const char *text);
/* Could a bare number in a text be the step's answer? */
bool reply_takes_numbers(const struct flow_step *);
/* Reads a message for the open question (NULL: none yet) and for those that may follow. True when
 * it answered some of the latter; they are then remembered. */
bool reply_understand(
	struct flow_walk *, const struct flow_step *current, const char *text, struct reading *out);

/* ---- flow_guess.c ---- */

/* Keeps the guesses of a reading and asks which one is meant. */
void reply_guess(struct flow_walk *, const struct reading *);
/* Asks the waiting step's question with what the opening message may have answered to it; false
 * when that says nothing. */
bool reply_open(struct flow_walk *, const char *message);
/* Asks for the pending guesses again; false when there are none. */
bool reply_offer(struct flow_walk *);
/* A reply to "Did you mean ...?"; false when it is none and has to be read as a fresh answer. */
bool reply_decide(struct flow_walk *, const char *text);

#endif
