/* A flow that changes under somebody who is in it: they go on with the version they began with,
 * over a reload and over a restart; whoever begins later gets the new one. And a database that
 * somebody else holds: nothing is acknowledged, nothing is lost. */
#include "base/buf.h"
#include "base/clock.h"
#include "bot/bot.h"
#include "store/dialogs.h"
#include "store/entries.h"
#include "store/users.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW_MS = 1772438400 };

static char dir[] = "/tmp/limberd-versions-XXXXXX";
static struct bot *bot;
static struct link *peer;
static struct buf heard;
static int stored_ok, stored_not;

/* ---- a peer that listens ---- */

static bool peer_open(struct link *link, const char **error)
{
	(void)link;
	(void)error;
	return true;
}

static void peer_close(struct link *link)
{
	(void)link;
}

static void peer_send(struct link *link, const struct outbound *out)
{
	buf_printf(&heard, "%s\n", out->text);
	bot_on_sent(link, out->id, SENT_OK, NULL, 0, NULL);
}

static void peer_stored(struct link *link, uint64_t token, bool ok, int64_t message_id)
{
	(void)link;
	(void)token;
	(void)message_id;
	if (ok) {
		stored_ok++;
	} else {
		stored_not++;
	}
}

static const struct platform peer_platform = {
	.name = "peer",
	.open = peer_open,
	.close = peer_close,
	.send = peer_send,
	.stored = peer_stored,
};

/* ---- a bot on a copy of the prompts ---- */

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof command, format, args);
	va_end(args);
	assert_int_equal(system(command), 0);
}

static struct prompts *load(void)
{
	char path[128], *errors = NULL;
	struct prompts *prompts;

	snprintf(path, sizeof path, "%s/prompts", dir);
	prompts = prompts_load(path, bot_vocabulary(), &errors);
	if (!prompts) {
		fail_msg("%s", errors);
	}
	return prompts;
}

static void start(void)
{
	char path[128];
	const char *error = NULL;
	struct store *store;

	snprintf(path, sizeof path, "%s/limberd.db", dir);
	store = store_open(path, STORE_CREATE, &error);
	assert_non_null(store);
	bot = bot_create(store, load(), &bot_default_settings);
	peer = bot_link_add(bot, "peer", &peer_platform, NULL, NULL, &error);
	assert_non_null(peer);
}

static void settle(void)
{
	for (int i = 0; i < 50 && (bot_pass(bot) || bot->arriving->count); i++) {
	}
}

static void say(const char *who, const char *text)
{
	struct inbound in = {
		.kind = INBOUND_TEXT, .handle = who, .conversation = who, .text = text};

	buf_clear(&heard);
	assert_true(bot_on_message(peer, &in));
	settle();
}

static void add_person(const char *who)
{
	struct user user;

	assert_true(store_begin(bot->store));
	user_create(bot->store, "peer", who, who, NOW_MS * 1000LL, &user);
	user.consent_utc_ms = 1;
	snprintf(user.zone, sizeof user.zone, "Europe/Berlin");
	snprintf(user.link, sizeof user.link, "peer");
	user_save(bot->store, &user);
	assert_int_equal(store_commit(bot->store), STORE_OK);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	assert_non_null(mkdtemp(dir));
	shell("cp -r prompts %s/prompts", dir);
	clock_set_utc_ms(NOW_MS * 1000LL);
	stored_ok = stored_not = 0;
	start();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bot_destroy(bot);
	buf_finish(&heard);
	shell("rm -rf %s", dir);
	return 0;
}

/* The night is asked with other words, and a step is gone. */
static void change_checkin(void)
{
	shell("sed -i 's/And the night?/How did you sleep?/' %s/prompts/flows/checkin.yaml", dir);
}

/* ---- what must hold ---- */

static void goes_on_after_a_reload(void **state)
{
	(void)state;
	add_person("pat");
	say("pat", "good morning");
	assert_non_null(strstr(buf_text(&heard), "How is your back"));
	change_checkin();
	bot_use_prompts(bot, load());
	say("pat", "4");
	assert_non_null(strstr(buf_text(&heard), "And the night?"));
	add_person("kim");
	say("kim", "good morning");
	say("kim", "4");
	assert_non_null(strstr(buf_text(&heard), "How did you sleep?"));
}

static void goes_on_after_a_restart(void **state)
{
	(void)state;
	add_person("pat");
	say("pat", "good morning");
	change_checkin();
	bot_destroy(bot);
	start();
	say("pat", "4");
	assert_non_null(strstr(buf_text(&heard), "And the night?"));
	say("pat", "good");
	assert_null(strstr(buf_text(&heard), "How did you sleep?"));
}

static void waits_for_a_locked_database(void **state)
{
	char path[128];
	struct inbound in = {
		.kind = INBOUND_TEXT, .handle = "pat", .conversation = "pat", .text = "pain 5"};
	sqlite3 *other;

	(void)state;
	add_person("pat");
	snprintf(path, sizeof path, "%s/limberd.db", dir);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "begin immediate", NULL, NULL, NULL), SQLITE_OK);
	assert_true(bot_on_message(peer, &in));
	bot_pass(bot); /* waits for its busy time-out, then gives up for now */
	assert_int_equal(stored_ok, 0);
	assert_int_equal(stored_not, 1);
	assert_true(bot->hold_until_utc_ms > clock_utc_ms());
	assert_false(bot->is_broken);
	assert_int_equal(sqlite3_exec(other, "rollback", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	clock_set_utc_ms(bot->hold_until_utc_ms);
	buf_clear(&heard);
	settle();
	assert_int_equal(stored_ok, 1);
	assert_non_null(strstr(buf_text(&heard), "Noted: pain 5"));
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(goes_on_after_a_reload),
		ROW(goes_on_after_a_restart),
		ROW(waits_for_a_locked_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
