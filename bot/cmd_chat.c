/* limberd chat: the same engine in the terminal, or behind a pipe. */
#include "bot/cmd.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/zone.h"
#include "platforms/console.h"
#include "platforms/platforms.h"

#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct chat {
	const char *as, *at, *zone, *lang, *data;
	bool is_json, is_terminal;
	struct bot *bot;
	struct link *link;
	struct profile profile;
};

/* ---- what the bot says ---- */

static void print_json(const struct outbound *out)
{
	static const char *const kinds[] = {"say", "ask", "alarm"};
	struct json_object *o = json_object_new_object(), *list;

	json_add_text(o, "text", out->text);
	json_add_text(o, "step", out->step);
	json_add_text(o, "kind", kinds[out->kind]);
	json_add_text(o, "answer", out->answer);
	list = json_object_new_array();
	for (size_t i = 0; i < out->choice_count; i++) {
		struct json_object *c = json_object_new_object();

		json_add_text(c, "id", out->choices[i].id);
		json_add_text(c, "label", out->choices[i].label);
		json_object_array_add(list, c);
	}
	json_object_object_add(o, "choices", list);
	json_add_text(o, "image", out->image);
	json_add_text(o, "alt", out->image_alt);
	if (out->file_name) {
		json_add_text(o, "file", out->file_name);
		json_object_object_add(
			o, "data", json_object_new_string_len(out->file_data, (int)out->file_len));
	}
	puts(json_write(o));
	json_object_put(o);
}

static void print_lines(const char *text)
{
	const char *end;

	do {
		end = strchr(text, '\n');
		printf("< %.*s\n", end ? (int)(end - text) : (int)strlen(text), text);
		text = end + 1;
	} while (end && *text);
}

static void print_text(const struct outbound *out)
{
	print_lines(out->text);
	if (out->choice_count) {
		fputs("<", stdout);
		for (size_t i = 0; i < out->choice_count; i++) {
			printf(" [%s]", out->choices[i].label);
		}
		putchar('\n');
	}
	if (out->image) {
		printf("< (picture: %s)\n", out->image_alt ? out->image_alt : out->image);
	}
	if (out->file_name) {
		printf("< (file %s)\n", out->file_name);
		print_lines(out->file_data);
	}
}

static void hear(void *ctx, const struct outbound *out)
{
	const struct chat *chat = ctx;

	if (chat->is_json) {
		print_json(out);
	} else {
		print_text(out);
	}
	fflush(stdout);
}

/* ---- what the person says ---- */

static void say(struct chat *chat, const char *line)
{
	struct json_object *o = NULL;
	const char *choice;

	if (chat->is_json && *line == '{') {
		o = json_read(line, strlen(line));
	}
	choice = json_text(o, "choice", NULL);
	if (choice) {
		console_say(chat->link, INBOUND_CHOICE, chat->as, choice);
	} else {
		console_say(chat->link, INBOUND_TEXT, chat->as, json_text(o, "text", line));
	}
	json_object_put(o);
}

static void settle(struct chat *chat)
{
	while (bot_pass(chat->bot) || chat->bot->arriving->count) {
	}
}

/* Milliseconds until the bot wants to say something by itself; -1: nothing is planned. */
static int wait_ms(struct chat *chat)
{
	int64_t next = bot_next_utc_ms(chat->bot), wait = next - clock_utc_ms();

	if (next == 0) {
		return -1;
	}
	return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

/* Waits for a line; what becomes due meanwhile is said. */
static void wait_for_line(struct chat *chat)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	fputs("> ", stdout);
	fflush(stdout);
	while (poll(&in, 1, wait_ms(chat)) == 0) {
		settle(chat);
	}
}

static void talk(struct chat *chat)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	console_say(chat->link, INBOUND_HELLO, chat->as, NULL);
	settle(chat);
	for (;;) {
		if (chat->is_terminal) {
			wait_for_line(chat);
		}
		len = getline(&line, &cap, stdin);
		if (len < 0 || chat->bot->is_broken) {
			break;
		}
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) {
			line[--len] = '\0';
		}
		say(chat, line);
		settle(chat);
	}
	free(line);
}

/* ---- setting up ---- */

/* The zone of this machine, for somebody who only wants to try it; NULL: it does not say. */
static const char *system_zone(void)
{
	char path[256];
	const char *tz = getenv("TZ"), *name;
	const struct zone *zone;
	ssize_t len;

	if (tz && *tz) {
		zone = zone_find(*tz == ':' ? tz + 1 : tz);
		return zone ? zone_name(zone) : NULL;
	}
	len = readlink("/etc/localtime", path, sizeof path - 1);
	if (len <= 0) {
		return NULL;
	}
	path[len] = '\0';
	name = strstr(path, "zoneinfo/");
	zone = name ? zone_find(name + strlen("zoneinfo/")) : NULL;
	return zone ? zone_name(zone) : NULL;
}

