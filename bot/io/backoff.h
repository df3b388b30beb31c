/* How long to wait before trying again: full jitter, so that many who lost the same server do not
 * come back in step. */
#ifndef IO_BACKOFF_H
#define IO_BACKOFF_H

#include <stdint.h>

/* The wait grows from this to a cap, and the cap after many failures in a row. */
enum {
	BACKOFF_FIRST_MS = 1000,
	BACKOFF_CAP_MS = 60000,
	BACKOFF_MANY = 7,
	BACKOFF_MANY_CAP_MS = 300000,
};

struct backoff {
	unsigned failures; /* in a row; starts at 0 */
};

/* A failure: how long to wait now. at_least_ms: what the server asked for, or 0; a longer wait than
 * ours wins. random01 is in [0, 1). */
int64_t backoff_next_ms(struct backoff *, int64_t at_least_ms, double random01);
/* Proof of life (the platform's own "ready"), never the mere handshake: a server that accepts and
 * drops would otherwise be called in a busy loop. */
void backoff_reset(struct backoff *);

#endif
