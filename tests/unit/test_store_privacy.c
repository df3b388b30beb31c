/* What a person takes away, and that nothing of them stays: not in a table, not in a byte. */
#include "base/buf.h"
#include "base/json.h"
#include "store/dialogs.h"
#include "store/entries.h"
#include "store/messages.h"
#include "store/privacy.h"
#include "store/reminders.h"
#include "store/sessions.h"
#include "store/stmt.h"
#include "store/users.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One row in every table; all texts of the person begin with mark. */
static int64_t live(struct fixture *f, const char *mark)
{
	const char *text = arena_printf(f->arena, "%s-text", mark);
	const char *json = arena_printf(f->arena, "{\"text\":\"%s-json\"}", mark);
	struct user user;
	struct entry entry = {.kind = "note", .text = text, .day = 20514, .at_utc_ms = NOW};
	struct message in = {.state = MESSAGE_IN,
		.link = "web",
		.conversation = mark,
		.handle = mark,
		.body = text,
		.platform_id = text,
		.created_utc_ms = NOW};
	struct message out = {.state = MESSAGE_PENDING,
		.link = "web",
		.conversation = mark,
		.handle = mark,
		.body = json,
		.created_utc_ms = NOW};
	struct reminder reminder = {.kind = "checkin",
		.has_rule = true,
		.data = json,
		.rule = {.days = 0x7f, .from_min = 435, .to_min = 435},
		.next_utc_ms = NOW};
	struct dialog dialog = {
		.flow = "checkin", .step = "pain", .values = json, .pending = "[5]"};
	struct turn_row turn = {.what = "checkin.pain", .before = json, .at_utc_ms = NOW};

	user_create(f->store, "web", mark, mark, NOW, &user);
	snprintf(user.name, sizeof user.name, "%s-name", mark);
	user_save(f->store, &user);
	entry.user_id = in.user_id = out.user_id = user.id;
	reminder.user_id = dialog.user_id = turn.user_id = user.id;
	fact_set(f->store, user.id, "p_work", text, NOW);
	entry_add(f->store, &entry);
	entry_correct(f->store, entry.id, true, 6.5, "=1+1", 0, NOW);
	message_add(f->store, &in);
	message_add(f->store, &out);
	reminder_save(f->store, &reminder);
	dialog_save(f->store, &dialog);
	turn_row_add(f->store, &turn);
	session_add(f->store, arena_printf(f->arena, "s-%d", (int)user.id), mark, NOW);
	invite_add(f->store, arena_printf(f->arena, "i-%d", (int)user.id), mark, NOW);
	assert_int_equal(store_failed(f->store), STORE_OK);
	return user.id;
}

/* Rows that mention a user, over every table of the schema that has a user_id. */
static int64_t mentions(struct fixture *f, int64_t user_id)
{
	sqlite3_stmt *tables;
	int64_t rows = 0, found = 0;

	assert_int_equal(
		sqlite3_prepare_v2(f->store->db,
			"SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
			" WHERE t.type = 'table' AND c.name = 'user_id'",
			-1, &tables, NULL),
		SQLITE_OK);
	for (; sqlite3_step(tables) == SQLITE_ROW; found++) {
		rows += stmt_pragma(f->store->db,
			arena_printf(f->arena, "SELECT count(*) FROM %s WHERE user_id = %d",
				sqlite3_column_text(tables, 0), (int)user_id),
			-1000);
	}
	sqlite3_finalize(tables);
	assert_true(found >= 8);
	return rows;
}

