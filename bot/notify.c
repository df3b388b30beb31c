/* One datagram with a word to the socket that $NOTIFY_SOCKET names ("@" begins an abstract name).
 */
#include "bot/notify.h"

#include "base/clock.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void notify(const char *word)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;
	int fd;

	if (len == 0 || len >= sizeof to.sun_path) {
		return;
	}
	memcpy(to.sun_path, path, len);
	if (to.sun_path[0] == '@') {
		to.sun_path[0] = '\0';
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return;
	}
	/* A manager that does not listen is not our trouble. */
	(void)!sendto(fd, word, strlen(word), MSG_NOSIGNAL, (struct sockaddr *)&to,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

void notify_ready(void)
{
	notify("READY=1");
}

void notify_stopping(void)
{
	notify("STOPPING=1");
}

void notify_watchdog(int64_t *last_us)
{
	int64_t now_us = clock_mono_us();

	if (getenv("NOTIFY_SOCKET") && now_us - *last_us > 1000000) {
		*last_us = now_us;
		notify("WATCHDOG=1");
	}
}
