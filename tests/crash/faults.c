/* A disk on demand: while the file that $CRASH_FULL names exists, writing to a database fails as on
 * a full disk; while $CRASH_FSYNC exists, so does making it durable, which otherwise takes
 * $CRASH_SLOW_US microseconds longer. Loaded before libc. */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_on(const char *variable)
{
	const char *flag = getenv(variable);

	return flag && access(flag, F_OK) == 0;
}

static bool is_database(int fd)
{
	char link[64], path[512];
	ssize_t len;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof path - 1);
	if (len < 0) {
		return false;
	}
	path[len] = '\0';
	return strstr(path, "limberd.db") != NULL;
}

static bool fails(int fd, const char *variable, int error)
{
	int before = errno;

	if (is_on(variable) && is_database(fd)) {
		errno = error;
		return true;
	}
	errno = before;
	return false;
}

ssize_t write(int fd, const void *data, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");

	return fails(fd, "CRASH_FULL", ENOSPC) ? -1 : real(fd, data, len);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");

	return fails(fd, "CRASH_FULL", ENOSPC) ? -1 : real(fd, data, len, at);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");

	return fails(fd, "CRASH_FULL", ENOSPC) ? -1 : real(fd, data, len, at);
}

static void take_time(int fd)
{
	const char *slow_us = getenv("CRASH_SLOW_US");

	if (slow_us && is_database(fd)) {
		usleep((useconds_t)strtoul(slow_us, NULL, 10));
	}
}

int fsync(int fd)
{
	int (*real)(int) = dlsym(RTLD_NEXT, "fsync");

	take_time(fd);
	return fails(fd, "CRASH_FSYNC", EIO) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");

	take_time(fd);
	return fails(fd, "CRASH_FSYNC", EIO) ? -1 : real(fd);
}
