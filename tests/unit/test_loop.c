/* The loop: timers in order, descriptors, a wake from another thread, signals, after each pass; and
 * how long a backoff waits. */
#include "io/backoff.h"
#include "io/loop.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct seen {
	struct loop *loop;
	struct loop_timer *timer, *other;
	char order[16];
	int passes, signal, fd_calls;
	bool was_woken;
};

static int set_up(void **state)
{
	static struct seen s;
	const char *error = NULL;

	loop_block_signals();
	memset(&s, 0, sizeof s);
	s.loop = loop_create(&error);
	assert_non_null(s.loop);
	*state = &s;
	return 0;
}

static int tear_down(void **state)
{
	struct seen *s = *state;

	loop_timer_destroy(s->timer);
	loop_timer_destroy(s->other);
	loop_destroy(s->loop);
	return 0;
}

static void late(void *ctx)
{
	struct seen *s = ctx;

	strcat(s->order, "L");
	loop_stop(s->loop);
}

static void early(void *ctx)
{
	struct seen *s = ctx;

	strcat(s->order, "E");
	if (strlen(s->order) < 3) {
		loop_timer_set(s->timer, 1); /* a timer may be set again in its own function */
	}
}

static void timers_fire_in_order_and_may_repeat(void **state)
{
	struct seen *s = *state;
	int64_t began = clock_mono_us();

	s->timer = loop_timer_create(s->loop, early, s);
	s->other = loop_timer_create(s->loop, late, s);
	loop_timer_set(s->other, 60);
	loop_timer_set(s->timer, 5);
	assert_true(loop_run(s->loop));
	assert_string_equal(s->order, "EEEL");
	assert_in_range(clock_mono_us() - began, 60000, 1000000);
}

static void a_stopped_timer_is_silent(void **state)
{
	struct seen *s = *state;

	s->timer = loop_timer_create(s->loop, early, s);
	s->other = loop_timer_create(s->loop, late, s);
	loop_timer_set(s->timer, 5);
	loop_timer_set(s->other, 20);
	loop_timer_stop(s->timer);
	assert_true(loop_run(s->loop));
	assert_string_equal(s->order, "L");
}

static void end_of_life(void *ctx)
{
	struct seen *s = ctx;

	loop_timer_destroy(s->timer);
	s->timer = NULL;
	loop_stop(s->loop);
}

static void a_timer_may_end_itself(void **state)
{
	struct seen *s = *state;

	s->timer = loop_timer_create(s->loop, end_of_life, s);
	loop_timer_set(s->timer, 0);
	assert_true(loop_run(s->loop));
	assert_null(s->timer);
}

static void on_pipe(void *ctx, int fd, unsigned what)
{
	struct seen *s = ctx;
	char c;

	assert_true(what & LOOP_READ);
	assert_int_equal(read(fd, &c, 1), 1);
	s->fd_calls++;
	if (c == 'x') {
		loop_fd_set(s->loop, fd, 0, NULL, NULL);
		late(s);
	}
}

static void a_descriptor_is_watched_until_forgotten(void **state)
{
	struct seen *s = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_true(loop_fd_set(s->loop, ends[0], LOOP_READ, on_pipe, s));
	assert_int_equal(write(ends[1], "axb", 3), 3);
	assert_true(loop_run(s->loop));
	assert_int_equal(s->fd_calls, 2);
	s->other = loop_timer_create(s->loop, late, s);
	loop_timer_set(s->other, 5);
	assert_true(loop_run(s->loop)); /* the "b" is still there */
	assert_int_equal(s->fd_calls, 2);
	close(ends[0]);
	close(ends[1]);
}

struct pair {
	struct loop *loop;
	int fds[2];
	int calls;
};

/* Whoever is asked first forgets the other, whose event was fetched in the same go. */
static void on_partner(void *ctx, int fd, unsigned what)
{
	struct pair *pair = ctx;
	char c;

	(void)what;
	assert_int_equal(read(fd, &c, 1), 1);
	pair->calls++;
	loop_fd_set(pair->loop, pair->fds[fd == pair->fds[0]], 0, NULL, NULL);
	loop_stop(pair->loop);
}