static void test_forget(void **state)
{
	struct fixture *f = *state;
	struct privacy_receipt count, done;
	int64_t anna, bert, berts;
	const char *handle;

	assert_true(store_begin(f->store));
	anna = live(f, "annamark");
	bert = live(f, "bertmark");
	fixture_commit(f);
	berts = mentions(f, bert);
	assert_int_equal(mentions(f, anna), berts);
	assert_true(berts >= 10);
	count = privacy_count(f->store, anna);
	done = privacy_forget(f->store, anna);
	assert_memory_equal(&count, &done, sizeof done);
	assert_int_equal(done.entries, 1);
	assert_int_equal(done.messages, 2);
	assert_int_equal(done.answers, 2);
	assert_int_equal(done.reminders, 1);
	assert_int_equal(done.facts, 1);
	assert_int_equal(done.handles, 1);
	fixture_commit(f);
	store_rollback(f->store);
	assert_true(fixture_search(f, "annamark") > 0); /* the WAL remembers until ... */
	store_checkpoint(f->store);
	assert_int_equal(fixture_search(f, "annamark"), 0);
	assert_int_equal(mentions(f, anna), 0);
	assert_int_equal(mentions(f, bert), berts);
	assert_false(session_find(
		f->store, f->arena, arena_printf(f->arena, "s-%d", (int)anna), 0, &handle));
	assert_true(session_find(
		f->store, f->arena, arena_printf(f->arena, "s-%d", (int)bert), 0, &handle));
	assert_true(store_check(f->store, f->arena, &handle));
}

/* A year of talk at random, so that rows of all lengths come, change, go and move between pages. */
static void live_together(struct fixture *f, const int64_t *ids, int people, int rounds)
{
	static const char words[] = "a text of any length, so that rows move between the pages";

	for (int n = 0; n < people * rounds; n++) {
		int i = rand() % people;
		char text[128];
		struct entry entry = {
			.user_id = ids[i],
			.kind = rand() % 2 ? "pain" : "note",
			.text = text,
			.day = rand() % 100,
			.at_utc_ms = rand(),
		};
		struct message message = {
			.user_id = ids[i],
			.state = MESSAGE_IN,
			.link = "web",
			.conversation = text,
			.handle = text,
			.body = text,
			.platform_id = text,
		};
		struct reminder snooze = {.user_id = ids[i], .kind = "snooze", .data = text};

		snprintf(text, sizeof text, "PERSON-%03d.%.*s", i, rand() % 57, words);
		entry_add(f->store, &entry);
		if (rand() % 4 == 0) {
			entry_correct(f->store, entry.id, true, 5, text, 0, NOW);
		}
		message_add(f->store, &message);
		fact_set(f->store, ids[i], words + rand() % 9, text, NOW);
		reminder_save(f->store, &snooze);
		if (rand() % 2) {
			reminder_cancel(f->store, ids[i], NULL);
		}
		if (n % 1000 == 999) {
			fixture_commit(f);
		}
	}
}

/* secure_delete alone leaves copies of some rows in the gaps of pages (in this very run, too); see
 * store/scrub.h. */
static void test_forget_leaves_no_byte(void **state)
{
	enum { PEOPLE = 300, ROUNDS = 40 };
	struct fixture *f = *state;
	int64_t ids[PEOPLE];
	struct user user;
	const char *data;
	size_t len;

	srand(1);
	assert_true(store_begin(f->store));
	for (int i = 0; i < PEOPLE; i++) {
		const char *handle = arena_printf(f->arena, "HANDLE-%03d.", i);

		user_create(f->store, "web", handle, handle, NOW, &user);
		ids[i] = user.id;
	}
	live_together(f, ids, PEOPLE, ROUNDS);
	for (int i = 0; i < PEOPLE; i += 7) {
		privacy_forget(f->store, ids[i]);
	}
	assert_int_equal(store_commit(f->store), STORE_OK);
	store_checkpoint(f->store);
	data = fixture_read(f, f->path, &len);
	for (size_t at = 0; at + 10 < len; at++) {
		if (memcmp(data + at, "PERSON-", 7) == 0 || memcmp(data + at, "HANDLE-", 7) == 0) {
			assert_int_not_equal(atoi(data + at + 7) % 7, 0);
		}
	}
	assert_true(store_check(f->store, f->arena, &data));
}

static struct json_object *first(struct json_object *o, const char *list)
{
	return json_object_array_get_idx(json_member(o, list), 0);
}

