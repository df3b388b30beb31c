/* The daemon's core: links, the queue of events, one pass of work. It is driven from outside (the
 * loop, a talk file, a benchmark), so that the clock and the platforms can be anything. */
#ifndef BOT_BOT_H
#define BOT_BOT_H

#include "bot/event.h"
#include "bot/outbox.h"
#include "bot/platform.h"
#include "bot/prompts.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct bot_settings {
	int grace_min;      /* a reminder later than this is skipped with one kind line */
	int quiet_from_min; /* local minutes of the day between which the bot does not begin */
	int quiet_to_min;   /*   to write by itself, unless it is safety or was asked for */
	int message_days;   /* how long messages are kept */
	int seen_days;      /* how long platform ids are remembered */
	int rate_per_s;     /* outgoing messages a second on each link */
	int in_flight;      /* at most so many unsettled sends on each link */
	int retry_hours;    /* then an undelivered row is dead */
	uint64_t seed;      /* of everything random; 0: from the system */
	const char *lang;   /* for people whose platform does not tell */
};
extern const struct bot_settings bot_default_settings;

enum { BOT_LINKS_MAX = 32 };

struct bot {
	struct store *store;
	struct prompts *prompts;
	struct bot_settings settings;
	struct link *links[BOT_LINKS_MAX];
	size_t link_count;
	struct event_queue *arriving; /* filled by platforms */
	struct event_queue *working;  /* the pass at hand; kept when a commit fails */
	size_t worked;                /* how many of them are committed */
	struct outbox *outbox;
	struct arena *arena;       /* of the turn at hand */
	int64_t hold_until_utc_ms; /* storage is full or busy: no pass before */
	int64_t pruned_utc_ms;
	bool has_new_prompts;  /* flows as they were before may be of no use any more */
	bool wants_checkpoint; /* somebody was deleted: the write-ahead log still remembers them */
	uint64_t random;       /* state of bot_random() */
	bool is_broken;        /* storage failed for good: the process must end */
	/* What was said, for coverage and tests; may be NULL. */
	void (*trace)(void *ctx, const char *text_id);
	void *trace_ctx;
};

/* Takes over store and prompts. */
struct bot *bot_create(struct store *, struct prompts *, const struct bot_settings *);
void bot_destroy(struct bot *); /* closes links, store and prompts; NULL accepted */
/* Adds a link and opens it. name is copied. NULL with *error when the platform refuses. */
struct link *bot_link_add(struct bot *, const char *name, const struct platform *,
	const struct config *, struct loop *, const char **error);
struct link *bot_link_find(struct bot *, const char *name);
/* The names that flows may use: all facts and actions of all handlers. */
const struct flow_vocabulary *bot_vocabulary(void);
/* In [0, 1); the one source of chance in the core, so that a run can be repeated by its seed. */
double bot_random(struct bot *);
/* New prompts from now on (the old set is destroyed). */
void bot_use_prompts(struct bot *, struct prompts *);

/* A personal link's secret: single use. Writes BOT_SECRET_LEN + 1 bytes. False: not stored. */
bool bot_invite(struct store *, const char *handle, int hours, char *secret_out);

/* One pass: everything that has arrived and is due, in one transaction, then delivery. Returns
 * true when there may be more to do at once. */
bool bot_pass(struct bot *);
/* When the next pass is needed if nothing arrives, UTC ms; 0: never. */
int64_t bot_next_utc_ms(struct bot *);

#endif
