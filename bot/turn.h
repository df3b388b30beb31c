/* One event handled in one savepoint: everything it stores and says is kept together or not at
 * all. Handlers see a turn only through bot/handler.h. */
#ifndef BOT_TURN_H
#define BOT_TURN_H

#include "bot/bot.h"
#include "bot/handler.h"
#include "store/messages.h"

struct draft { /* an outgoing message of this turn */
	struct outbound out;
	struct draft *next;
	bool is_public;  /* goes to the public conversation that the message came from */
	bool is_covered; /* a question that another one of this turn came after: not said now */
};

enum { TURN_KINDS_MAX = 16 };

struct turn {
	struct bot *bot;
	struct event *event;
	struct arena *arena;
	struct store *store;
	struct user user;
	bool has_user;
	const struct zone *zone;
	int64_t now_utc_ms;
	int64_t message_id; /* inbound row */
	const char *text;   /* the person's words, capped and checked; never NULL for messages */
	const struct read_words *words; /* the text, cut once for all commands */
	struct values *values;          /* set outside of a flow */
	struct draft *first_draft, **last_draft, *newest;
	/* the open dialog */
	struct dialog dialog;
	bool has_dialog;
	const char *dialog_before; /* JSON, for undo */
	/* the flow being walked, if any */
	struct flow_run run;
	struct flow_host host;
	struct flow_walk *walk;
	int64_t walk_dialog_id;
	const char *next_flow, *next_message; /* to start when the walk pauses or ends */
	/* what it did */
	const char *kinds[TURN_KINDS_MAX]; /* of the entries logged */
	size_t kind_count;
	int entries;      /* logged or corrected */
	bool took_answer; /* an open question was answered */
	const char *what; /* for the turn log */
	int64_t log_day;
	enum day_part log_part;
	bool is_silent; /* a due turn that must not speak (paused) */
	bool is_undo;
	int depth; /* flows started by flows */
};

/* Runs one event. False: the store failed (store_failed() says how) and nothing of it is kept. */
bool turn_run(struct bot *, struct event *);

/* ---- the pieces, for bot/turn*.c, route.c and schedule.c ---- */

/* turn.c: the person's open dialog into t->dialog, if they have one. */
void turn_load_dialog(struct turn *);
/* turn.c: the zone and the part of day of the person; again whenever their zone has changed. */
void turn_use_zone(struct turn *);

/* turn_say.c: a message at the end of those of this turn; text is kept, not copied. */
struct draft *turn_draft(struct turn *, enum outbound_kind, const char *text);
void turn_ask_event(struct turn *, const struct flow_event *); /* a flow's question */
void turn_write_drafts(struct turn *);                         /* all of them into the outbox */

/* turn_flow.c: a reply for the open flow dialog; false: unread. */
bool turn_flow_reply(struct turn *, enum flow_input_kind, const char *text);
/* The same when a handler leads the open dialog; false: unread, or a flow leads it. */
bool turn_leader_reply(struct turn *, enum flow_input_kind, const char *text);
/* The open flow's own commands take this text ("stop" in an exercise). */
bool turn_flow_command(struct turn *, const char *text);
/* The open flow could only ask back what this reply means. */
bool turn_flow_is_doubtful(struct turn *, const char *text);
/* The open question of a flow has waited so long that nobody means it any more. */
bool turn_dialog_is_old(const struct turn *);
/* The open flow goes on with the new number if it was told the old one under this name. */
void turn_flow_correct(struct turn *, const char *name, double number);
const char *turn_flow_why(struct turn *); /* the open question's own, or NULL */
void turn_reask(struct turn *);           /* the open question again, shorter, with its way out */

/* route.c: what a message is for, and all that follows. */
void route_message(struct turn *);
/* schedule.c: a reminder came due: its handler answers, or it is skipped for being too late. */
void schedule_due(struct turn *, struct reminder *);
/* Computes next_slot and next_utc_ms of a rule after the slots already handled; saves nothing. */
void schedule_plan(struct turn *, struct reminder *);

#endif
