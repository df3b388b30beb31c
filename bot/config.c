/* A configuration as it is kept: sections with their keys' values, found by name. Without a file
 * all keys have their defaults and there is one link, the web chat. */
#include "bot/config_private.h"

#include "bot/platform.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 1 << 20 };

/* ---- pieces ---- */

const struct platform *config_platform(const char *section)
{
	size_t len = strcspn(section, " ");

	for (const struct platform *const *p = platforms; *p; p++) {
		if ((*p)->keys && strlen((*p)->name) == len &&
			strncmp((*p)->name, section, len) == 0) {
			return *p;
		}
	}
	return NULL;
}

struct config *config_section_create(
	const char *name, const struct platform *platform, const struct config_key *keys, int line)
{
	struct config *c = mem_alloc(1, sizeof *c);

	c->name = mem_strdup(name);
	c->platform = platform;
	c->keys = keys;
	c->line = line;
	return c;
}

void config_add_link(struct config_file *file, struct config *c)
{
	*file->last_link = c;
	file->last_link = &c->next;
}

size_t config_key_index(const struct config_key *keys, const char *name)
{
	size_t i = 0;

	while (keys[i].name && strcmp(keys[i].name, name) != 0) {
		i++;
	}
	return i;
}

bool config_parse_time(const char *text, long *minutes)
{
	static const char digits[] = "0123456789";
	size_t hour_len = strspn(text, digits);

	if (hour_len < 1 || hour_len > 2 || text[hour_len] != ':' ||
		strspn(text + hour_len + 1, digits) != 2 || text[hour_len + 3] != '\0') {
		return false;
	}
	*minutes = strtol(text, NULL, 10) * 60 + strtol(text + hour_len + 1, NULL, 10);
	return *minutes < 24 * 60 && text[hour_len + 1] < '6';
}

/* ---- a file ---- */

static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = mem_strdup(slash ? path : ".");

	if (slash) {
		dir[slash == path ? 1 : slash - path] = '\0';
	}
	return dir;
}

/* Relative paths are beside the configuration file, wherever the program is started. */
static void place_files(struct config_file *file, struct config *c)
{
	for (size_t i = 0; c->keys[i].name; i++) {
		struct buf path = {0};

		if (c->keys[i].type == CONFIG_FILE && c->values[i] && c->values[i][0] &&
			c->values[i][0] != '/') {
			buf_printf(&path, "%s/%s", file->dir, c->values[i]);
			free(c->values[i]);
			c->values[i] = buf_take(&path);
		}
	}
}

struct config_file *config_load(const char *path, struct buf *errors)
{
	struct config_file *file = mem_alloc(1, sizeof *file);
	struct buf source = {0};
	const char *error = NULL;
	bool is_sound = false;

	file->last_link = &file->links;
	file->bot = config_section_create("bot", NULL, config_bot_keys, 0);
	file->dir = dir_of(path ? path : "./");
	if (!path) {
		config_add_link(file, config_section_create("web", config_platform("web"),
					      config_platform("web")->keys, 0));
		return file;
	}
	if (!buf_read_file(&source, path, FILE_MAX_BYTES, &error)) {
		buf_printf(errors, "%s: %s\n", path, error);
	} else {
		is_sound = config_read(file, path, &source, errors);
	}
	buf_finish(&source);
	if (!is_sound) {
		config_free(file);
		return NULL;
	}
	place_files(file, file->bot);
	for (struct config *c = file->links; c; c = c->next) {
		place_files(file, c);
	}
	return file;
}

static void section_free(struct config *c)
{
	for (size_t i = 0; i < CONFIG_KEYS_MAX; i++) {
		free(c->values[i]);
	}
	free(c->name);
	free(c);
}

void config_free(struct config_file *file)
{
	if (!file) {
		return;
	}
	while (file->links) {
		struct config *c = file->links;

		file->links = c->next;
		section_free(c);
	}
	section_free(file->bot);
	free(file->dir);
	free(file);
}

/* ---- asking ---- */

const char *config_text(const struct config *c, const char *key)
{
	size_t i = config_key_index(c->keys, key);

	if (!c->keys[i].name) {
		return "";
	}
	return c->values[i] ? c->values[i] : c->keys[i].fallback;
}

long config_int(const struct config *c, const char *key)
{
	const char *text = config_text(c, key);
	long minutes;

	return config_parse_time(text, &minutes) ? minutes : strtol(text, NULL, 10);
}

bool config_flag(const struct config *c, const char *key)
{
	return strcmp(config_text(c, key), "yes") == 0;
}

const struct config *config_bot(const struct config_file *file)
{
	return file->bot;
}

const char *config_link(const struct config_file *file, size_t i,
	const struct platform **platform_out, const struct config **config_out)
{
	struct config *c = file->links;

	while (c && i--) {
		c = c->next;
	}
	if (!c) {
		return NULL;
	}
	*platform_out = c->platform;
	*config_out = c;
	return c->name;
}
