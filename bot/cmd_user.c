/* limberd user: what the operator can do for a person: list, export, forget. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/zone.h"
#include "store/privacy.h"
#include "store/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

static bool print_user(void *ctx, const struct user *user)
{
	const char *state = user->is_stopped                             ? "stopped"
			    : user->paused_until_utc_ms > clock_utc_ms() ? "paused"
			    : user->consent_utc_ms                       ? "active"
									 : "no consent yet";

	(void)ctx;
	printf("%-6lld %-20s %-24s %-4s since %s  %s\n", (long long)user->id,
		user->name[0] ? user->name : "-", user->zone[0] ? user->zone : "-", user->lang,
		civil_format_date(user->created_utc_ms / 86400000).text, state);
	return true;
}

static int export(struct store *store, int64_t id, bool is_csv)
{
	struct buf out = {0};

	if (is_csv) {
		privacy_export_csv(store, id, &out);
	} else {
		privacy_export_json(store, id, &out);
	}
	fwrite(buf_text(&out), 1, out.len, stdout);
	if (!is_csv) {
		putchar('\n');
	}
	buf_finish(&out);
	return store_failed(store) == STORE_OK ? EX_OK
					       : cmd_fail(EX_IOERR, "%s", store_error(store));
}

static int forget(struct store *store, int64_t id)
{
	struct privacy_receipt r;

	if (!store_begin(store)) {
		return cmd_fail(EX_TEMPFAIL, "%s; try again", store_error(store));
	}
	r = privacy_forget(store, id);
	if (store_commit(store) != STORE_OK) {
		return cmd_fail(EX_IOERR, "nothing was deleted: %s", store_error(store));
	}
	store_checkpoint(store);
	printf("deleted: %d entries, %d messages, %d answers, %d reminders, %d facts, %d handles\n",
		r.entries, r.messages, r.answers, r.reminders, r.facts, r.handles);
	return EX_OK;
}

static int act(struct store *store, int argc, char **argv)
{
	const char *what = argc ? argv[0] : "";
	struct user user;
	char *end = NULL;
	int64_t id;

	if (strcmp(what, "list") == 0 && argc == 1) {
		user_each(store, print_user, NULL);
		return EX_OK;
	}
	if (argc < 2) {
		return cmd_usage(&cmd_user);
	}
	id = strtoll(argv[1], &end, 10);
	if (*end != '\0' || !user_get(store, id, &user)) {
		return cmd_fail(EX_NOUSER, "there is no user %s; see limberd user list", argv[1]);
	}
	if (strcmp(what, "export") == 0) {
		return export(store, id, argc > 2 && strcmp(argv[2], "csv") == 0);
	}
	if (strcmp(what, "forget") == 0) {
		return forget(store, id);
	}
	return cmd_usage(&cmd_user);
}

static int run(int argc, char **argv)
{
	struct cmd_place place;
	struct store *store;
	int code;

	if (!cmd_place_open(&place, &cmd_user, &argc, &argv)) {
		return place.code;
	}
	store = cmd_place_store(&place, STORE_BESIDE);
	code = store ? act(store, argc, argv) : EX_CANTCREAT;
	store_close(store);
	cmd_place_close(&place);
	return code;
}

const struct cmd cmd_user = {
	.name = "user",
	.usage = "[-c config.ini] [--data DIR] list | export ID [json|csv] | forget ID",
	.about = "List people, export what is stored about one, or delete it",
	.help = "Works while the daemon runs. Export goes to standard output. Forget deletes "
		"everything\n"
		"about the person from the database and prints a receipt.\n\n" CMD_PLACE_HELP,
	.run = run,
};
