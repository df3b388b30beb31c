/* What starts a turn: a message, or a due time. Also what platforms report between turns. Events
 * wait in a queue with an arena of its own until the pass that handled them is committed. */
#ifndef BOT_EVENT_H
#define BOT_EVENT_H

#include "base/mem.h"
#include "bot/platform.h"
#include "store/reminders.h"

enum event_kind { EVENT_MESSAGE, EVENT_DUE, EVENT_MARK, EVENT_SENT };

struct event {
	enum event_kind kind;
	struct link *link;        /* MESSAGE, MARK, SENT */
	struct inbound inbound;   /* MESSAGE */
	int64_t message_id;       /* MESSAGE: set by the turn, for stored() */
	int64_t reminder_id;      /* DUE */
	const char *name, *value; /* MARK; SENT: platform id and error */
	int64_t outbox_id;        /* SENT */
	enum sent_result result;
	int retry_after_ms;
};

struct event_queue {
	struct arena *arena;
	struct event *items;
	size_t count, cap;
};

enum { EVENT_QUEUE_MAX = 4096 };

struct event_queue *event_queue_create(void);
void event_queue_destroy(struct event_queue *);
void event_queue_clear(struct event_queue *);
/* Adds a copy; its texts are copied into the queue's arena. NULL when the queue is full. */
struct event *event_queue_add(struct event_queue *, const struct event *);

#endif
