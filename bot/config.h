/* The configuration: an INI file whose keys are tables. Every fault of a file is found in one go,
 * with file:line:column and what to write instead. Secrets are named by file, never written here.
 */
#ifndef BOT_CONFIG_H
#define BOT_CONFIG_H

#include "base/buf.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum config_type {
	CONFIG_TEXT,
	CONFIG_INT,  /* whole number, min..max */
	CONFIG_FLAG, /* yes or no */
	CONFIG_TIME, /* HH:MM; read as minutes of the day */
	CONFIG_FILE, /* a path; relative ones are beside the configuration file */
	CONFIG_WORD, /* one of the words of `unit`, separated by spaces */
};

struct config_key {
	const char *name;
	enum config_type type;
	const char *fallback; /* as it would be written; "" when there is none */
	double min, max;      /* CONFIG_INT */
	const char *unit;     /* "minutes", ...; the allowed words of CONFIG_WORD; or NULL */
	const char *help;     /* one line */
	bool is_required;
};

struct platform;
struct config; /* one section, all its keys with a value */
const char *config_text(const struct config *, const char *key); /* never NULL */
long config_int(const struct config *, const char *key);         /* INT, and TIME as minutes */
bool config_flag(const struct config *, const char *key);
/* The secret in the file that a CONFIG_FILE key names: first the file of that name in the service
 * manager's $CREDENTIALS_DIRECTORY, then the path. One newline at the end is dropped. NULL
 * with *error (arena) when it is missing, empty, over 4 KiB, or can be read by others; the sentence
 * holds the command that mends it. Never logs the secret. */
const char *config_secret(
	struct arena *, const struct config *, const char *key, const char **error);

struct config_file;
/* path NULL: all defaults and one [web] link. NULL with all faults appended to errors, one
 * "file:line:column: sentence" a line. */
struct config_file *config_load(const char *path, struct buf *errors);
void config_free(struct config_file *);
const struct config *config_bot(const struct config_file *); /* [bot] */
/* Links in file order: their name ("web", "mattermost clinic"); NULL past the end. */
const char *config_link(const struct config_file *, size_t i, const struct platform **platform_out,
	const struct config **config_out);

/* The tables, for tests and the example file. */
extern const struct config_key config_bot_keys[]; /* ended by a NULL name */

#endif
