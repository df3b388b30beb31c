/* The diary: what counts, what it was before, medians and counts. */
#include "store/entries.h"
#include "store/stmt.h"
#include "tests/unit/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int64_t log_pain(struct fixture *f, int64_t user_id, double number, int64_t day,
	enum day_part part, int64_t message_id)
{
	struct entry e = {
		.user_id = user_id,
		.kind = "pain",
		.has_number = true,
		.number = number,
		.day = day,
		.part = part,
		.at_utc_ms = NOW,
		.message_id = message_id,
		.source = "checkin.pain",
	};

	entry_add(f->store, &e);
	assert_true(e.id > 0);
	return e.id;
}

/* "6", "6 note", "none": the newest pain entry that counts. */
static const char *last(struct fixture *f)
{
	struct entry e;

	if (!entry_last(f->store, f->arena, f->ana, "pain", &e)) {
		return "none";
	}
	assert_true(e.has_number);
	return arena_printf(f->arena, "%g%s%s", e.number, e.text ? " " : "", e.text ? e.text : "");
}

static int history_rows(struct fixture *f)
{
	return (int)stmt_pragma(f->store->db, "SELECT count(*) FROM entry_history", -1);
}

static void test_correct_and_restore(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	fixture_people(f);
	id = log_pain(f, f->ana, 6, 10, PART_MORNING, 1);
	entry_correct(f->store, id, true, 7, NULL, 2, NOW + 1);
	entry_correct(f->store, id, true, 8, "sure", 3, NOW + 2);
	assert_string_equal(last(f), "8 sure");
	assert_int_equal(history_rows(f), 2);
	entry_restore(f->store, id);
	assert_string_equal(last(f), "7");
	entry_restore(f->store, id);
	assert_string_equal(last(f), "6");
	entry_restore(f->store, id); /* nothing left */
	assert_string_equal(last(f), "6");
	assert_int_equal(history_rows(f), 2); /* "8 sure" and "7" are still on record */
	assert_int_equal(stmt_pragma(f->store->db,
				 "SELECT count(*) FROM entry_history WHERE text = 'sure'", -1),
		1);
}

static void test_retract_and_restore(void **state)
{
	struct fixture *f = *state;
	struct entry e[2];
	int64_t id;

	fixture_people(f);
	log_pain(f, f->ana, 3, 9, PART_MORNING, 1);
	id = log_pain(f, f->ana, 6, 10, PART_MORNING, 2);
	entry_correct(f->store, id, true, 7, NULL, 2, NOW);
	entry_retract(f->store, id, NOW);
	entry_retract(f->store, id, NOW);                   /* once is enough */
	entry_correct(f->store, id, true, 9, NULL, 2, NOW); /* it does not count any more */
	assert_string_equal(last(f), "3");
	assert_false(entry_exists(f->store, f->ana, "pain", 10, -1));
	assert_int_equal(entry_of_message(f->store, f->arena, f->ana, 2, e, 2), 0);
	assert_int_equal(history_rows(f), 2);
	entry_restore(f->store, id);
	assert_string_equal(last(f), "7");
	entry_restore(f->store, id);
	assert_string_equal(last(f), "6");
	assert_int_equal(entry_of_message(f->store, f->arena, f->ana, 2, e, 2), 1);
	assert_int_equal(e[0].id, id);
	assert_string_equal(e[0].source, "checkin.pain");
	assert_int_equal(entry_of_message(f->store, f->arena, f->ben, 2, e, 2), 0);
}

static void test_last_is_about_the_latest_moment(void **state)
{
	struct fixture *f = *state;
	struct entry e = {.kind = "note", .text = "slept badly", .day = 11, .at_utc_ms = NOW};

	fixture_people(f);
	assert_string_equal(last(f), "none");
	log_pain(f, f->ana, 6, 10, PART_MORNING, 1);
	log_pain(f, f->ana, 4, 9, PART_EVENING, 2); /* told later, about yesterday */
	log_pain(f, f->ben, 9, 12, PART_MORNING, 3);
	assert_string_equal(last(f), "6");
	e.user_id = f->ana;
	entry_add(f->store, &e);
	assert_true(entry_last(f->store, f->arena, f->ana, NULL, &e));
	assert_string_equal(e.text, "slept badly");
	assert_false(e.has_number);
	assert_int_equal(e.message_id, 0);
}

