/* limberd check: configuration and prompts, offline; every fault with its place. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include <stdio.h>
#include <sysexits.h>

static int run(int argc, char **argv)
{
	struct cmd_place place;
	struct prompts *prompts;
	int code = EX_OK;

	if (!cmd_place_open(&place, &cmd_check, &argc, &argv)) {
		/* The prompts are worth a look all the same. */
		prompts = cmd_prompts(cmd_prompts_dir());
		prompts_destroy(prompts);
		return place.code == EX_USAGE ? EX_USAGE : 1;
	}
	prompts = cmd_prompts(cmd_place_prompts(&place));
	if (!prompts) {
		code = 1;
	} else {
		puts("configuration and prompts are fine");
	}
	prompts_destroy(prompts);
	cmd_place_close(&place);
	return code;
}

const struct cmd cmd_check = {
	.name = "check",
	.usage = "[-c config.ini]",
	.about = "Check configuration and prompts without starting anything",
	.help = "Prints every fault as file:line:column and a sentence that says what to write "
		"instead.\n"
		"Exit code 1 when there is one.\n\n" CMD_PLACE_HELP,
	.run = run,
};
