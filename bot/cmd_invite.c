/* limberd invite: a personal link for the web chat. Works beside the running daemon. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len < 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789._-@") == len;
}

static int run(int argc, char **argv)
{
	char secret[BOT_SECRET_LEN + 1];
	struct cmd_place place;
	struct store *store;
	int code = EX_OK;

	if (!cmd_place_open(&place, &cmd_invite, &argc, &argv)) {
		return place.code;
	}
	if (argc != 1) {
		code = cmd_usage(&cmd_invite);
	} else if (!is_name(argv[0])) {
		code = cmd_fail(EX_USAGE,
			"\"%s\" cannot be a name; use letters, digits and . _ - @", argv[0]);
	} else if (!(store = cmd_place_store(&place, STORE_BESIDE))) {
		code = EX_CANTCREAT;
	} else {
		if (bot_invite(store, argv[0], cmd_place_link_hours(&place), secret)) {
			printf("%s#%s\n", cmd_place_url(&place), secret);
		} else {
			code = cmd_fail(
				EX_IOERR, "the link cannot be stored: %s", store_error(store));
		}
		store_close(store);
	}
	cmd_place_close(&place);
	return code;
}

const struct cmd cmd_invite = {
	.name = "invite",
	.usage = "[-c config.ini] [--data DIR] NAME",
	.about = "Print a personal link that opens the web chat signed in",
	.help = "The link works once and for a limited time; the browser stays signed in. NAME "
		"says whose\n"
		"diary it is: the same NAME gives the same diary on another "
		"device.\n\n" CMD_PLACE_HELP,
	.run = run,
};
