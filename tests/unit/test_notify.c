/* What the service manager hears. */
#include "bot/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A manager's socket; "@" begins an abstract name. */
static int listen_at(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(at.sun_path, name, len);
	if (name[0] == '@') {
		at.sun_path[0] = '\0';
	}
	assert_int_equal(bind(fd, (struct sockaddr *)&at,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

/* The next word, "" when there is none. */
static const char *hear(int fd, char word[32])
{
	ssize_t len = recv(fd, word, 31, 0);

	word[len > 0 ? len : 0] = '\0';
	return word;
}

static void check_words(const char *name)
{
	int fd = listen_at(name);
	int64_t last_us = 0;
	char word[32];

	notify_ready();
	assert_string_equal(hear(fd, word), "READY=1");
	notify_watchdog(&last_us);
	assert_string_equal(hear(fd, word), "WATCHDOG=1");
	notify_watchdog(&last_us); /* once a second is enough */
	assert_string_equal(hear(fd, word), "");
	notify_stopping();
	assert_string_equal(hear(fd, word), "STOPPING=1");
	close(fd);
	unsetenv("NOTIFY_SOCKET");
}

static void test_words(void **state)
{
	char path[64], abstract[64];

	(void)state;
	snprintf(path, sizeof path, "/tmp/limberd-notify-%d", (int)getpid());
	snprintf(abstract, sizeof abstract, "@limberd-notify-%d", (int)getpid());
	check_words(path);
	unlink(path);
	check_words(abstract);
}

/* Without a manager, or with one that does not listen, nothing happens. */
static void test_nobody(void **state)
{
	char long_name[200];
	int64_t last_us = 0;

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	notify_ready();
	notify_watchdog(&last_us);
	assert_int_equal(last_us, 0);
	setenv("NOTIFY_SOCKET", "/tmp/nobody-listens-here", 1);
	notify_ready();
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	setenv("NOTIFY_SOCKET", long_name, 1);
	notify_ready();
	setenv("NOTIFY_SOCKET", "", 1);
	notify_ready();
	unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