struct walk {
	struct fixture *fixture;
	int count, stop_at;
	int64_t last_day, last_id;
};

static bool walk_entry(void *ctx, const struct entry *e)
{
	struct walk *w = ctx;
	struct entry again;

	assert_true(e->day > w->last_day || (e->day == w->last_day && e->id > w->last_id));
	w->last_day = e->day;
	w->last_id = e->id;
	/* The store may be used meanwhile, even by the same queries. */
	assert_true(entry_last(w->fixture->store, w->fixture->arena, e->user_id, "pain", &again));
	return ++w->count != w->stop_at;
}

static void test_each(void **state)
{
	struct fixture *f = *state;
	struct walk all = {.fixture = f}, some = {.fixture = f},
		    few = {.fixture = f, .stop_at = 70};

	fixture_people(f);
	for (int i = 0; i < 300; i++) {
		int64_t id = log_pain(f, i % 3 ? f->ana : f->ben, i % 11, (i * 7) % 50, 0, 0);

		if (i % 10 == 1) {
			entry_retract(f->store, id, NOW);
		}
	}
	entry_each(f->store, f->ana, NULL, 0, 49, walk_entry, &all);
	assert_int_equal(all.count, 180);
	entry_each(f->store, f->ana, "pain", 10, 19, walk_entry, &some);
	assert_int_equal(some.count, 36);
	assert_int_equal(some.last_day, 19);
	entry_each(f->store, f->ana, "pain", 0, 49, walk_entry, &few);
	assert_int_equal(few.count, 70);
	entry_each(f->store, f->ana, "pain", 60, 70, walk_entry, &few);
	assert_int_equal(few.count, 70);
}

static void test_medians(void **state)
{
	static const struct {
		const char *what;
		double numbers[5];
		int count;
		double median;
	} rows[] = {
		{"none", {0}, 0, -1},
		{"one", {4}, 1, 4},
		{"two: their mean", {4, 7}, 2, 5.5},
		{"three, unsorted", {9, 1, 5}, 3, 5},
		{"four", {1, 2, 4, 10}, 4, 3},
		{"five with equals", {3, 3, 3, 0, 10}, 5, 3},
	};
	struct fixture *f = *state;
	double median;

	fixture_people(f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t day = 100 + (int64_t)i * 10;

		for (int n = 0; n < rows[i].count; n++) {
			log_pain(f, f->ana, rows[i].numbers[n], day + n, PART_MORNING, 0);
			log_pain(f, f->ana, 10, day + n, PART_EVENING, 0);
			log_pain(f, f->ben, 10, day + n, PART_MORNING, 0);
		}
		median = -1;
		assert_int_equal(
			entry_median(f->store, f->ana, "pain", day, day + 9, PART_MORNING, &median),
			rows[i].count);
		if (median != rows[i].median) {
			fail_msg("%s: %g", rows[i].what, median);
		}
		assert_int_equal(entry_days(f->store, f->ana, "pain", day, day + 9), rows[i].count);
	}
	assert_int_equal(entry_median(f->store, f->ana, "pain", 110, 110, -1, &median), 2);
	assert_true(median == 7);
	assert_true(entry_exists(f->store, f->ana, "pain", 110, PART_EVENING));
	assert_false(entry_exists(f->store, f->ana, "pain", 110, PART_NIGHT));
	assert_false(entry_exists(f->store, f->ana, "night", 110, -1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_correct_and_restore),
		TEST(test_retract_and_restore),
		TEST(test_last_is_about_the_latest_moment),
		TEST(test_each),
		TEST(test_medians),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
