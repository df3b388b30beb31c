/* A secret is a file that only the bot's own user can read; we look before we read. What the
 * service manager hands over lies in a directory of its own, which nobody else can enter. */
#include "bot/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX_BYTES = 4096 };

/* The service manager's file of the same name, or NULL. */
static const char *credential_path(struct arena *a, const char *path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY"), *slash = strrchr(path, '/');
	const char *credential;

	if (!dir || !*dir || !*path) {
		return NULL;
	}
	credential = arena_printf(a, "%s/%s", dir, slash ? slash + 1 : path);
	return access(credential, F_OK) == 0 ? credential : NULL;
}

/* What is wrong with the file before a byte of it was read; NULL: nothing. */
static const char *file_fault(struct arena *a, int fd, const char *path, bool is_private)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		return arena_printf(a, "%s: %s", path, strerror(errno));
	}
	if (!S_ISREG(st.st_mode)) {
		return arena_printf(a, "%s is not a file", path);
	}
	if (!is_private && (st.st_mode & 077)) {
		return arena_printf(
			a, "others can read %s; mend it by: chmod 600 '%s'", path, path);
	}
	return NULL;
}

/* The text without its newline; NULL with *fault. */
static const char *read_text(struct arena *a, int fd, const char *path, const char **fault)
{
	char text[SECRET_MAX_BYTES + 1];
	ssize_t len = read(fd, text, sizeof text);

	if (len < 0) {
		*fault = arena_printf(a, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (len > SECRET_MAX_BYTES) {
		*fault = arena_printf(a, "%s is larger than 4 KiB", path);
		return NULL;
	}
	if (len > 0 && text[len - 1] == '\n') {
		len--;
	}
	if (len == 0 || memchr(text, '\0', (size_t)len)) {
		*fault = arena_printf(a, "%s %s", path, len ? "holds zero bytes" : "is empty");
		return NULL;
	}
	return arena_strndup(a, text, (size_t)len);
}

const char *config_secret(
	struct arena *a, const struct config *c, const char *key, const char **error)
{
	const char *path = config_text(c, key), *text = NULL, *fault;
	const char *credential = credential_path(a, path);
	int fd;

	if (!*path) {
		*error = arena_printf(a, "%s names no file", key);
		return NULL;
	}
	path = credential ? credential : path;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	fault = file_fault(a, fd, path, credential != NULL);
	if (!fault) {
		text = read_text(a, fd, path, &fault);
	}
	if (fd >= 0) {
		close(fd);
	}
	if (!text) {
		*error = arena_printf(a, "%s: %s", key, fault);
	}
	return text;
}