static void a_forgotten_descriptor_is_not_called_for_an_old_event(void **state)
{
	struct seen *s = *state;
	struct pair pair = {.loop = s->loop};
	int a[2], b[2];

	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	pair.fds[0] = a[0];
	pair.fds[1] = b[0];
	assert_int_equal(write(a[1], "a", 1), 1);
	assert_int_equal(write(b[1], "b", 1), 1);
	assert_true(loop_fd_set(s->loop, a[0], LOOP_READ, on_partner, &pair));
	assert_true(loop_fd_set(s->loop, b[0], LOOP_READ, on_partner, &pair));
	assert_true(loop_run(s->loop));
	assert_int_equal(pair.calls, 1);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
}

static void on_signal(void *ctx, int signal_number)
{
	struct seen *s = ctx;

	s->signal = signal_number;
	loop_stop(s->loop);
}

static void signals_arrive_in_the_loop(void **state)
{
	struct seen *s = *state;
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};

	loop_on_signal(s->loop, on_signal, s);
	for (size_t i = 0; i < 3; i++) {
		kill(getpid(), signals[i]);
		assert_true(loop_run(s->loop));
		assert_int_equal(s->signal, signals[i]);
	}
}

static void without_a_handler_a_signal_stops(void **state)
{
	struct seen *s = *state;

	kill(getpid(), SIGTERM);
	assert_true(loop_run(s->loop));
}

static void after_pass(void *ctx)
{
	struct seen *s = ctx;

	if (++s->passes == 3) {
		loop_stop(s->loop);
	} else {
		loop_wake(s->loop); /* more to do: the next pass begins at once */
	}
}

static void every_pass_ends_with_its_function(void **state)
{
	struct seen *s = *state;
	int64_t began = clock_mono_us();

	loop_after_pass(s->loop, after_pass, s);
	loop_wake(s->loop);
	assert_true(loop_run(s->loop));
	assert_int_equal(s->passes, 3);
	assert_in_range(clock_mono_us() - began, 0, 500000);
}

static void *wake_from_outside(void *loop)
{
	usleep(20000);
	loop_wake(loop);
	return NULL;
}

static void note_pass(void *ctx)
{
	struct seen *s = ctx;

	s->was_woken = true;
	loop_stop(s->loop);
}

static void another_thread_may_wake_it(void **state)
{
	struct seen *s = *state;
	pthread_t thread;

	loop_after_pass(s->loop, note_pass, s);
	assert_int_equal(pthread_create(&thread, NULL, wake_from_outside, s->loop), 0);
	assert_true(loop_run(s->loop));
	assert_true(s->was_woken);
	pthread_join(thread, NULL);
}

static void backoff_grows_to_its_caps(void **state)
{
	static const struct {
		const char *what;
		unsigned failures;
		double random;
		int64_t asked_ms, expect_ms;
	} rows[] = {
		{"first, unlucky", 0, 0.999, 0, 999},
		{"first, lucky", 0, 0, 0, 0},
		{"third", 2, 0.5, 0, 2000},
		{"sixth", 5, 0.5, 0, 16000},
		{"seventh reaches a minute", 6, 0.5, 0, 30000},
		{"eighth still a minute", 7, 0.5, 0, 30000},
		{"ninth grows again", 8, 0.5, 0, 128000},
		{"tenth reaches five minutes", 9, 0.5, 0, 150000},
		{"a million", 1000000, 0.5, 0, 150000},
		{"the server asks for more", 0, 0.5, 7000, 7000},
		{"the server asks for less", 5, 0.5, 7000, 16000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct backoff b = {.failures = rows[i].failures};
		int64_t wait = backoff_next_ms(&b, rows[i].asked_ms, rows[i].random);

		if (wait != rows[i].expect_ms || b.failures != rows[i].failures + 1) {
			fail_msg("%s: %lld", rows[i].what, (long long)wait);
		}
		backoff_reset(&b);
		assert_int_equal(b.failures, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			timers_fire_in_order_and_may_repeat, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_stopped_timer_is_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_timer_may_end_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_descriptor_is_watched_until_forgotten, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_forgotten_descriptor_is_not_called_for_an_old_event, set_up, tear_down),
		cmocka_unit_test_setup_teardown(signals_arrive_in_the_loop, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			without_a_handler_a_signal_stops, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			every_pass_ends_with_its_function, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_thread_may_wake_it, set_up, tear_down),
		cmocka_unit_test(backoff_grows_to_its_caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
