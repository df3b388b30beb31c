/* What the subcommands share. */
#include "bot/cmd.h"

#include "base/zone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#ifndef LIMBERD_SHARE
#define LIMBERD_SHARE "/usr/local/share/limberd"
#endif

int cmd_fail(int code, const char *format, ...)
{
	va_list args;

	fputs("limberd: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

int cmd_usage(const struct cmd *cmd)
{
	fprintf(stderr, "usage: limberd %s %s\nlimberd %s --help tells more.\n", cmd->name,
		cmd->usage, cmd->name);
	return EX_USAGE;
}

void cmd_help(const struct cmd *cmd)
{
	printf("usage: limberd %s %s\n\n%s.\n", cmd->name, cmd->usage, cmd->about);
	if (cmd->help) {
		printf("\n%s", cmd->help);
	}
}

const char *cmd_prompts_dir(void)
{
	const char *dir = getenv("LIMBERD_PROMPTS");

	if (dir && *dir) {
		return dir;
	}
	return access("prompts/flows", R_OK) == 0 ? "prompts" : LIMBERD_SHARE "/prompts";
}

struct prompts *cmd_prompts(const char *dir)
{
	char *errors = NULL;
	struct prompts *prompts = prompts_load(dir, bot_vocabulary(), &errors);

	if (!prompts) {
		fputs(errors ? errors : "limberd: the prompts cannot be read\n", stderr);
		free(errors);
	}
	return prompts;
}

bool cmd_parse_time(const char *text, const struct zone *zone, int64_t *utc_ms_out)
{
	char date[11];
	int64_t day;
	int hour, minute, used = 0;

	if (strlen(text) < 16 || (text[10] != ' ' && text[10] != 'T')) {
		return false;
	}
	memcpy(date, text, 10);
	date[10] = '\0';
	if (!civil_parse_date(date, &day) ||
		sscanf(text + 11, "%2d:%2d%n", &hour, &minute, &used) != 2 ||
		text[11 + used] != '\0' || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
		return false;
	}
	*utc_ms_out = zone_utc(zone, day, hour * 60 + minute, NULL) * 1000;
	return true;
}
