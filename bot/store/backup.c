/* Backup and restore. Both work on a new file beside the target and check that very file, read back
 * from disk, before it gets its name; so a name always stands for something that was whole. */
#include "store/store.h"

#include "store/schema.h"
#include "store/stmt.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_HEX = 64 };

/* ---- files ---- */

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* A name is only safe on disk once its directory is. */
static bool sync_directory(const char *path)
{
	char *copy = mem_strdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0) {
		close(fd);
	}
	free(copy);
	return ok;
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR) {
			return false;
		}
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static void to_hex(const unsigned char *raw, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++) {
		snprintf(out + 2 * i, 3, "%02x", raw[i]);
	}
}

/* Reads in to its end, writes it to out when that is not -1; the SHA-256 of it all in hex. */
static bool hash_through(int in, int out, char hex[static HASH_HEX + 1])
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	char chunk[65536];
	unsigned len = 0;
	ssize_t n = 0;
	bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;

	while (ok && (n = read(in, chunk, sizeof chunk)) > 0) {
		ok = EVP_DigestUpdate(ctx, chunk, (size_t)n) == 1 &&
		     (out < 0 || write_all(out, chunk, (size_t)n));
	}
	ok = ok && n == 0 && EVP_DigestFinal_ex(ctx, raw, &len) == 1;
	EVP_MD_CTX_free(ctx);
	if (ok) {
		to_hex(raw, len, hex);
	}
	return ok;
}

/* ---- backup ---- */

/* One read transaction over the whole copy: writers go on, only their WAL waits to be emptied. */
static int copy_database(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

	if (!backup) {
		return sqlite3_errcode(to);
	}
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup);
}

/* As one plain file, without a WAL beside it. */
static bool fill_copy(sqlite3 *from, const char *copy_path, struct arena *a, const char **error)
{
	struct scrub scrub;
	sqlite3 *to = NULL;
	const char *why;
	int code = stmt_connect(copy_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &to);
	bool ok;

	if (code == SQLITE_OK) {
		code = scrub_attach(&scrub, to);
	}
	if (code == SQLITE_OK) {
		code = copy_database(from, to);
	}
	if (code == SQLITE_OK) {
		code = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	}
	ok = code == SQLITE_OK;
	if (!ok) {
		*error = arena_printf(a, "the backup cannot be written (%s); check the disk",
			sqlite3_errstr(code));
	} else if (!store_check_db(to, a, &why)) {
		*error = arena_printf(
			a, "the database is damaged (%s); restore an older backup", why);
		ok = false;
	}
	sqlite3_close(to);
	return ok;
}

