/* Translations: what msgfmt makes is found; what is damaged is refused. */
#include "base/buf.h"
#include "bot/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char dir[] = "/tmp/limberd-mo-XXXXXX";
static char po[64], mo[64];

static void write_file(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

static int set_up(void **state)
{
	static const char source[] =
		"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
		"msgctxt \"checkin.pain\"\nmsgid \"How is your back?\"\nmsgstr \"Wie geht es dem "
		"R\xc3\xbc"
		"cken?\"\n"
		"msgctxt \"checkin.night\"\nmsgid \"And the night?\"\nmsgstr \"Und die Nacht?\"\n"
		"msgctxt \"evening.pain\"\nmsgid \"How is your back?\"\nmsgstr \"Und jetzt?\"\n"
		"msgctxt \"a.b\"\nmsgid \"not yet\"\nmsgstr \"\"\n";
	char command[256];

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(po, sizeof po, "%s/de.po", dir);
	snprintf(mo, sizeof mo, "%s/de.mo", dir);
	write_file(po, source, sizeof source - 1);
	snprintf(command, sizeof command, "msgfmt --check -o %s %s", mo, po);
	return system(command);
}

static int tear_down(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static void finds_by_context_and_source(void **state)
{
	static const struct {
		const char *what, *context, *source, *expected;
	} rows[] = {
		{"a text", "checkin.pain", "How is your back?",
			"Wie geht es dem R\xc3\xbc"
			"cken?"},
		{"the same words elsewhere", "evening.pain", "How is your back?", "Und jetzt?"},
		{"another one", "checkin.night", "And the night?", "Und die Nacht?"},
		{"the English text has changed", "checkin.night", "How was the night?", NULL},
		{"an unknown context", "checkin.nigh", "And the night?", NULL},
		{"a longer context", "checkin.nights", "And the night?", NULL},
		{"not translated yet", "a.b", "not yet", NULL},
		{"nothing", "", "", NULL},
	};
	const char *error = NULL;
	struct catalogue *c = catalogue_open(mo, &error);

	(void)state;
	assert_non_null(c);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = catalogue_find(c, rows[i].context, rows[i].source);

		if (rows[i].expected ? !text || strcmp(text, rows[i].expected) != 0
				     : text != NULL) {
			fail_msg("%s: \"%s\"", rows[i].what, text ? text : "(none)");
		}
	}
	catalogue_close(c);
}

/* Cut anywhere, or any byte changed: refused, or answers without leaving its memory (the address
 * sanitizer looks). */
static void survives_damage(void **state)
{
	struct buf file = {0};
	const char *error;
	char bad[64];

	(void)state;
	snprintf(bad, sizeof bad, "%s/bad.mo", dir);
	assert_true(buf_read_file(&file, mo, 1 << 20, &error));
	for (size_t i = 0; i < file.len * 2; i++) {
		struct catalogue *c;
		char kept = file.data[i / 2];

		file.data[i / 2] = i % 2 ? '\x7f' : '\xff';
		write_file(bad, file.data, i % 2 ? file.len : i / 2);
		file.data[i / 2] = kept;
		c = catalogue_open(bad, &error);
		if (c) {
			catalogue_find(c, "checkin.pain", "How is your back?");
			catalogue_find(c, "evening.pain", "How is your back?");
		}
		catalogue_close(c);
	}
	buf_finish(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_context_and_source),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
