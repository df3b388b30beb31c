#include "bot/cmd_place.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static bool load(struct cmd_place *place, const char *path, const char *data)
{
	struct buf errors = {0};

	place->config = config_load(path, &errors);
	fputs(buf_text(&errors), stderr);
	buf_finish(&errors);
	if (!place->config) {
		arena_destroy(place->arena);
		place->code = EX_CONFIG;
		return false;
	}
	place->data = data ? data : config_text(config_bot(place->config), "data");
	place->database = arena_printf(place->arena, "%s/limberd.db", place->data);
	return true;
}

bool cmd_place_open(struct cmd_place *place, const struct cmd *cmd, int *argc, char ***argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"data", required_argument, NULL, 'd'},
		{0},
	};
	const char *path = NULL, *data = NULL;
	int c;

	*place = (struct cmd_place){0};
	while ((c = getopt_long(*argc, *argv, "c:", options, NULL)) != -1) {
		if (c == 'c') {
			path = optarg;
		} else if (c == 'd') {
			data = optarg;
		} else {
			place->code = cmd_usage(cmd);
			return false;
		}
	}
	*argc -= optind;
	*argv += optind;
	place->arena = arena_create();
	return load(place, path, data);
}

void cmd_place_close(struct cmd_place *place)
{
	config_free(place->config);
	arena_destroy(place->arena);
}

struct store *cmd_place_store(struct cmd_place *place, enum store_mode mode)
{
	const char *error = NULL;
	struct store *store = store_open(place->database, mode, &error);

	if (!store) {
		cmd_fail(EX_CANTCREAT, "%s", error);
	}
	return store;
}

const char *cmd_place_prompts(const struct cmd_place *place)
{
	const char *dir = config_text(config_bot(place->config), "prompts");

	return *dir ? dir : cmd_prompts_dir();
}

static const struct config *web_section(const struct cmd_place *place)
{
	const struct platform *platform;
	const struct config *config;

	for (size_t i = 0; config_link(place->config, i, &platform, &config); i++) {
		if (strcmp(platform->name, "web") == 0) {
			return config;
		}
	}
	return NULL;
}

const char *cmd_place_url(struct cmd_place *place)
{
	const struct config *web = web_section(place);
	const char *url = web ? config_text(web, "url") : "";

	if (*url) {
		return url;
	}
	return arena_printf(place->arena, "http://%s:%ld/",
		web ? config_text(web, "listen") : "127.0.0.1",
		web ? config_int(web, "port") : 8765);
}

int cmd_place_link_hours(const struct cmd_place *place)
{
	const struct config *web = web_section(place);

	return web ? (int)config_int(web, "link_hours") : 24;
}

struct bot_settings cmd_place_settings(const struct cmd_place *place)
{
	const struct config *c = config_bot(place->config);

	return (struct bot_settings){
		.grace_min = (int)config_int(c, "grace"),
		.quiet_from_min = (int)config_int(c, "quiet_from"),
		.quiet_to_min = (int)config_int(c, "quiet_to"),
		.message_days = (int)config_int(c, "message_days"),
		.seen_days = (int)config_int(c, "seen_days"),
		.rate_per_s = (int)config_int(c, "rate"),
		.in_flight = (int)config_int(c, "in_flight"),
		.retry_hours = (int)config_int(c, "retry"),
		.lang = config_text(c, "language"),
	};
}