static bool write_checksum(const char *backup_path, const char *hex, struct arena *a)
{
	char *copy = arena_strdup(a, backup_path);
	const char *line = arena_printf(a, "%s  %s\n", hex, basename(copy));
	int fd = open(arena_printf(a, "%s.sha256", backup_path),
		O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, line, strlen(line)) && fsync(fd) == 0;

	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

/* Reads the finished copy back, waits for the disk, and gives it its name. */
static bool publish(
	const char *copy_path, const char *backup_path, struct arena *a, const char **error)
{
	char hex[HASH_HEX + 1];
	int fd = open(copy_path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0 && hash_through(fd, -1, hex);

	if (fd >= 0) {
		close(fd);
	}
	unlink(arena_printf(a, "%s.sha256", backup_path)); /* of an earlier file of that name */
	ok = ok && link(copy_path, backup_path) == 0 && write_checksum(backup_path, hex, a) &&
	     sync_directory(backup_path);
	if (!ok) {
		*error = arena_printf(
			a, "the backup cannot be finished (%s); check the disk", strerror(errno));
	}
	return ok;
}

bool store_backup(const char *path, const char *backup_path, struct arena *a, const char **error)
{
	const char *copy_path = arena_printf(a, "%s.part", backup_path);
	sqlite3 *from = NULL;
	bool ok = false;
	int fd;

	if (exists(backup_path)) {
		*error = arena_printf(a, "%s exists already; name another file", backup_path);
		return false;
	}
	unlink(copy_path);
	fd = open(copy_path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		*error = arena_printf(a, "%s cannot be written (%s)", copy_path, strerror(errno));
		return false;
	}
	close(fd);
	if (stmt_connect(path, SQLITE_OPEN_READWRITE, &from) != SQLITE_OK ||
		schema_refusal(from, schema_current(), false)) {
		*error = arena_printf(a, "%s is not a database of limberd that can be read", path);
	} else {
		ok = fill_copy(from, copy_path, a, error) &&
		     publish(copy_path, backup_path, a, error);
	}
	sqlite3_close(from);
	unlink(copy_path);
	return ok;
}

/* ---- restore ---- */

/* The hash in FILE.sha256; NULL when there is no such file, "" when it holds none. */
static const char *expected_hash(const char *backup_path, struct arena *a)
{
	char *hex = arena_alloc(a, HASH_HEX + 1);
	int fd = open(arena_printf(a, "%s.sha256", backup_path), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		return errno == ENOENT ? NULL : "";
	}
	n = read(fd, hex, HASH_HEX);
	close(fd);
	return n == HASH_HEX ? hex : "";
}

/* Copies the backup and compares its checksum on the way. */
static bool copy_backup(
	const char *backup_path, const char *copy_path, struct arena *a, const char **error)
{
	const char *expected = expected_hash(backup_path, a);
	char hex[HASH_HEX + 1] = "";
	int in = open(backup_path, O_RDONLY | O_CLOEXEC);
	int out = open(copy_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	bool ok = in >= 0 && out >= 0 && hash_through(in, out, hex) && fsync(out) == 0;

	if (!ok) {
		*error = arena_printf(
			a, "%s cannot be read or copied (%s)", backup_path, strerror(errno));
	} else if (expected && strcmp(expected, hex) != 0) {
		*error = arena_printf(a,
			"%s does not match its checksum: it is damaged or was changed; take "
			"another backup",
			backup_path);
		ok = false;
	}
	if (in >= 0) {
		close(in);
	}
	if (out >= 0) {
		close(out);
	}
	return ok;
}

static bool verify_copy(
	const char *backup_path, const char *copy_path, struct arena *a, const char **error)
{
	sqlite3 *db = NULL;
	const char *why = "it cannot be read as a database";
	bool ok = stmt_connect(copy_path, SQLITE_OPEN_READWRITE, &db) == SQLITE_OK;

	if (ok) {
		why = schema_refusal(db, schema_current(), false);
		ok = !why && store_check_db(db, a, &why);
	}
	sqlite3_close(db);
	if (!ok) {
		*error = arena_printf(a, "%s: %s; nothing was replaced", backup_path, why);
	}
	return ok;
}

/* Empties the WAL into the file as far as it can be read. False: somebody is reading it. */
static bool empty_wal(const char *path)
{
	enum { WAIT_MS = 500 };
	sqlite3 *db = NULL;
	int code = stmt_connect(path, SQLITE_OPEN_READWRITE, &db);

	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(db, WAIT_MS);
		code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	}
	sqlite3_close(db);
	return (code & 0xff) != SQLITE_BUSY;
}

/* Keeps the current database. Its WAL must not stay where it is: the new file would inherit it. */
static bool set_aside(const char *path, struct arena *a, const char **error)
{
	const char *aside = arena_printf(a, "%s.before-restore", path);
	const char *wal = arena_printf(a, "%s-wal", path);
	const char *aside_wal = arena_printf(a, "%s-wal", aside);
	bool ok;

	if (!exists(path)) {
		return true;
	}
	if (!empty_wal(path)) {
		*error = "another program has the database open; close it first";
		return false;
	}
	unlink(aside);
	unlink(aside_wal);
	ok = link(path, aside) == 0 && (!exists(wal) || rename(wal, aside_wal) == 0);
	unlink(arena_printf(a, "%s-shm", path));
	if (!ok) {
		*error = arena_printf(
			a, "the current database cannot be set aside (%s)", strerror(errno));
	}
	return ok;
}

static bool restore_locked(
	const char *path, const char *backup_path, struct arena *a, const char **error)
{
	const char *copy_path = arena_printf(a, "%s.restoring", path);
	bool ok = copy_backup(backup_path, copy_path, a, error) &&
		  verify_copy(backup_path, copy_path, a, error) && set_aside(path, a, error);

	if (ok && (rename(copy_path, path) != 0 || !sync_directory(path))) {
		*error = arena_printf(a,
			"the database cannot be replaced (%s); the old one is %s.before-restore",
			strerror(errno), path);
		ok = false;
	}
	unlink(copy_path);
	return ok;
}

bool store_restore(const char *path, const char *backup_path, struct arena *a, const char **error)
{
	bool ok;
	int lock;

	if (exists(arena_printf(a, "%s-wal", backup_path))) {
		*error = arena_printf(a,
			"%s is in use or was not made by `limberd backup`: there is a -wal file "
			"beside it",
			backup_path);
		return false;
	}
	lock = store_lock(path, error);
	if (lock < 0) {
		return false;
	}
	ok = restore_locked(path, backup_path, a, error);
	close(lock);
	return ok;
}
