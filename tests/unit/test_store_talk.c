/* People, dialogs, messages and reminders as the turn uses them. */
#include "store/dialogs.h"
#include "store/messages.h"
#include "store/reminders.h"
#include "store/users.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- people ---- */

static void test_users(void **state)
{
	struct fixture *f = *state;
	const char *link, *handle, *conversation;
	struct user user;

	fixture_people(f);
	assert_false(user_find(f->store, "web", "eve", &user));
	assert_int_equal(user.id, 0);
	assert_true(user_find(f->store, "web", "ana", &user));
	assert_int_equal(user.id, f->ana);
	assert_string_equal(user.link, "web");
	assert_string_equal(user.lang, "");
	snprintf(user.zone, sizeof user.zone, "Europe/Berlin");
	user.is_stopped = true;
	user.paused_until_utc_ms = 77;
	user_save(f->store, &user);
	fixture_commit(f);
	assert_true(user_get(f->store, f->ana, &user));
	assert_string_equal(user.zone, "Europe/Berlin");
	assert_true(user.is_stopped);
	assert_int_equal(user.paused_until_utc_ms, 77);
	assert_int_equal(user.created_utc_ms, NOW);
	user_set_conversation(f->store, "web", "ana", "dm-2");
	assert_true(user_address(f->store, f->arena, f->ana, NULL, &link, &handle, &conversation));
	assert_string_equal(link, "web");
	assert_string_equal(handle, "ana");
	assert_string_equal(conversation, "dm-2");
	assert_false(user_address(f->store, f->arena, 999, "web", &link, &handle, &conversation));
	assert_null(link);
	assert_int_equal(user_count(f->store), 2);
}

static bool count_user(void *ctx, const struct user *user)
{
	int *seen = ctx;

	assert_int_equal(user->id, ++*seen); /* in order, none twice */
	return *seen < 150;
}

static void test_each_user(void **state)
{
	struct fixture *f = *state;
	struct user user;
	char handle[16];
	int seen = 0;

	assert_true(store_begin(f->store));
	for (int i = 0; i < 200; i++) {
		snprintf(handle, sizeof handle, "h%d", i);
		user_create(f->store, "web", handle, "", NOW, &user);
	}
	user_each(f->store, count_user, &seen);
	assert_int_equal(seen, 150);
}

static void test_long_name_is_cut_between_characters(void **state)
{
	struct fixture *f = *state;
	const char *const umlauts = "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü";
	struct user user;

	assert_true(store_begin(f->store));
	user_create(f->store, umlauts, "x", "", NOW, &user);
	assert_true(user_find(f->store, umlauts, "x", &user));
	assert_int_equal(strlen(user.link) % 2, 0);
}

static void test_facts(void **state)
{
	static const struct {
		const char *what;
		double number;
		const char *text;
	} rows[] = {
		{"whole", 6, "6"},
		{"half", 6.5, "6.5"},
		{"negative", -3, "-3"},
		{"not exact in fifteen digits", 0.1 + 0.2, "0.30000000000000004"},
	};
	struct fixture *f = *state;
	double number = 42;

	fixture_people(f);
	assert_null(fact_get(f->store, f->arena, f->ana, "wake"));
	assert_false(fact_get_number(f->store, f->ana, "wake", &number));
	fact_set(f->store, f->ana, "wake", "07:15", NOW);
	fact_set(f->store, f->ben, "wake", "08:00", NOW);
	fact_set(f->store, f->ana, "wake", "07:30", NOW + 1);
	assert_string_equal(fact_get(f->store, f->arena, f->ana, "wake"), "07:30");
	assert_int_equal(fact_set_at(f->store, f->ana, "wake"), NOW + 1);
	assert_false(fact_get_number(f->store, f->ana, "wake", &number)); /* a time is no number */
	assert_true(number == 42);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fact_set_number(f->store, f->ana, rows[i].what, rows[i].number, NOW);
		assert_string_equal(
			fact_get(f->store, f->arena, f->ana, rows[i].what), rows[i].text);
		assert_true(fact_get_number(f->store, f->ana, rows[i].what, &number));
		assert_true(number == rows[i].number);
	}
	fact_set(f->store, f->ana, "wake", NULL, NOW);
	assert_null(fact_get(f->store, f->arena, f->ana, "wake"));
	assert_int_equal(fact_set_at(f->store, f->ana, "wake"), 0);
	assert_string_equal(fact_get(f->store, f->arena, f->ben, "wake"), "08:00");
}

