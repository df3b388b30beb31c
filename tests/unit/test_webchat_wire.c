/* The chat page's messages: what is understood, what is refused and why, and what we write. */
#include "platforms/webchat_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void frames_are_read_or_refused(void **state)
{
	static const struct {
		const char *what, *frame, *why; /* why NULL: accepted */
	} rows[] = {
		{"first hello", "{\"t\":\"hello\"}", NULL},
		{"hello with a place to go on", "{\"t\":\"hello\",\"after\":7}", NULL},
		{"hello with a bad place", "{\"t\":\"hello\",\"after\":-7}", "hello: after"},
		{"say", "{\"t\":\"say\",\"cid\":\"a-1\",\"text\":\"six\"}", NULL},
		{"more than we know", "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"6\",\"x\":[]}",
			NULL},
		{"no id", "{\"t\":\"say\",\"text\":\"six\"}", "say: cid"},
		{"empty id", "{\"t\":\"say\",\"cid\":\"\",\"text\":\"six\"}", "say: cid"},
		{"an id that could be another person's",
			"{\"t\":\"say\",\"cid\":\"ann:1\",\"text\":\"six\"}", "say: cid"},
		{"an id of 65 letters",
			"{\"t\":\"say\",\"cid\":"
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaa\",\"text\":\"six\"}",
			"say: cid"},
		{"a number as text", "{\"t\":\"say\",\"cid\":\"a\",\"text\":6}", "say: text"},
		{"no words", "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"\"}", "say: text"},
		{"words behind a NUL", "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"6\\u0000x\"}",
			"say: text"},
		{"a choice", "{\"t\":\"choose\",\"cid\":\"a\",\"choice\":\"yes\",\"of\":\"f.s\"}",
			NULL},
		{"a choice of no question", "{\"t\":\"choose\",\"cid\":\"a\",\"choice\":\"yes\"}",
			NULL},
		{"a choice without one", "{\"t\":\"choose\",\"cid\":\"a\"}", "choose: choice"},
		{"older", "{\"t\":\"older\",\"before\":5}", NULL},
		{"older than nothing", "{\"t\":\"older\"}", "older: before"},
		{"unknown kind", "{\"t\":\"shout\"}", "unknown kind of message"},
		{"kind of another type", "{\"t\":1}", "unknown kind of message"},
		{"a list", "[1]", "unknown kind of message"},
		{"a word", "hello", "not a JSON object"},
		{"nothing", "", "not a JSON object"},
		{"two objects", "{\"t\":\"hello\"}{}", "not a JSON object"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct web_frame f;
		const char *why = NULL;
		bool ok = web_frame_read(&f, rows[i].frame, strlen(rows[i].frame), &why);

		if (ok != (rows[i].why == NULL) || (why && strcmp(why, rows[i].why) != 0)) {
			fail_msg("%s: %s", rows[i].what, why ? why : "accepted");
		}
		if (ok) {
			web_frame_finish(&f);
		}
	}
}

static void only_plausible_places_are_believed(void **state)
{
	static const struct {
		const char *zone, *expect;
	} rows[] = {
		{"Europe/Berlin", "Europe/Berlin"},
		{"America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"},
		{"Etc/GMT+3", "Etc/GMT+3"},
		{"../../etc/passwd", NULL},
		{"Europe Berlin", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char frame[128];
		struct web_frame f;
		const char *why;

		snprintf(frame, sizeof frame, "{\"t\":\"hello\",\"zone\":\"%s\"}", rows[i].zone);
		assert_true(web_frame_read(&f, frame, strlen(frame), &why));
		if (rows[i].expect) {
			assert_string_equal(f.zone, rows[i].expect);
		} else {
			assert_null(f.zone);
		}
		web_frame_finish(&f);
	}
}

static void expect_json(struct buf *out, const char *expected)
{
	assert_string_equal(buf_text(out), expected);
	buf_finish(out);
}

static void what_we_write(void **state)
{
	static const struct outbound_choice choices[] = {{"yes", "Yes \"please\""}, {"no", "No"}};
	const struct outbound scale = {.id = 5,
		.kind = OUTBOUND_ASK,
		.text = "How?\n*Now*",
		.step = "checkin.pain",
		.answer = "scale",
		.max = 10,
		.can_skip = true};
	const struct outbound choice = {.id = 6,
		.kind = OUTBOUND_ASK,
		.text = "Ok?",
		.step = "",
		.answer = "choice",
		.choices = choices,
		.choice_count = 2};
	const struct outbound file = {.id = 7,
		.text = "Here.",
		.image = "cat",
		.image_alt = "A cat",
		.file_name = "diary.csv",
		.file_type = "text/csv",
		.file_data = "a,b",
		.file_len = 3};
	const struct history_item own = {
		.id = 8, .is_inbound = true, .text = "6", .client_id = "ann:c-1", .utc_ms = 9};
	const struct history_item unkept = {.id = 8, .is_inbound = true, .utc_ms = 9};
	struct buf out = {0};

	(void)state;
	web_write_message(&out, &scale, 1000);
	expect_json(&out, "{\"t\":\"message\",\"id\":5,\"at\":1000,\"from\":\"bot\",\"text\":\"How?"
			  "\\n*Now*\","
			  "\"kind\":\"ask\",\"step\":\"checkin.pain\",\"answer\":\"scale\",\"min\":"
			  "0,\"max\":10,"
			  "\"skip\":true}");
	web_write_message(&out, &choice, 1000);
	expect_json(&out,
		"{\"t\":\"message\",\"id\":6,\"at\":1000,\"from\":\"bot\",\"text\":\"Ok?\","
		"\"kind\":"
		"\"ask\",\"answer\":\"choice\",\"choices\":[{\"id\":\"yes\",\"label\":\"Yes "
		"\\\"please\\\"\"},{\"id\":\"no\",\"label\":\"No\"}]}");
	web_write_message(&out, &file, 1000);
	expect_json(&out,
		"{\"t\":\"message\",\"id\":7,\"at\":1000,\"from\":\"bot\",\"text\":\"Here.\","
		"\"kind\":"
		"\"say\",\"image\":\"cat\",\"alt\":\"A cat\",\"file\":\"diary.csv\",\"size\":3}");
	web_write_item(&out, &own);
	expect_json(&out, "{\"t\":\"message\",\"id\":8,\"at\":9,\"from\":\"me\",\"text\":\"6\","
			  "\"cid\":\"c-1\"}");
	web_write_item(&out, &unkept);
	expect_json(&out, "{\"t\":\"message\",\"id\":8,\"at\":9,\"from\":\"me\"}");
	web_write_stored(&out, "c-1", 8);
	expect_json(&out, "{\"t\":\"stored\",\"cid\":\"c-1\",\"id\":8}");
	web_write_refused(&out, "c-1", "fast", 1000);
	expect_json(&out, "{\"t\":\"refused\",\"cid\":\"c-1\",\"why\":\"fast\",\"retry_ms\":1000}");
	web_write_refused(&out, "c-1", "long", 0);
	expect_json(&out, "{\"t\":\"refused\",\"cid\":\"c-1\",\"why\":\"long\"}");
	web_write_delayed(&out, "c-1");
	expect_json(&out, "{\"t\":\"delayed\",\"cid\":\"c-1\"}");
	web_write_typing(&out);
	expect_json(&out, "{\"t\":\"typing\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_read_or_refused),
		cmocka_unit_test(only_plausible_places_are_believed),
		cmocka_unit_test(what_we_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
