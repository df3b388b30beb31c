/* Where an installation keeps its data: what -c and --data say, for every command that needs it. */
#ifndef BOT_CMD_PLACE_H
#define BOT_CMD_PLACE_H

#include "bot/cmd.h"
#include "bot/config.h"

#define CMD_PLACE_HELP                                                                             \
	"  -c FILE      the daemon's configuration (none: the defaults)\n"                         \
	"  --data DIR   its data directory (from the configuration, else ./var)\n"

struct cmd_place {
	struct arena *arena;
	struct config_file *config; /* never NULL; the defaults when no file was named */
	const char *data;           /* directory */
	const char *database;       /* file */
	int code;                   /* exit code when opening failed */
};

/* Takes -c and --data out of the arguments; argc and argv are then what is left. False: a fault was
 * printed, return place->code. */
bool cmd_place_open(struct cmd_place *, const struct cmd *, int *argc, char ***argv);
void cmd_place_close(struct cmd_place *);
/* Opens its database, or prints why not and returns NULL. */
struct store *cmd_place_store(struct cmd_place *, enum store_mode);
/* Where its prompts are. */
const char *cmd_place_prompts(const struct cmd_place *);
/* The web chat's address as people open it, with a slash at the end. */
const char *cmd_place_url(struct cmd_place *);
int cmd_place_link_hours(const struct cmd_place *);
struct bot_settings cmd_place_settings(const struct cmd_place *);

#endif