/* ---- dialogs ---- */

static int64_t push(struct fixture *f, int64_t user_id, const char *flow, const char *version)
{
	struct dialog d = {
		.user_id = user_id,
		.flow = flow,
		.version = version,
		.step = "first",
		.values = "{\"pain\":6}",
	};

	dialog_save(f->store, &d);
	assert_true(d.id > 0);
	return d.id;
}

static void test_dialog_stack(void **state)
{
	struct fixture *f = *state;
	struct dialog d;
	int64_t ended;

	fixture_people(f);
	assert_false(dialog_top(f->store, f->arena, f->ana, &d));
	push(f, f->ana, "a", "v1");
	push(f, f->ana, "b", "v1");
	push(f, f->ana, "c", "v1");
	push(f, f->ana, "d", "v2"); /* "a" falls off */
	push(f, f->ben, "other", "");
	assert_true(dialog_top(f->store, f->arena, f->ana, &d));
	assert_string_equal(d.flow, "d");
	assert_null(d.pending);
	d.pending = "[5,6]";
	d.unread = 2;
	d.step = "second";
	dialog_save(f->store, &d);
	assert_true(dialog_top(f->store, f->arena, f->ana, &d));
	assert_string_equal(d.step, "second");
	assert_string_equal(d.values, "{\"pain\":6}");
	assert_string_equal(d.pending, "[5,6]");
	assert_int_equal(d.unread, 2);
	ended = d.id;
	dialog_end(f->store, d.id);
	dialog_save(f->store, &d); /* does not come back */
	assert_true(dialog_top(f->store, f->arena, f->ana, &d));
	assert_string_equal(d.flow, "c");
	assert_true(push(f, f->ana, "e", "") > ended); /* ids are not used again */
	dialog_end_flow(f->store, f->ana, "e");
	dialog_end_flow(f->store, f->ana, "c");
	assert_true(dialog_top(f->store, f->arena, f->ana, &d));
	assert_string_equal(d.flow, "b");
	dialog_end(f->store, d.id);
	assert_false(dialog_top(f->store, f->arena, f->ana, &d));
	dialog_end_flow(f->store, f->ben, NULL);
	assert_false(dialog_top(f->store, f->arena, f->ben, &d));
}

static void test_flow_sources(void **state)
{
	static const char *const keep[] = {"v3", NULL};
	struct fixture *f = *state;
	struct user ben;

	fixture_people(f);
	flow_source_put(f->store, "v1", "checkin", "steps: 1");
	flow_source_put(f->store, "v1", "checkin", "never replaced");
	flow_source_put(f->store, "v2", "checkin", "steps: 2");
	flow_source_put(f->store, "v3", "checkin", "steps: 3");
	flow_source_put(f->store, "v4", "welcome", "steps: 4");
	assert_true(user_get(f->store, f->ben, &ben));
	snprintf(ben.consent_text, sizeof ben.consent_text, "v4");
	user_save(f->store, &ben);
	push(f, f->ana, "checkin", "v1");
	flow_source_prune(f->store, keep);
	assert_string_equal(flow_source_get(f->store, f->arena, "v1"), "steps: 1");
	assert_null(flow_source_get(f->store, f->arena, "v2"));
	assert_string_equal(flow_source_get(f->store, f->arena, "v3"), "steps: 3");
	assert_string_equal(flow_source_get(f->store, f->arena, "v4"), "steps: 4");
}

