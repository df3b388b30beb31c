/* The loop: one thread waits for everything. libwebsockets does the waiting; timers, signals and
 * other libraries' descriptors are hung onto it here. Nothing in it may block. */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;

/* SIGTERM, SIGINT and SIGHUP wait for the loop from now on. Call it before the first thread. */
void loop_block_signals(void);
/* NULL with *error (static) when the system refuses. One per process. */
struct loop *loop_create(const char **error);
void loop_destroy(struct loop *); /* NULL accepted; ends its timers, closes what it serves */
/* Until loop_stop(). False: the loop itself failed (already logged). */
bool loop_run(struct loop *);
void loop_stop(struct loop *); /* after the pass at hand */
/* Ends the wait at once; the only function that another thread may call. */
void loop_wake(struct loop *);

/* SIGTERM, SIGINT and SIGHUP; without it the first two stop the loop. */
void loop_on_signal(struct loop *, void (*fn)(void *ctx, int signal_number), void *ctx);
/* Called at the end of every pass, in the order of adding; at most four. */
void loop_after_pass(struct loop *, void (*fn)(void *ctx), void *ctx);

/* A timer fires once; set it again to repeat. For tens of timers, not one for each person: they are
 * a sorted list. It may be set, stopped or destroyed in its own function. */
struct loop_timer;
struct loop_timer *loop_timer_create(struct loop *, void (*fn)(void *ctx), void *ctx);
void loop_timer_destroy(struct loop_timer *); /* NULL accepted */
void loop_timer_set(
	struct loop_timer *, int64_t delay_ms); /* replaces an earlier setting; 0: next pass */
void loop_timer_stop(struct loop_timer *);

/* Somebody else's descriptor. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
typedef void (*loop_fd_fn)(void *ctx, int fd, unsigned what);
/* From now on fn is called while fd is ready for what; what 0 forgets it (do so before it is
 * closed). Errors and hang-ups count as both. False: the system refused. */
bool loop_fd_set(struct loop *, int fd, unsigned what, loop_fd_fn, void *ctx);

#endif
