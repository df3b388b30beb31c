/* The open triage of the person of this turn: begin, ask, keep, finish. Shared by the handlers that
 * start or lead one. No handler itself. */
#ifndef HANDLERS_TRIAGE_NOW_H
#define HANDLERS_TRIAGE_NOW_H

#include "bot/handler.h"
#include "flow/triage.h"

/* What the open dialog is about. */
enum triage_mode {
	TRIAGE_MODE_RUN,   /* a run and its questions */
	TRIAGE_MODE_OFFER, /* after alarm words: shall we go through the emergency screen? */
	TRIAGE_MODE_NOW,   /* "Is any of that happening to you now?" */
	TRIAGE_MODE_REST,  /* "Gone after 10 minutes of rest?" */
};

struct triage_now {
	enum triage_mode mode;
	struct triage_run *run; /* MODE_RUN */
	int unread;             /* replies in a row that could not be read */
	bool is_nudged;         /* the reminder for no reply has been sent */
	const char *before;     /* other modes: the level before the alarm words, or "" */
	const char *level;      /* other modes: the level that they have, or "" */
	const char *row;        /* NOW, REST: what a yes (a no) answers */
	unsigned to;
};

const struct triage_table *triage_now_table(struct turn *);
/* What is known of the person, as the engine wants it; facts that are due again are left out. So is
 * an age under 18, which every run asks anew: a slip of the finger must not decide for ever. */
struct values *triage_now_facts(struct turn *);
/* Did the person last say that they are younger than 18? */
bool triage_now_is_minor(struct turn *);
/* A triage text in the person's language: its context is "triage.<id>.<part>". */
const char *triage_now_words(struct turn *, const char *id, const char *part, const char *source);

/* From a dialog's (or reminder's) values; false when they cannot be read any more. */
bool triage_now_read(struct turn *, const char *values, struct triage_now *out);
/* Opens a run and asks its first question. */
void triage_now_begin(struct turn *, const char *start, bool is_hurried);
/* Asks what is to be asked now and keeps the place; or says the result and closes. */
void triage_now_go_on(struct turn *, struct triage_now *);
/* Asks the question at hand again, as it stands. */
void triage_now_repeat(struct turn *, const struct triage_now *);
/* The person does not go on: the careful result so far. */
void triage_now_give_up(struct turn *, struct triage_now *);
/* Keeps the place in the dialog and plans the reminder for no reply. */
void triage_now_keep(struct turn *, const struct triage_now *, const char *step);
/* Keeps answers of the rows just asked as entries, and as facts where they are. */
void triage_now_log(struct turn *, const struct triage_run *, const struct triage_next *asked);

/* ---- triage_say.c: words ---- */

/* Sets {call}, {emergency}, {advice} and {crisis} for texts. */
void triage_say_numbers(struct turn *);
void triage_say_question(struct turn *, const struct triage_next *);
/* The step that a question is kept and shown under. */
const char *triage_say_step(struct turn *, const struct triage_next *);
void triage_say_result(struct turn *, const struct triage_run *, const struct triage_result *);
/* That this is made for adults, and to tell one. */
void triage_say_minor(struct turn *);
/* The message for alarm words of this level. */
void triage_say_alarm(struct turn *, enum triage_level, unsigned to, bool is_private);

/* ---- triage_level.c: what a result changes ---- */

/* The level that holds now; "" when there is none. */
const char *triage_level_now(struct turn *);
void triage_level_set(struct turn *, const char *level);
/* Sets it if it is higher than what holds. Returns what held before. */
const char *triage_level_raise(struct turn *, enum triage_level);
/* Plans the check-backs of a level; those of an earlier one are dropped. */
void triage_level_follow(struct turn *, enum triage_level);

#endif
