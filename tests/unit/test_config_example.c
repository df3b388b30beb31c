/* config.example.ini against the tables, both ways: what it shows is what there is. Run from the
 * top of the tree. */
#include "bot/config.h"

#include "bot/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char example[] = "config.example.ini";

static char *read_example(void)
{
	struct buf text = {0};
	const char *error = NULL;

	if (!buf_read_file(&text, example, 1 << 20, &error)) {
		fail_msg("%s: %s", example, error);
	}
	return buf_take(&text);
}

/* The file with every ";" in front of a setting or section taken away. */
static void uncomment(const char *text, struct buf *out)
{
	for (const char *p = text; *p; p++) {
		if (*p == ';' && (p == text || p[-1] == '\n')) {
			continue;
		}
		buf_addc(out, *p);
	}
}

static struct config_file *load_text(const struct buf *text)
{
	char path[] = "/tmp/limberd-example-XXXXXX";
	struct buf errors = {0};
	struct config_file *file;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text->data, text->len), text->len);
	close(fd);
	file = config_load(path, &errors);
	unlink(path);
	assert_string_equal(buf_text(&errors), "");
	buf_finish(&errors);
	return file;
}

/* As it is and with everything switched on it is without a fault: no key too many. */
static void test_loads(void **state)
{
	struct buf errors = {0}, text = {0};
	struct config_file *file = config_load(example, &errors);
	char *source = read_example();

	(void)state;
	assert_string_equal(buf_text(&errors), "");
	config_free(file);
	uncomment(source, &text);
	config_free(load_text(&text));
	buf_finish(&errors);
	buf_finish(&text);
	free(source);
}

/* The line of a setting within a section, or NULL. */
static const char *find_line(const char *section, const char *name)
{
	const char *end = strstr(section + 1, "\n["), *p = section;
	size_t len = strlen(name);

	for (; p && (!end || p < end); p = strchr(p, '\n')) {
		p += *p == '\n';
		p += *p == ';';
		if (strncmp(p, name, len) == 0 && strncmp(p + len, " =", 2) == 0) {
			return p;
		}
	}
	return NULL;
}

static void check_key(const char *section, const char *where, const struct config_key *k)
{
	const char *line = find_line(section, k->name);
	struct buf wanted = {0};

	if (!line) {
		fail_msg("%s does not show %s of [%s]", example, k->name, where);
	}
	buf_printf(&wanted, "%s =%s%s\n", k->name, *k->fallback ? " " : "", k->fallback);
	if (!k->is_required && strncmp(line, wanted.data, wanted.len) != 0) {
		fail_msg("%s: the default of %s in [%s] is \"%s\"", example, k->name, where,
			k->fallback);
	}
	buf_finish(&wanted);
}

/* Every key stands in its section with its default: none missing. */
static void check_section(const char *text, const char *name, const struct config_key *keys)
{
	struct buf head = {0};
	const char *section;

	buf_printf(&head, "\n[%s", name);
	section = strstr(text, head.data);
	if (!section) {
		fail_msg("%s has no section [%s]", example, name);
	}
	for (const struct config_key *k = keys; k->name; k++) {
		check_key(section, name, k);
	}
	buf_finish(&head);
}

static void test_shows_all(void **state)
{
	char *source = read_example();
	struct buf text = {0};

	(void)state;
	uncomment(source, &text);
	check_section(text.data, "bot", config_bot_keys);
	for (const struct platform *const *p = platforms; *p; p++) {
		if ((*p)->keys) {
			check_section(text.data, (*p)->name, (*p)->keys);
		}
	}
	buf_finish(&text);
	free(source);
}

/* The comment above a number names its unit and range. */
static void check_ranges(const char *source, const struct config_key *k)
{
	for (; k->name; k++) {
		struct buf range = {0};

		if (k->type == CONFIG_INT) {
			buf_printf(&range, "(%s%s%.0f to %.0f)\n;%s = ", k->unit ? k->unit : "",
				k->unit ? ", " : "", k->min, k->max, k->name);
			if (!strstr(source, range.data)) {
				fail_msg("%s: there should be: %s", example, range.data);
			}
		}
		buf_finish(&range);
	}
}

static void test_ranges(void **state)
{
	char *source = read_example();

	(void)state;
	check_ranges(source, config_bot_keys);
	for (const struct platform *const *p = platforms; *p; p++) {
		if ((*p)->keys) {
			check_ranges(source, (*p)->keys);
		}
	}
	free(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loads),
		cmocka_unit_test(test_shows_all),
		cmocka_unit_test(test_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