/* ---- messages ---- */

static int64_t add(struct fixture *f, int64_t user_id, enum message_state state, const char *link,
	const char *conversation, int64_t next_try_utc_ms)
{
	struct message m = {
		.user_id = user_id,
		.state = state,
		.link = link,
		.conversation = conversation,
		.handle = "h",
		.body = "{\"text\":\"hello\"}",
		.platform_id = state == MESSAGE_IN ? "p1" : NULL,
		.created_utc_ms = NOW,
		.next_try_utc_ms = next_try_utc_ms,
	};

	message_add(f->store, &m);
	assert_true(m.id > 0);
	assert_int_equal(strlen(m.key), state == MESSAGE_IN ? 0 : 36);
	return m.id;
}

/* The ready ids as "3 5". */
static const char *ready(struct fixture *f, const char *link, int64_t now_utc_ms, int64_t after_id)
{
	struct message out[8];
	char *text = arena_strdup(f->arena, "");
	size_t n = outbox_ready(f->store, f->arena, link, now_utc_ms, after_id, out, 8);

	for (size_t i = 0; i < n; i++) {
		text = arena_printf(f->arena, "%s%s%d", text, i ? " " : "", (int)out[i].id);
	}
	return text;
}

static void test_outbox_order(void **state)
{
	struct fixture *f = *state;
	struct outbox_counts counts;

	fixture_people(f);
	assert_int_equal(outbox_next_try(f->store), 0);
	add(f, f->ana, MESSAGE_PENDING, "web", "a", NOW);      /* 1 */
	add(f, f->ana, MESSAGE_PENDING, "web", "a", NOW);      /* 2 */
	add(f, f->ben, MESSAGE_PENDING, "web", "b", NOW);      /* 3 */
	add(f, f->ben, MESSAGE_PENDING, "chat", "b", NOW);     /* 4 */
	add(f, f->ben, MESSAGE_PENDING, "web", "c", NOW + 50); /* 5 */
	add(f, f->ana, MESSAGE_IN, "web", "a", 0);             /* 6 */
	assert_string_equal(ready(f, "web", NOW, 0), "1 3");
	assert_string_equal(ready(f, "web", NOW, 1), "3");
	assert_string_equal(ready(f, "chat", NOW, 0), "4");
	assert_string_equal(ready(f, "web", NOW + 50, 0), "1 3 5");
	assert_int_equal(outbox_next_try(f->store), NOW);
	outbox_sent(f->store, 1, "px");
	assert_string_equal(ready(f, "web", NOW, 0), "2 3");
	outbox_dead(f->store, 2, "refused");
	outbox_dead(f->store, 1, "too late: it was sent");
	assert_string_equal(ready(f, "web", NOW, 0), "3");
	counts = outbox_count(f->store);
	assert_int_equal(counts.pending, 3);
	assert_int_equal(counts.dead, 1);
	assert_int_equal(counts.oldest_pending_utc_ms, NOW);
}

static void test_outbox_retry(void **state)
{
	struct fixture *f = *state;
	struct message m, again;

	fixture_people(f);
	add(f, f->ana, MESSAGE_PENDING, "web", "a", NOW); /* 1 */
	add(f, f->ana, MESSAGE_PENDING, "web", "a", NOW); /* 2 */
	assert_true(message_get(f->store, f->arena, 1, &m));
	outbox_retry(f->store, 1, NOW + 100, "slow down");
	add(f, f->ana, MESSAGE_PENDING, "web", "a", NOW); /* 3 waits behind 1, too */
	assert_string_equal(ready(f, "web", NOW, 0), "");
	assert_int_equal(outbox_next_try(f->store), NOW + 100); /* not NOW: that would spin */
	assert_string_equal(ready(f, "web", NOW + 100, 0), "1");
	assert_true(message_get(f->store, f->arena, 1, &again));
	assert_string_equal(again.key, m.key);
	assert_string_equal(again.error, "slow down");
	assert_int_equal(again.attempts, 1);
	assert_true(message_get(f->store, f->arena, 2, &again));
	assert_string_not_equal(again.key, m.key);
	assert_int_equal(again.attempts, 0);
	outbox_sent(f->store, 1, NULL);
	assert_string_equal(ready(f, "web", NOW + 100, 0), "2");
	assert_false(message_get(f->store, f->arena, 99, &m));
}

