/* The configuration reader on any file: every refusal names a place, nothing it accepts is left
 * without a value. */
#include "bot/config.h"

#include "bot/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct config_key keys[] = {
	{.name = "port", .type = CONFIG_INT, .fallback = "8765", .min = 1, .max = 65535},
	{.name = "history", .type = CONFIG_FLAG, .fallback = "yes"},
	{.name = "token_file",
		.type = CONFIG_FILE,
		.fallback = "",
		.is_required = true,
		.help = "file with the token"},
	{0},
};
static const struct platform web = {.name = "web", .keys = keys};
const struct platform *const platforms[] = {&web, NULL};

static void ask_everything(const struct config *c, const struct config_key *k)
{
	for (; k->name; k++) {
		if (strlen(config_text(c, k->name)) > 1000 || config_int(c, k->name) < -2000000) {
			abort();
		}
		config_flag(c, k->name);
	}
}

static void check_faults(char *errors, const char *path)
{
	char *rest;

	for (char *line = strtok_r(errors, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, path, strlen(path)) != 0) {
			abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static char path[64];
	struct buf errors = {0};
	struct config_file *file;
	const struct platform *platform;
	const struct config *c;
	FILE *f;

	if (!*path) {
		snprintf(path, sizeof path, "/tmp/limberd-fuzz-config-%d.ini", (int)getpid());
	}
	f = fopen(path, "w");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
		abort();
	}
	file = config_load(path, &errors);
	unlink(path);
	if (!file != (errors.len > 0)) {
		abort();
	}
	if (file) {
		ask_everything(config_bot(file), config_bot_keys);
		for (size_t i = 0; config_link(file, i, &platform, &c); i++) {
			ask_everything(c, platform->keys);
		}
	} else {
		check_faults(errors.data, path);
	}
	config_free(file);
	buf_finish(&errors);
	return 0;
}