static void test_export_json(void **state)
{
	struct fixture *f = *state;
	struct buf buf = {0};
	struct json_object *o;
	int64_t anna;

	assert_true(store_begin(f->store));
	anna = live(f, "annamark");
	live(f, "bertmark");
	privacy_export_json(f->store, anna, &buf);
	assert_null(strstr(buf_text(&buf), "bertmark"));
	o = json_read(buf_text(&buf), buf.len - 1); /* without the last newline */
	assert_non_null(o);
	assert_string_equal(json_text(json_member(o, "person"), "name", ""), "annamark-name");
	assert_string_equal(json_text(first(o, "handles"), "handle", ""), "annamark");
	assert_string_equal(json_text(first(o, "facts"), "value", ""), "annamark-text");
	assert_string_equal(json_text(first(o, "entries"), "day", ""), "2026-03-02");
	assert_string_equal(json_text(first(o, "entries"), "at", ""), "1970-01-01T00:16:40Z");
	assert_true(json_number(first(o, "entries"), "number", 0) == 6.5);
	assert_string_equal(
		json_text(first(first(o, "entries"), "history"), "text", ""), "annamark-text");
	assert_string_equal(json_text(first(o, "reminders"), "from", ""), "07:15");
	assert_string_equal(json_text(first(o, "messages"), "text", ""), "annamark-text");
	assert_string_equal(
		json_text(json_object_array_get_idx(json_member(o, "messages"), 1), "text", ""),
		"annamark-json");
	assert_string_equal(json_text(first(o, "turns"), "what", ""), "checkin.pain");
	assert_string_equal(json_text(json_member(first(o, "dialogs"), "answers"), "text", ""),
		"annamark-json");
	json_object_put(o);
	buf_clear(&buf);
	privacy_export_json(f->store, 4711, &buf); /* nobody is valid JSON as well */
	o = json_read(buf_text(&buf), buf.len - 1);
	assert_int_equal(json_object_array_length(json_member(o, "entries")), 0);
	json_object_put(o);
	buf_finish(&buf);
}

static void test_export_csv(void **state)
{
	static const struct {
		const char *what, *text, *cell;
	} rows[] = {
		{"plain", "slept well", "slept well"},
		{"none", NULL, ""},
		{"comma", "stiff, then better", "\"stiff, then better\""},
		{"quotes", "\"bad\"", "\"\"\"bad\"\"\""},
		{"two lines", "a\nb", "\"a\nb\""},
		{"formula", "=HYPERLINK(1)", "\"'=HYPERLINK(1)\""},
		{"formula with plus", "+1", "\"'+1\""},
		{"formula with at", "@x", "\"'@x\""},
		{"formula with minus and quote", "-\"", "\"'-\"\"\""},
		{"formula after a tab", "\t=1", "\"'\t=1\""},
	};
	struct fixture *f = *state;

	fixture_people(f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct entry e = {.user_id = f->ana,
			.kind = "note",
			.has_number = i % 2,
			.number = (double)i / 2,
			.text = rows[i].text,
			.day = 20514,
			.part = PART_MORNING,
			.at_utc_ms = NOW};
		struct buf buf = {0};
		const char *expected = arena_printf(f->arena,
			"day,part,kind,number,text,at\r\n"
			"2026-03-02,morning,note,%s,%s,1970-01-01T00:16:40Z\r\n",
			i % 2 ? arena_printf(f->arena, "%g", (double)i / 2) : "", rows[i].cell);

		entry_add(f->store, &e);
		privacy_export_csv(f->store, f->ana, &buf);
		if (strcmp(buf_text(&buf), expected) != 0) {
			fail_msg("%s: %s", rows[i].what, buf_text(&buf));
		}
		entry_retract(f->store, e.id, NOW);
		buf_finish(&buf);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forget),
		TEST(test_forget_leaves_no_byte),
		TEST(test_export_json),
		TEST(test_export_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
