#include "tests/unit/store_fixture.h"

#include "base/buf.h"
#include "base/mem.h"
#include "store/users.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int fixture_setup(void **state)
{
	struct fixture *f = mem_alloc(1, sizeof *f);

	snprintf(f->dir, sizeof f->dir, "/tmp/limberd-store-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof f->path, "%s/limberd.db", f->dir);
	f->arena = arena_create();
	fixture_open(f);
	*state = f;
	return 0;
}

static void each_file(struct fixture *f, void (*fn)(void *ctx, const char *path), void *ctx)
{
	DIR *dir = opendir(f->dir);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.') {
			fn(ctx, fixture_path(f, entry->d_name));
		}
	}
	closedir(dir);
}

static void remove_file(void *ctx, const char *path)
{
	(void)ctx;
	unlink(path);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->store);
	each_file(f, remove_file, NULL);
	rmdir(f->dir);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

const char *fixture_path(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->dir, name);
}

void fixture_open(struct fixture *f)
{
	const char *error = NULL;

	f->store = store_open(f->path, STORE_CREATE, &error);
	if (!f->store) {
		fail_msg("open: %s", error);
	}
}

void fixture_close(struct fixture *f)
{
	store_close(f->store);
	f->store = NULL;
}

void fixture_commit(struct fixture *f)
{
	enum store_result result = store_commit(f->store);

	if (result != STORE_OK) {
		fail_msg("commit: %s", store_error(f->store));
	}
	assert_true(store_begin(f->store));
}

void fixture_people(struct fixture *f)
{
	struct user user;

	assert_true(store_begin(f->store));
	user_create(f->store, "web", "ana", "dm-ana", NOW, &user);
	f->ana = user.id;
	user_create(f->store, "web", "ben", "dm-ben", NOW, &user);
	f->ben = user.id;
	assert_int_equal(store_failed(f->store), STORE_OK);
}

const char *fixture_read(struct fixture *f, const char *path, size_t *len_out)
{
	struct buf buf = {0};
	const char *error = NULL, *text;

	if (!buf_read_file(&buf, path, 1u << 30, &error)) {
		fail_msg("%s: %s", path, error);
	}
	text = arena_strndup(f->arena, buf_text(&buf), buf.len);
	*len_out = buf.len;
	buf_finish(&buf);
	return text;
}

struct search {
	struct fixture *fixture;
	const char *text;
	int hits;
};

static void search_file(void *ctx, const char *path)
{
	struct search *s = ctx;
	size_t len;
	const char *data = fixture_read(s->fixture, path, &len);

	s->hits += memmem(data, len, s->text, strlen(s->text)) != NULL;
}

int fixture_search(struct fixture *f, const char *text)
{
	struct search s = {.fixture = f, .text = text};

	each_file(f, search_file, &s);
	return s.hits;
}
