/* Every message in and out, in one order. Outgoing rows are the outbox: written in the turn's
 * transaction, delivered later, kept afterwards as the history that the chat page shows. */
#ifndef STORE_MESSAGES_H
#define STORE_MESSAGES_H

#include "store/store.h"

enum message_state {
	MESSAGE_IN,      /* from the person */
	MESSAGE_PENDING, /* outbox: to be sent */
	MESSAGE_SENT,
	MESSAGE_DEAD, /* definitely refused or given up; visible to the operator */
};

struct message {
	int64_t id;      /* one ascending sequence for both directions, never used twice */
	int64_t user_id; /* 0: nobody's (the receipt of "forget me"); deleted once settled */
	enum message_state state;
	const char *link, *conversation, *handle;
	const char *body;        /* JSON of struct outbound; or the person's text; NULL: not kept */
	const char *platform_id; /* the platform's id once known, or NULL */
	char key[40];            /* outbox: same over every retry (uuid made from the row id) */
	int attempts;
	int64_t created_utc_ms;
	int64_t next_try_utc_ms;
	const char *error; /* why it is dead or was put off, or NULL */
};

/* Adds a row, sets id (and key for an outgoing one). A pending row never gets an earlier next try
 * than the pending rows of its conversation before it: next_try_utc_ms may be moved. */
void message_add(struct store *, struct message *);
/* Outbox rows ready to go, oldest first: pending, due, on this link, and the first unsent one of
 * their conversation. Skips ids at or below after_id. Returns how many were filled (arena). */
size_t outbox_ready(struct store *, struct arena *, const char *link, int64_t now_utc_ms,
	int64_t after_id, struct message *out, size_t max);
/* When the earliest pending row of any link may be tried again; 0: none is waiting. One index
 * look-up. In the past while a ready row is under way. */
int64_t outbox_next_try(struct store *);
/* These three settle or put off a pending row and count the attempt; other rows are left alone.
 * outbox_retry() also puts off the rows behind it in its conversation. */
void outbox_sent(struct store *, int64_t id, const char *platform_id);
void outbox_retry(struct store *, int64_t id, int64_t next_try_utc_ms, const char *error);
void outbox_dead(struct store *, int64_t id, const char *error);
/* A row by id; false: unknown. */
bool message_get(struct store *, struct arena *, int64_t id, struct message *out);
/* Counts for doctor and metrics. */
struct outbox_counts {
	int64_t pending, dead;
	int64_t oldest_pending_utc_ms; /* 0: none */
};
struct outbox_counts outbox_count(struct store *);
/* The last max messages of a user before before_id (0: newest), oldest first; or, with
 * after_id > 0, those after it. Only those of the given link when link is not NULL. */
size_t message_history(struct store *, struct arena *, int64_t user_id, const char *link,
	int64_t before_id, int64_t after_id, struct message *out, size_t max);
/* The inbound row of a platform's message id, for edits and deletions; false: unknown. */
bool message_find(struct store *, struct arena *, const char *link, const char *platform_id,
	struct message *out);
void message_set_body(struct store *, int64_t id, const char *body); /* NULL: forgotten */

/* ---- what turns did, for undo and for "I never said that" ---- */

struct turn_row {
	int64_t id; /* set by turn_row_add */
	int64_t user_id;
	int64_t message_id; /* inbound message, 0 for a due time */
	const char *what;   /* "checkin.pain" step or "due:checkin" or a command's name */
	const char *
		before; /* JSON of the dialog stack's top before the turn, or NULL: none was open */
	int64_t at_utc_ms;
};
/* Add one for a turn that stored something (an entry or an answer). */
void turn_row_add(struct store *, struct turn_row *);
/* The newest turn row of the user that is not undone. */
bool turn_row_last(struct store *, struct arena *, int64_t user_id, struct turn_row *out);
void turn_row_undone(struct store *, int64_t id);

#endif
