/* Delivery: a platform that does what the test says, and the rows that follow from it. */
#include "base/clock.h"
#include "bot/bot.h"
#include "bot/outbox.h"
#include "store/messages.h"
#include "store/users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { START_MS = 1000000000, HEARD_MAX = 64 };

/* ---- a platform on a string ---- */

static struct {
	enum sent_result result;
	int retry_after_ms;
	bool is_slow; /* does not report until told */
	struct {
		int64_t id;
		char key[40], text[64], conversation[32];
	} heard[HEARD_MAX];
	size_t count;
} peer;

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
	assert_true(peer.count < HEARD_MAX);
	peer.heard[peer.count].id = out->id;
	snprintf(peer.heard[peer.count].key, 40, "%s", out->key);
	snprintf(peer.heard[peer.count].text, 64, "%s", out->text);
	snprintf(peer.heard[peer.count].conversation, 32, "%s", out->conversation);
	peer.count++;
	if (!peer.is_slow) {
		bot_on_sent(link, out->id, peer.result, "their-id", peer.retry_after_ms, "as told");
	}
}

static const struct platform peer_platform = {
	.name = "peer",
	.open = peer_open,
	.close = peer_close,
	.send = peer_send,
};

/* ---- a bot with one person ---- */

static char database[] = "/tmp/limberd-outbox-XXXXXX";
static struct bot *bot;
static struct link *link_a;
static struct user user;

static void open_bot(enum store_mode mode)
{
	char path[128], *faults = NULL;
	const char *error = NULL;
	struct store *store;
	struct prompts *prompts = prompts_load("prompts", bot_vocabulary(), &faults);

	assert_non_null(prompts);
	snprintf(path, sizeof path, "%s/limberd.db", database);
	store = store_open(path, mode, &error);
	assert_non_null(store);
	bot = bot_create(store, prompts, &bot_default_settings);
	link_a = bot_link_add(bot, "a", &peer_platform, NULL, NULL, &error);
}

static int set_up(void **state)
{
	(void)state;
	memset(&peer, 0, sizeof peer);
	clock_set_utc_ms(START_MS);
	open_bot(STORE_MEMORY);
	store_begin(bot->store);
	user_create(bot->store, "a", "pat", "room", START_MS, &user);
	store_commit(bot->store);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bot_destroy(bot);
	return 0;
}

static int64_t post(const char *conversation, const char *text)
{
	struct arena *a = arena_create();
	struct outbound out = {.kind = OUTBOUND_SAY, .text = text};
	struct message row = {
		.user_id = user.id,
		.state = MESSAGE_PENDING,
		.link = "a",
		.conversation = conversation,
		.handle = "pat",
		.body = outbound_to_json(a, &out),
		.created_utc_ms = clock_utc_ms(),
		.next_try_utc_ms = clock_utc_ms(),
	};

	store_begin(bot->store);
	message_add(bot->store, &row);
	assert_int_equal(store_commit(bot->store), STORE_OK);
	arena_destroy(a);
	return row.id;
}

static void pass(int times)
{
	for (int i = 0; i < times; i++) {
		bot_pass(bot);
	}
}

static enum message_state state_of(int64_t id)
{
	struct arena *a = arena_create();
	struct message row;
	enum message_state state = MESSAGE_IN;

	if (message_get(bot->store, a, id, &row)) {
		state = row.state;
	}
	arena_destroy(a);
	return state;
}

/* ---- what must hold ---- */

static void sends_and_settles(void **state)
{
	int64_t id = post("room", "hello");

	(void)state;
	pass(2);
	assert_int_equal(peer.count, 1);
	assert_string_equal(peer.heard[0].text, "hello");
	assert_int_equal(state_of(id), MESSAGE_SENT);
	pass(3);
	assert_int_equal(peer.count, 1);
}

static void keeps_the_order_of_a_conversation(void **state)
{
	(void)state;
	peer.is_slow = true;
	post("room", "one");
	post("room", "two");
	post("hall", "other");
	pass(3);
	assert_int_equal(peer.count, 2);
	assert_string_equal(peer.heard[0].text, "one");
	assert_string_equal(peer.heard[1].text, "other");
	bot_on_sent(link_a, peer.heard[0].id, SENT_OK, NULL, 0, NULL);
	pass(2);
	assert_int_equal(peer.count, 3);
	assert_string_equal(peer.heard[2].text, "two");
}

static void tries_again_later_with_the_same_key(void **state)
{
	char key[40];
	int64_t id = post("room", "hello");

	(void)state;
	bot->random = 1; /* a repeatable jitter, not zero */
	peer.result = SENT_UNKNOWN;
	pass(3);
	assert_int_equal(peer.count, 1);
	assert_int_equal(state_of(id), MESSAGE_PENDING);
	snprintf(key, sizeof key, "%s", peer.heard[0].key);
	peer.result = SENT_OK;
	clock_set_utc_ms(START_MS + 61000);
	pass(2);
	assert_int_equal(peer.count, 2);
	assert_string_equal(peer.heard[1].key, key);
	assert_int_equal(state_of(id), MESSAGE_SENT);
}

static void waits_as_long_as_the_platform_says(void **state)
{
	(void)state;
	post("room", "hello");
	peer.result = SENT_LATER;
	peer.retry_after_ms = 120000;
	pass(2);
	clock_set_utc_ms(START_MS + 119000);
	pass(2);
	assert_int_equal(peer.count, 1);
	clock_set_utc_ms(START_MS + 120001);
	pass(2);
	assert_int_equal(peer.count, 2);
}

