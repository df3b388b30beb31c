/* The log: one line each on stderr, "<priority>event key=value ...". Control characters are
 * escaped. Never pass message text, health values, tokens or handles: people are log_who(). */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

void log_set_level(enum log_level);
void log_write(enum log_level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

struct log_name {
	char text[12];
};
/* A person in the log: a short hash of the user id, salted per process start, so that lines of
 * one run can be joined and nobody can be named. */
struct log_name log_who(int64_t user_id);

#endif
