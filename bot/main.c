/* The command line: pick a subcommand and run it. */
#include "bot/cmd.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct cmd *const cmds[] = {
	&cmd_run,
	&cmd_chat,
	&cmd_talk,
	&cmd_read,
	&cmd_check,
	&cmd_doctor,
	&cmd_flow,
	&cmd_invite,
	&cmd_user,
	&cmd_backup,
	&cmd_restore,
	NULL,
};

static int help(void)
{
	puts("limberd " LIMBERD_VERSION ": a chat companion for people with morning back pain\n");
	for (const struct cmd *const *c = cmds; *c; c++) {
		printf("  limberd %-8s %s\n", (*c)->name, (*c)->about);
	}
	puts("\nlimberd COMMAND --help tells more. First steps: limberd chat");
	return EX_OK;
}

static bool is_any(const char *arg, const char *a, const char *b)
{
	return strcmp(arg, a) == 0 || strcmp(arg, b) == 0;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8"); /* never a decimal comma: JSON and SQL would break */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		help();
		return EX_USAGE;
	}
	if (is_any(argv[1], "--help", "-h") || strcmp(argv[1], "help") == 0) {
		return help();
	}
	if (is_any(argv[1], "--version", "-V")) {
		puts("limberd " LIMBERD_VERSION);
		return EX_OK;
	}
	for (const struct cmd *const *c = cmds; *c; c++) {
		if (strcmp(argv[1], (*c)->name) != 0) {
			continue;
		}
		if (argc > 2 && is_any(argv[2], "--help", "-h")) {
			cmd_help(*c);
			return EX_OK;
		}
		return (*c)->run(argc - 1, argv + 1);
	}
	fprintf(stderr, "limberd: there is no command \"%s\"; see limberd --help\n", argv[1]);
	return EX_USAGE;
}