static void parks_what_is_refused(void **state)
{
	int64_t id = post("room", "hello");

	(void)state;
	peer.result = SENT_REFUSED;
	pass(2);
	assert_int_equal(state_of(id), MESSAGE_DEAD);
	assert_int_equal(outbox_count(bot->store).dead, 1);
	post("room", "next");
	peer.result = SENT_OK;
	pass(2);
	assert_int_equal(peer.count, 2);
}

static void stops_for_a_person_who_left(void **state)
{
	struct user now;

	(void)state;
	post("room", "hello");
	peer.result = SENT_GONE;
	pass(2);
	assert_true(user_get(bot->store, user.id, &now));
	assert_true(now.is_stopped);
}

static void gives_up_after_the_limit(void **state)
{
	int64_t id = post("room", "hello");

	(void)state;
	peer.result = SENT_LATER;
	for (int hour = 0; hour <= bot->settings.retry_hours + 1; hour++) {
		clock_set_utc_ms(START_MS + hour * 3600000LL);
		pass(2);
	}
	assert_int_equal(state_of(id), MESSAGE_DEAD);
}

static void keeps_the_rate(void **state)
{
	char room[16];

	(void)state;
	bot->settings.rate_per_s = 5;
	for (int i = 0; i < 20; i++) {
		snprintf(room, sizeof room, "room%d", i);
		post(room, "hello");
	}
	pass(4);
	assert_int_equal(peer.count, 5);
	assert_true(bot_next_utc_ms(bot) > START_MS);
	clock_set_utc_ms(START_MS + 1000);
	pass(4);
	assert_int_equal(peer.count, 10);
}

static void sends_again_after_a_restart(void **state)
{
	char dir[] = "/tmp/limberd-outbox-XXXXXX", key[40], path[128];
	int64_t id;

	(void)state;
	assert_non_null(mkdtemp(dir));
	memcpy(database, dir, sizeof dir);
	bot_destroy(bot);
	open_bot(STORE_CREATE);
	store_begin(bot->store);
	user_create(bot->store, "a", "pat", "room", START_MS, &user);
	store_commit(bot->store);
	peer.is_slow = true;
	id = post("room", "hello");
	pass(2);
	assert_int_equal(peer.count, 1);
	snprintf(key, sizeof key, "%s", peer.heard[0].key);
	bot_destroy(bot); /* before the platform has reported */
	peer.is_slow = false;
	open_bot(STORE_EXISTING);
	pass(2);
	assert_int_equal(peer.count, 2);
	assert_string_equal(peer.heard[1].key, key);
	assert_int_equal(state_of(id), MESSAGE_SENT);
	snprintf(path, sizeof path, "rm -rf %s", dir);
	assert_int_equal(system(path), 0);
}

static void backs_off_with_jitter(void **state)
{
	static const struct {
		const char *what;
		int attempts;
		int64_t most_ms;
	} rows[] = {
		{"the first retry waits up to two seconds", 1, 2000},
		{"each next one twice as long", 4, 16000},
		{"up to a minute", 7, 60000},
		{"and five minutes after many failures", 12, 300000},
		{"however many", 1000000, 300000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(outbox_backoff_ms(rows[i].attempts, 0), 0);
		assert_true(outbox_backoff_ms(rows[i].attempts, 0.9999) <= rows[i].most_ms);
		assert_true(outbox_backoff_ms(rows[i].attempts, 0.9999) > rows[i].most_ms * 9 / 10);
	}
}

static void stored_form_comes_back_whole(void **state)
{
	struct outbound_choice choices[] = {{"a", "Good \"one\""}, {"b", "B\n\xc3\xa4"}};
	struct outbound out = {.kind = OUTBOUND_ALARM,
		.text = "line\nline \xe2\x82\xac",
		.step = "checkin.pain",
		.answer = "scale",
		.min = 0,
		.max = 10,
		.choices = choices,
		.choice_count = 2,
		.can_skip = true,
		.image = "bridge",
		.image_alt = "alt",
		.file_name = "diary.csv",
		.file_type = "text/csv",
		.file_data = "a,b\r\n",
		.file_len = 5};
	struct outbound back;
	struct arena *a = arena_create();
	struct message row = {.id = 7, .handle = "h", .conversation = "c"};

	(void)state;
	row.body = outbound_to_json(a, &out);
	assert_true(outbound_from_row(a, &row, &back));
	assert_int_equal(back.kind, OUTBOUND_ALARM);
	assert_string_equal(back.text, out.text);
	assert_string_equal(back.step, out.step);
	assert_string_equal(back.answer, "scale");
	assert_true(back.max == 10 && back.min == 0);
	assert_int_equal(back.choice_count, 2);
	assert_string_equal(back.choices[1].label, choices[1].label);
	assert_true(back.can_skip);
	assert_string_equal(back.image_alt, "alt");
	assert_int_equal(back.file_len, 5);
	assert_memory_equal(back.file_data, out.file_data, 5);
	row.body = "{damaged";
	assert_false(outbound_from_row(a, &row, &back));
	arena_destroy(a);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROW(sends_and_settles),
		ROW(keeps_the_order_of_a_conversation),
		ROW(tries_again_later_with_the_same_key),
		ROW(waits_as_long_as_the_platform_says),
		ROW(parks_what_is_refused),
		ROW(stops_for_a_person_who_left),
		ROW(gives_up_after_the_limit),
		ROW(keeps_the_rate),
		ROW(sends_again_after_a_restart),
		cmocka_unit_test(backs_off_with_jitter),
		cmocka_unit_test(stored_form_comes_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
