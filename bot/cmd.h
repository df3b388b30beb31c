/* Subcommands: one file each, one self-describing entry each, listed in main.c. */
#ifndef BOT_CMD_H
#define BOT_CMD_H

#include "bot/bot.h"

#include <stdbool.h>

struct cmd {
	const char *name;
	const char *usage; /* what follows "limberd NAME" */
	const char *about; /* one line */
	const char *help;  /* options and behaviour, for --help */
	int (*run)(int argc,
		char **argv); /* argv[0] is the name; returns an exit code of sysexits.h */
};

extern const struct cmd cmd_run, cmd_chat, cmd_talk, cmd_read, cmd_check, cmd_doctor, cmd_flow,
	cmd_invite, cmd_user, cmd_backup, cmd_restore;

/* One line on stderr that says what to do; returns code. */
int cmd_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "limberd NAME: try --help" on stderr, EX_USAGE. */
int cmd_usage(const struct cmd *);
void cmd_help(const struct cmd *);

/* Where prompts are: LIMBERD_PROMPTS, ./prompts when it is there, else the installed ones. */
const char *cmd_prompts_dir(void);
/* Loads prompts or prints every fault and returns NULL. */
struct prompts *cmd_prompts(const char *dir);
/* "2026-03-02 07:15" or "2026-03-02T07:15" in a zone, as UTC ms; false when it is neither. */
bool cmd_parse_time(const char *text, const struct zone *, int64_t *utc_ms_out);

#endif
