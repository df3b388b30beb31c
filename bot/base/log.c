#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static enum log_level log_level = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	log_level = level;
}

void log_write(enum log_level level, const char *format, ...)
{
	char line[1024], safe[2048];
	size_t n = 0;
	va_list args;

	if (level > log_level) {
		return;
	}
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	n = (size_t)snprintf(safe, sizeof safe, "<%d>", level);
	for (const char *p = line; *p && n < sizeof safe - 6; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x20 || c == 0x7f) {
			n += (size_t)snprintf(safe + n, sizeof safe - n, "\\x%02x", c);
		} else {
			safe[n++] = *p;
		}
	}
	safe[n++] = '\n';
	/* A log that cannot be written must not stop the bot. */
	if (write(STDERR_FILENO, safe, n) < 0) {
		return;
	}
}

struct log_name log_who(int64_t user_id)
{
	static uint64_t salt;
	struct log_name name;
	uint64_t h;

	while (!salt) {
		if (getrandom(&salt, sizeof salt, 0) < 0) {
			salt = 0x9e3779b97f4a7c15U;
		}
	}
	h = (uint64_t)user_id ^ salt;
	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9U;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebU;
	h ^= h >> 31;
	snprintf(name.text, sizeof name.text, "p%08x", (unsigned)(h >> 32));
	return name;
}
