/* What a configuration is inside. Private to config*.c. */
#ifndef BOT_CONFIG_PRIVATE_H
#define BOT_CONFIG_PRIVATE_H

#include "bot/config.h"

enum { CONFIG_KEYS_MAX = 48 };

struct config {
	char *name; /* the section's */
	int line;
	const struct platform *platform; /* NULL for [bot] */
	const struct config_key *keys;
	char *values[CONFIG_KEYS_MAX]; /* parallel to keys; NULL: the default */
	struct config *next;
};

struct config_file {
	char *dir; /* of the file, for relative paths */
	struct config *bot, *links, **last_link;
};

/* ---- config.c ---- */

/* A section with all its keys at their defaults, not yet in any file. line 0: it stands in none. */
struct config *config_section_create(
	const char *name, const struct platform *, const struct config_key *keys, int line);
void config_add_link(struct config_file *, struct config *); /* takes it over */
/* The platform that a section's first word names, or NULL. */
const struct platform *config_platform(const char *section);
/* The key's index, or that of the NULL name at their end. */
size_t config_key_index(const struct config_key *keys, const char *name);
/* "HH:MM" as minutes of the day; false when it is no such time. */
bool config_parse_time(const char *text, long *minutes_out);

/* ---- config_read.c ---- */

/* Fills the file from source. False when anything is wrong: every fault is then in errors. path is
 * what messages call the file. */
bool config_read(
	struct config_file *, const char *path, const struct buf *source, struct buf *errors);

#endif
