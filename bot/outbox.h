/* Delivery: hands committed rows to their platforms, one conversation after the other, within each
 * link's rate and in-flight limits, and settles them by what the platform reports. The rows are
 * the truth; what is kept here is only what is under way, so a restart sends again what was not
 * settled, with the same key. */
#ifndef BOT_OUTBOX_H
#define BOT_OUTBOX_H

#include "bot/event.h"
#include "bot/platform.h"
#include "store/messages.h"

struct bot;
struct outbox;

struct outbox *outbox_create(void);
void outbox_destroy(struct outbox *);
/* Sends what is ready, outside of any transaction. True: something was handed over. */
bool outbox_deliver(struct outbox *, struct bot *);
/* Writes what a platform reported, inside the pass's transaction. */
void outbox_settle(struct outbox *, struct bot *, const struct event *);
/* The platform has reported on this row: it is not under way any more. */
void outbox_settled(struct outbox *, int64_t id);
/* Rows for a link whose person reads the history: remembered inside the transaction, shown once it
 * is committed, dropped when it is not. */
void outbox_show(struct outbox *, const struct message *row);
size_t outbox_shown(const struct outbox *);           /* how many are remembered */
void outbox_show_only(struct outbox *, size_t count); /* forget those beyond */
void outbox_show_all(struct outbox *, struct bot *);  /* hand them over */
/* When delivery wants the next pass, UTC ms; 0: not. */
int64_t outbox_next_utc_ms(struct outbox *, struct bot *);

/* The stored form of a message from us, and back; texts in the arena. */
const char *outbound_to_json(struct arena *, const struct outbound *);
bool outbound_from_row(struct arena *, const struct message *, struct outbound *out);
/* How long to wait after the n-th failed attempt, full jitter: random(0, min(60 s, 1 s * 2^n)),
 * up to 300 s after the seventh. random01 in [0,1). */
int64_t outbox_backoff_ms(int attempts, double random01);

#endif
