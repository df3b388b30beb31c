/* limberd run: the daemon. The loop waits; at the end of each of its passes the bot makes one of
 * its own, and one timer is set for what is due next. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "bot/notify.h"
#include "bot/platform.h"
#include "io/loop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* Suspend and clock steps are noticed after so long at the latest; and the watchdog, which expects
 * a word within a minute (docs/limberd.service), is fed. */
enum { LOOK_AGAIN_MS = 20000 };

struct daemon {
	struct cmd_place place;
	struct bot *bot;
	struct loop *loop;
	struct loop_timer *timer;
	int64_t notified_us; /* notify_watchdog() */
	bool has_config;
};

static void after_pass(void *ctx)
{
	struct daemon *d = ctx;
	bool more = bot_pass(d->bot);
	int64_t next = bot_next_utc_ms(d->bot), wait = next - clock_utc_ms();

	if (d->bot->is_broken) {
		loop_stop(d->loop);
		return;
	}
	notify_watchdog(&d->notified_us);
	if (more) {
		loop_wake(d->loop);
		return;
	}
	if (next == 0 || wait > LOOK_AGAIN_MS) {
		wait = LOOK_AGAIN_MS;
	}
	loop_timer_set(d->timer, wait > 0 ? wait : 1);
}

static void on_timer(void *ctx)
{
	(void)ctx; /* the pass that it ends does the work */
}

/* The running set stays when the new one has faults. */
static void reload(struct daemon *d)
{
	char *errors = NULL;
	struct prompts *prompts =
		prompts_load(cmd_place_prompts(&d->place), bot_vocabulary(), &errors);

	if (!prompts) {
		fputs(errors, stderr);
		log_error("reload.refused; the prompts that were read before stay in use");
		free(errors);
		return;
	}
	bot_use_prompts(d->bot, prompts);
	zone_reload();
	log_info("reload.done");
}

static void on_signal(void *ctx, int number)
{
	struct daemon *d = ctx;

	if (number == SIGHUP) {
		reload(d);
		return;
	}
	log_info("stopping");
	notify_stopping();
	loop_stop(d->loop);
}

static bool open_links(struct daemon *d)
{
	const struct platform *platform;
	const struct config *config;
	const char *name, *error = NULL;

	for (size_t i = 0; (name = config_link(d->place.config, i, &platform, &config)); i++) {
		if (!bot_link_add(d->bot, name, platform, config, d->loop, &error)) {
			cmd_fail(EX_UNAVAILABLE, "[%s]: %s", name, error);
			return false;
		}
	}
	return true;
}

static enum log_level log_level_of(const char *word)
{
	return strcmp(word, "error") == 0  ? LOG_LEVEL_ERROR
	       : strcmp(word, "warn") == 0 ? LOG_LEVEL_WARN
	       : strcmp(word, "info") == 0 ? LOG_LEVEL_INFO
					   : LOG_LEVEL_DEBUG;
}

/* Without a configuration somebody tries it: the way in is the first thing they need. */
static void print_link(struct daemon *d)
{
	char secret[BOT_SECRET_LEN + 1];

	if (!d->has_config &&
		bot_invite(d->bot->store, "me", cmd_place_link_hours(&d->place), secret)) {
		printf("\nYour personal link (it works once; the browser stays signed in):\n\n    "
		       "%s#%s\n\n"
		       "Another one: limberd invite me\n\n",
			cmd_place_url(&d->place), secret);
		fflush(stdout);
	}
}

static int open_all(struct daemon *d)
{
	struct bot_settings settings = cmd_place_settings(&d->place);
	const char *error = NULL;
	struct prompts *prompts;
	struct store *store;

	log_set_level(log_level_of(config_text(config_bot(d->place.config), "log")));
	loop_block_signals();
	prompts = cmd_prompts(cmd_place_prompts(&d->place));
	if (!prompts) {
		return EX_DATAERR;
	}
	store = cmd_place_store(&d->place, STORE_CREATE);
	if (!store) {
		prompts_destroy(prompts);
		return EX_CANTCREAT;
	}
	d->bot = bot_create(store, prompts, &settings);
	d->loop = loop_create(&error);
	if (!d->loop) {
		return cmd_fail(EX_OSERR, "%s", error);
	}
	d->timer = loop_timer_create(d->loop, on_timer, d);
	loop_on_signal(d->loop, on_signal, d);
	loop_after_pass(d->loop, after_pass, d);
	return open_links(d) ? EX_OK : EX_UNAVAILABLE;
}

static int run_daemon(struct daemon *d)
{
	bool ok;

	print_link(d);
	notify_ready();
	log_info("running links=%zu", d->bot->link_count);
	loop_wake(d->loop);
	ok = loop_run(d->loop);
	/* What has arrived until now is still carried out and acknowledged. */
	while (!d->bot->is_broken && (bot_pass(d->bot) || d->bot->arriving->count) &&
		clock_utc_ms() >= d->bot->hold_until_utc_ms) {
	}
	return d->bot->is_broken || !ok ? EX_IOERR : EX_OK;
}

static int run(int argc, char **argv)
{
	struct daemon d = {0};
	int code;

	for (int i = 1; i < argc; i++) {
		d.has_config |=
			strncmp(argv[i], "-c", 2) == 0 || strncmp(argv[i], "--config", 8) == 0;
	}
	if (!cmd_place_open(&d.place, &cmd_run, &argc, &argv)) {
		return d.place.code;
	}
	code = argc ? cmd_usage(&cmd_run) : open_all(&d);
	if (code == EX_OK) {
		code = run_daemon(&d);
	}
	bot_destroy(d.bot);
	loop_timer_destroy(d.timer);
	loop_destroy(d.loop);
	cmd_place_close(&d.place);
	return code;
}

const struct cmd cmd_run = {
	.name = "run",
	.usage = "[-c config.ini] [--data DIR]",
	.about = "Run the daemon; without a configuration: the web chat on this machine",
	.help = "SIGHUP reads the prompts again, SIGTERM ends it after the running turn is on "
		"disk.\n\n" CMD_PLACE_HELP,
	.run = run,
};
