/* limberd backup and limberd restore. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int run_backup(int argc, char **argv)
{
	struct cmd_place place;
	const char *error = NULL;
	int code = EX_OK;

	if (!cmd_place_open(&place, &cmd_backup, &argc, &argv)) {
		return place.code;
	}
	if (argc != 1) {
		code = cmd_usage(&cmd_backup);
	} else if (!store_backup(place.database, argv[0], place.arena, &error)) {
		code = cmd_fail(EX_IOERR, "%s", error);
	} else {
		printf("%s is complete and was read back without a fault.\n", argv[0]);
	}
	cmd_place_close(&place);
	return code;
}

static int run_restore(int argc, char **argv)
{
	struct cmd_place place;
	const char *error = NULL;
	int code = EX_OK;

	if (!cmd_place_open(&place, &cmd_restore, &argc, &argv)) {
		return place.code;
	}
	if (argc != 1) {
		code = cmd_usage(&cmd_restore);
	} else if (!store_restore(place.database, argv[0], place.arena, &error)) {
		code = cmd_fail(EX_DATAERR, "%s", error);
	} else {
		printf("%s is in place. What was there before is %s.before-restore.\n", argv[0],
			place.database);
	}
	cmd_place_close(&place);
	return code;
}

const struct cmd cmd_backup = {
	.name = "backup",
	.usage = "[-c config.ini] [--data DIR] FILE",
	.about = "Write a verified copy of the database, also while the daemon runs",
	.help = "FILE must not exist yet. FILE.sha256 is written beside it.\n\n" CMD_PLACE_HELP,
	.run = run_backup,
};

const struct cmd cmd_restore = {
	.name = "restore",
	.usage = "[-c config.ini] [--data DIR] FILE",
	.about = "Put a backup in place after verifying it; the daemon must be stopped",
	.help = "The database that was there is kept as "
		"limberd.db.before-restore.\n\n" CMD_PLACE_HELP,
	.run = run_restore,
};