static void test_nobodys_message_vanishes(void **state)
{
	struct fixture *f = *state;
	struct message m;

	fixture_people(f);
	add(f, 0, MESSAGE_PENDING, "web", "a", NOW); /* 1 */
	add(f, 0, MESSAGE_PENDING, "web", "a", NOW); /* 2 */
	assert_string_equal(ready(f, "web", NOW, 0), "1");
	outbox_sent(f->store, 1, "p");
	outbox_dead(f->store, 2, "gone");
	assert_false(message_get(f->store, f->arena, 1, &m));
	assert_false(message_get(f->store, f->arena, 2, &m));
}

static void test_history(void **state)
{
	struct fixture *f = *state;
	struct message out[4], m;

	fixture_people(f);
	for (int i = 0; i < 6; i++) {
		add(f, f->ana, i % 2 ? MESSAGE_SENT : MESSAGE_IN, i < 5 ? "web" : "chat", "a", 0);
		add(f, f->ben, MESSAGE_IN, "web", "b", 0);
	}
	/* Ana's: 1 3 5 7 9, and 11 on chat */
	assert_int_equal(message_history(f->store, f->arena, f->ana, "web", 0, 0, out, 2), 2);
	assert_int_equal(out[0].id, 7);
	assert_int_equal(out[1].id, 9);
	assert_int_equal(message_history(f->store, f->arena, f->ana, NULL, 7, 0, out, 4), 3);
	assert_int_equal(out[0].id, 1);
	assert_int_equal(message_history(f->store, f->arena, f->ana, NULL, 0, 7, out, 4), 2);
	assert_int_equal(out[0].id, 9);
	assert_int_equal(out[1].id, 11);
	assert_true(message_find(f->store, f->arena, "web", "p1", &m));
	assert_false(message_find(f->store, f->arena, "web", "p2", &m));
	message_set_body(f->store, 1, NULL);
	assert_true(message_get(f->store, f->arena, 1, &m));
	assert_null(m.body);
}

static void test_turn_rows(void **state)
{
	struct fixture *f = *state;
	struct turn_row first = {.message_id = 5, .what = "checkin.pain", .before = "{}"};
	struct turn_row second = {.what = "due:checkin"}, got;

	fixture_people(f);
	first.user_id = second.user_id = f->ana;
	assert_false(turn_row_last(f->store, f->arena, f->ana, &got));
	turn_row_add(f->store, &first);
	turn_row_add(f->store, &second);
	assert_true(turn_row_last(f->store, f->arena, f->ana, &got));
	assert_int_equal(got.id, second.id);
	assert_null(got.before);
	turn_row_undone(f->store, second.id);
	assert_true(turn_row_last(f->store, f->arena, f->ana, &got));
	assert_int_equal(got.message_id, 5);
	assert_string_equal(got.before, "{}");
	assert_false(turn_row_last(f->store, f->arena, f->ben, &got));
}

/* ---- reminders ---- */

static int64_t remind(
	struct fixture *f, int64_t user_id, const char *kind, bool has_rule, int64_t next_utc_ms)
{
	struct reminder r = {
		.user_id = user_id,
		.kind = kind,
		.has_rule = has_rule,
		.rule = {.days = has_rule ? RULE_WEEKDAYS : 0, .from_min = 435, .to_min = 435},
		.next_utc_ms = next_utc_ms,
	};

	reminder_save(f->store, &r);
	return r.id;
}

