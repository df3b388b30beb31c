/* limberd doctor: looks at an installation as it stands: database, disk, clock, zones, prompts,
 * links. Changes nothing. */
#include "bot/cmd.h"
#include "bot/cmd_place.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "store/messages.h"
#include "store/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sysexits.h>
#include <unistd.h>

enum { DISK_MIN_MB = 100, OUTBOX_OLD_MIN = 15 };

static void say(void *ctx, bool ok, const char *text)
{
	int *faults = ctx;

	printf("%-4s %s\n", ok ? "ok" : "BAD", text);
	*faults += !ok;
}

static void say_text(struct arena *a, int *faults, bool ok, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void say_text(struct arena *a, int *faults, bool ok, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(faults, ok, arena_vprintf(a, format, args));
	va_end(args);
}

static void check_disk(struct cmd_place *place, int *faults)
{
	struct statvfs fs;
	struct stat st;
	double free_mb;

	if (statvfs(place->data, &fs) != 0) {
		say_text(place->arena, faults, false, "data directory %s cannot be read",
			place->data);
		return;
	}
	free_mb = (double)fs.f_bavail * (double)fs.f_frsize / 1e6;
	say_text(place->arena, faults, free_mb >= DISK_MIN_MB,
		"disk: %.0f MB free (at least %d are wanted)", free_mb, DISK_MIN_MB);
	if (stat(place->data, &st) == 0) {
		say_text(place->arena, faults, (st.st_mode & 077) == 0, "data directory: %s%s",
			(st.st_mode & 077) ? "others can read it; mend it by: chmod 700 "
					   : "private, ",
			place->data);
	}
}

static void check_clock(struct cmd_place *place, int *faults)
{
	/* The program cannot be older than its sources; a clock before that was never set. */
	const int64_t built = civil_day(2026, 11, 1) * 86400000LL;

	say_text(place->arena, faults, clock_utc_ms() > built, "clock: %s UTC",
		civil_format_date(clock_utc_ms() / 86400000).text);
	say(faults, zone_find("Europe/Berlin") && zone_find("America/New_York"),
		"time zones: tzdata can be read");
}

static void check_outbox(struct cmd_place *place, struct store *store, int *faults)
{
	struct outbox_counts n = outbox_count(store);
	int64_t age_min =
		n.oldest_pending_utc_ms ? (clock_utc_ms() - n.oldest_pending_utc_ms) / 60000 : 0;

	say_text(place->arena, faults, age_min < OUTBOX_OLD_MIN,
		"outbox: %lld waiting, the oldest for %lld minutes", (long long)n.pending,
		(long long)age_min);
	say_text(place->arena, faults, n.dead == 0, "outbox: %lld given up", (long long)n.dead);
}

static void check_store(struct cmd_place *place, int *faults)
{
	const char *error = NULL;
	struct store *store;

	if (access(place->database, F_OK) != 0) {
		say_text(place->arena, faults, true, "database: none yet at %s", place->database);
		return;
	}
	store = store_open(place->database, STORE_BESIDE, &error);
	if (!store) {
		say_text(place->arena, faults, false, "database: %s", error);
		return;
	}
	say_text(place->arena, faults, true, "database: %s, layout %d, %lld people",
		place->database, store_schema_version(store), (long long)user_count(store));
	if (store_check(store, place->arena, &error)) {
		say(faults, true, "database: every page and key was checked");
	} else {
		say_text(place->arena, faults, false,
			"database: %s; restore the last backup with limberd restore", error);
	}
	say_text(place->arena, faults, store_wal_bytes(store) < 256000000,
		"write-ahead log: %lld KB", (long long)store_wal_bytes(store) / 1000);
	check_outbox(place, store, faults);
	store_close(store);
}

static void check_prompts(struct cmd_place *place, int *faults)
{
	struct prompts *prompts = cmd_prompts(cmd_place_prompts(place));

	say_text(place->arena, faults, prompts != NULL, "prompts: %s", cmd_place_prompts(place));
	prompts_destroy(prompts);
}

/* A link of its own, never opened: a platform's doctor asks its server without connecting. */
static void check_links(struct cmd_place *place, int *faults)
{
	const struct platform *platform;
	const struct config *config;
	const char *name;

	for (size_t i = 0; (name = config_link(place->config, i, &platform, &config)); i++) {
		struct link link = {.name = name, .platform = platform, .config = config};

		if (platform->doctor) {
			platform->doctor(&link, say, faults);
		}
	}
}

static int run(int argc, char **argv)
{
	struct cmd_place place;
	int faults = 0;

	if (!cmd_place_open(&place, &cmd_doctor, &argc, &argv)) {
		return place.code;
	}
	log_set_level(LOG_LEVEL_ERROR);
	check_clock(&place, &faults);
	check_prompts(&place, &faults);
	check_disk(&place, &faults);
	check_store(&place, &faults);
	check_links(&place, &faults);
	cmd_place_close(&place);
	if (faults) {
		fprintf(stderr, "limberd: %d of these need attention\n", faults);
	}
	return faults ? 1 : EX_OK;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.usage = "[-c config.ini] [--data DIR]",
	.about = "Look at a running installation: database, disk, clock, links",
	.help = "Changes nothing and may run beside the daemon. Exit code 1 when something needs\n"
		"attention.\n\n" CMD_PLACE_HELP,
	.run = run,
};
