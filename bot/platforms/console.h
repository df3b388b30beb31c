/* The terminal as a platform: chat and tests hear the bot through a sink and speak by
 * console_say(). */
#ifndef PLATFORMS_CONSOLE_H
#define PLATFORMS_CONSOLE_H

#include "bot/platform.h"

/* Called for each message from the bot; the outbound is valid during the call. */
typedef void (*console_sink_fn)(void *ctx, const struct outbound *);
void console_set_sink(struct link *, console_sink_fn, void *ctx);
/* What the person knows about themselves, told to the bot with each message; kept by reference. */
void console_set_profile(struct link *, const struct profile *);
/* The person (handle) writes, presses a button or opens the chat. */
bool console_say(struct link *, enum inbound_kind, const char *handle, const char *text);

#endif