static void test_reminders_due(void **state)
{
	struct fixture *f = *state;
	struct reminder due[4], r;

	fixture_people(f);
	assert_int_equal(reminder_next(f->store), 0);
	remind(f, f->ana, "checkin", true, NOW + 20); /* 1 */
	remind(f, f->ben, "checkin", true, NOW + 10); /* 2 */
	remind(f, f->ben, "evening", true, 0);        /* 3 is off */
	remind(f, f->ana, "snooze", false, NOW + 10); /* 4 */
	assert_int_equal(reminder_next(f->store), NOW + 10);
	assert_int_equal(reminder_due(f->store, f->arena, NOW + 9, due, 4), 0);
	assert_int_equal(reminder_due(f->store, f->arena, NOW + 20, due, 4), 3);
	assert_int_equal(due[0].id, 2);
	assert_int_equal(due[1].id, 4);
	assert_int_equal(due[2].id, 1);
	assert_int_equal(due[2].rule.days, RULE_WEEKDAYS);
	assert_int_equal(due[2].rule.from_min, 435);
	assert_int_equal(reminder_due(f->store, f->arena, NOW + 20, due, 1), 1);
	due[0].next_utc_ms = NOW + 30;
	due[0].last_slot = 1440;
	due[0].misses = 2;
	due[0].is_weekly = true;
	due[0].data = "{}";
	reminder_save(f->store, &due[0]);
	assert_true(reminder_get(f->store, f->arena, 2, &r));
	assert_int_equal(r.next_utc_ms, NOW + 30);
	assert_int_equal(r.last_slot, 1440);
	assert_int_equal(r.misses, 2);
	assert_true(r.is_weekly);
	assert_string_equal(r.data, "{}");
	assert_true(r.has_rule);
}

static void test_reminders_of_a_person(void **state)
{
	struct fixture *f = *state;
	struct reminder list[8], r;

	fixture_people(f);
	remind(f, f->ana, "snooze", false, NOW);  /* 1 */
	remind(f, f->ana, "hold", false, NOW);    /* 2 */
	remind(f, f->ana, "checkin", true, NOW);  /* 3 */
	remind(f, f->ana, "checkin", false, NOW); /* 4 */
	assert_int_equal(reminder_list(f->store, f->arena, f->ana, list, 8), 4);
	assert_int_equal(list[0].id, 3);
	assert_int_equal(list[1].id, 1);
	assert_true(reminder_find(f->store, f->arena, f->ana, "checkin", &r));
	assert_int_equal(r.id, 3);
	assert_false(reminder_find(f->store, f->arena, f->ana, "hold", &r));
	reminder_cancel(f->store, f->ana, "checkin"); /* the rule stays */
	reminder_cancel(f->store, f->ana, "hold");
	assert_int_equal(reminder_list(f->store, f->arena, f->ana, list, 8), 2);
	reminder_cancel(f->store, f->ana, NULL);
	assert_int_equal(reminder_list(f->store, f->arena, f->ana, list, 8), 1);
	reminder_delete(f->store, 3);
	assert_false(reminder_get(f->store, f->arena, 3, &r));
	assert_int_equal(remind(f, f->ana, "checkin", true, NOW), 5);
	assert_int_equal(store_failed(f->store), STORE_OK);
	assert_int_equal(remind(f, f->ana, "checkin", true, NOW), 0); /* one of a kind */
	assert_int_equal(store_failed(f->store), STORE_REFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_users),
		TEST(test_each_user),
		TEST(test_long_name_is_cut_between_characters),
		TEST(test_facts),
		TEST(test_dialog_stack),
		TEST(test_flow_sources),
		TEST(test_outbox_order),
		TEST(test_outbox_retry),
		TEST(test_nobodys_message_vanishes),
		TEST(test_history),
		TEST(test_turn_rows),
		TEST(test_reminders_due),
		TEST(test_reminders_of_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