static bool parse(struct chat *chat, int argc, char **argv)
{
	static const struct option options[] = {
		{"as", required_argument, NULL, 'n'},
		{"at", required_argument, NULL, 'a'},
		{"zone", required_argument, NULL, 'z'},
		{"lang", required_argument, NULL, 'l'},
		{"data", required_argument, NULL, 'd'},
		{"json", no_argument, NULL, 'j'},
		{0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'n':
			chat->as = optarg;
			break;
		case 'a':
			chat->at = optarg;
			break;
		case 'z':
			chat->zone = optarg;
			break;
		case 'l':
			chat->lang = optarg;
			break;
		case 'd':
			chat->data = optarg;
			break;
		case 'j':
			chat->is_json = true;
			break;
		default:
			return false;
		}
	}
	return optind == argc;
}

static int set_clock(struct chat *chat)
{
	const char *wanted = chat->zone ? chat->zone : system_zone();
	const struct zone *zone = zone_find(wanted ? wanted : "UTC");
	int64_t utc_ms;

	if (!zone) {
		return cmd_fail(EX_USAGE, "there is no zone \"%s\"; write one like Europe/Berlin",
			chat->zone);
	}
	chat->profile.zone = wanted;
	chat->profile.lang = chat->lang;
	if (!chat->at) {
		return EX_OK;
	}
	if (!cmd_parse_time(chat->at, zone, &utc_ms)) {
		return cmd_fail(EX_USAGE, "--at takes a local time like \"2026-03-02 07:15\"");
	}
	clock_start_utc_ms(utc_ms);
	return EX_OK;
}

static int open_bot(struct chat *chat)
{
	const char *error = NULL;
	struct prompts *prompts = cmd_prompts(cmd_prompts_dir());
	struct arena *a;
	struct store *store;

	if (!prompts) {
		return EX_DATAERR;
	}
	if (chat->lang && !prompts_has_language(prompts, chat->lang)) {
		prompts_destroy(prompts);
		return cmd_fail(EX_USAGE, "there are no texts in \"%s\" yet", chat->lang);
	}
	a = arena_create();
	store = store_open(chat->data ? arena_printf(a, "%s/limberd.db", chat->data) : "",
		chat->data ? STORE_CREATE : STORE_MEMORY, &error);
	arena_destroy(a);
	if (!store) {
		prompts_destroy(prompts);
		return cmd_fail(EX_CANTCREAT, "%s", error);
	}
	chat->bot = bot_create(store, prompts, &bot_default_settings);
	chat->bot->settings.rate_per_s = 0;
	chat->link = bot_link_add(chat->bot, "console", &console_platform, NULL, NULL, &error);
	console_set_sink(chat->link, hear, chat);
	console_set_profile(chat->link, &chat->profile);
	return EX_OK;
}

static int run(int argc, char **argv)
{
	struct chat chat = {.as = "you", .is_terminal = isatty(STDIN_FILENO)};
	int code;

	if (!parse(&chat, argc, argv)) {
		return cmd_usage(&cmd_chat);
	}
	log_set_level(LOG_LEVEL_WARN);
	code = set_clock(&chat);
	if (code == EX_OK) {
		code = open_bot(&chat);
	}
	if (code == EX_OK && chat.bot) {
		talk(&chat);
		code = chat.bot->is_broken ? EX_IOERR : EX_OK;
	}
	bot_destroy(chat.bot);
	return code;
}

const struct cmd cmd_chat = {
	.name = "chat",
	.usage = "[--as NAME] [--at TIME] [--zone ZONE] [--lang xx] [--data DIR] [--json]",
	.about = "Talk to the bot in the terminal",
	.help = "Nothing is kept unless --data names a directory. Standard input may be a pipe: "
		"one reply a\n"
		"line; each line of the bot's messages begins with \"< \".\n\n"
		"  --as NAME    who you are (you)\n"
		"  --at TIME    begin at this local time, \"2026-03-02 07:15\"\n"
		"  --zone ZONE  your zone, like Europe/Berlin (this machine's)\n"
		"  --lang xx    your language\n"
		"  --data DIR   keep everything in DIR\n"
		"  --json       one JSON object a message; replies are lines, {\"text\":...} or "
		"{\"choice\":...}\n",
	.run = run,
};
