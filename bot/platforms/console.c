#include "platforms/console.h"

#include "base/clock.h"
#include "base/mem.h"
#include "platforms/platforms.h"

#include <stdio.h>
#include <stdlib.h>

struct console {
	console_sink_fn sink;
	void *ctx;
	const struct profile *profile;
	int64_t started_us; /* with said, makes message ids unique over runs */
	unsigned said;
};

static bool console_open(struct link *link, const char **error)
{
	struct console *c = mem_alloc(1, sizeof *c);

	(void)error;
	c->started_us = clock_utc_ms() * 1000 + clock_mono_us() % 1000;
	link->state = c;
	return true;
}

static void console_close(struct link *link)
{
	free(link->state);
}

static void console_send(struct link *link, const struct outbound *out)
{
	struct console *c = link->state;

	if (c->sink) {
		c->sink(c->ctx, out);
	}
	bot_on_sent(link, out->id, SENT_OK, NULL, 0, NULL);
}

void console_set_sink(struct link *link, console_sink_fn sink, void *ctx)
{
	struct console *c = link->state;

	c->sink = sink;
	c->ctx = ctx;
}

void console_set_profile(struct link *link, const struct profile *profile)
{
	struct console *c = link->state;

	c->profile = profile;
}

bool console_say(struct link *link, enum inbound_kind kind, const char *handle, const char *text)
{
	struct console *c = link->state;
	char id[48];
	struct inbound in = {
		.kind = kind,
		.message_id = id,
		.handle = handle,
		.conversation = handle,
		.text = text,
	};

	snprintf(id, sizeof id, "%lld-%u", (long long)c->started_us, c->said++);
	if (c->profile) {
		in.profile = *c->profile;
	}
	return bot_on_message(link, &in);
}

const struct platform console_platform = {
	.name = "console",
	.open = console_open,
	.close = console_close,
	.send = console_send,
};
