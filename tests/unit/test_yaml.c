/* YAML as our readers see it: the tree, and the faults with their places. */
#include "flow/yaml.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void print(struct buf *out, const struct yaml_node *node)
{
	if (node->kind == YAML_TEXT) {
		buf_printf(out, "'%s'", node->text);
		return;
	}
	buf_addc(out, node->kind == YAML_MAP ? '{' : '[');
	for (const struct yaml_node *c = node->first; c; c = c->next) {
		if (c->key) {
			buf_printf(out, "%s@%d:%d=", c->key, c->key_line, c->key_column);
		}
		print(out, c);
		buf_adds(out, c->next ? " " : "");
	}
	buf_addc(out, node->kind == YAML_MAP ? '}' : ']');
}

static void test_trees(void **state)
{
	static const struct {
		const char *description, *source, *tree;
	} rows[] = {
		{"a map", "a: 1\nbb: two words\n", "{a@1:1='1' bb@2:1='two words'}"},
		{"yes stays a text", "ok: yes\nno: ~\n", "{ok@1:1='yes' no@2:1='~'}"},
		{"lists", "- a\n- [b, c]\n-\n", "['a' ['b' 'c'] '']"},
		{"nested", "s:\n  p:\n    - k: v\n", "{s@1:1={p@2:3=[{k@3:7='v'}]}}"},
		{"a block", "t: |\n  one\n  two\n", "{t@1:1='one\ntwo\n'}"},
		{"other scripts", "ключ: \"６\"\n", "{ключ@1:1='６'}"},
		{"a document marker", "---\na: b\n", "{a@2:1='b'}"},
		{"one scalar", "word", "'word'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		struct yaml_faults *faults = yaml_faults_create(arena, "f");
		struct yaml_node *root =
			yaml_parse(arena, rows[i].source, strlen(rows[i].source), faults);
		struct buf out = {0};

		if (!root) {
			fail_msg("%s: %s", rows[i].description, yaml_fault_text(faults));
		}
		print(&out, root);
		assert_string_equal(buf_text(&out), rows[i].tree);
		buf_finish(&out);
		arena_destroy(arena);
	}
}

static void test_faults(void **state)
{
	static const struct {
		const char *description, *source, *fault; /* what the fault starts with */
	} rows[] = {
		{"empty", "", "f:1:1: the file is empty"},
		{"comment only", "# x\n", "f:1:1: the file is empty"},
		{"tab", "a:\n\tb: c\n", "f:2:1: a tab: indent with spaces\n    \tb: c\n    ^"},
		{"colon in a text", "a: b: c\n", "f:1:5: a colon inside a text"},
		{"indent", "a:\n  - b\n c: d\n", "f:3:2: the indent does not line up"},
		{"open bracket", "a: [b, c\nd: e\n",
			"f:2:2: a comma or ] is missing; the bracket "
			"was opened at line 1"},
		{"open quote", "a: \"b\nc: d\n", "f:3:1: the quote opened at line 1"},
		{"anchor", "a: &x b\n", "f:1:4: anchors (&name) are not used"},
		{"alias", "a: *x\n", "f:1:4: aliases (*name) are not used"},
		{"tag", "a: !!str b\n", "f:1:4: tags (!name) are not used"},
		{"anchor on a list", "a: &x [b]\n", "f:1:4: anchors"},
		{"repeated key", "a: 1\nb: 2\na: 3\n",
			"f:3:1: \"a\" stands here twice, first at line 1"},
		{"key that is a list", "[a]: b\n", "f:1:1: a key must be a plain word"},
		{"two documents", "a: b\n---\nc: d\n", "f:2:1: one file holds one document"},
		{"not UTF-8", "a: b\nc: \xff\n", "f:2:1: not UTF-8"},
		{"at sign", "a: @b\n", "f:1:4: a text cannot start with this character"},
		{"NUL escape", "a: \"\\0\"\n", "f:1:4: a text cannot hold"},
		{"too deep", "[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]",
			"f:1:21: nested more than 20 deep"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_create();
		struct yaml_faults *faults = yaml_faults_create(arena, "f");
		struct yaml_node *root =
			yaml_parse(arena, rows[i].source, strlen(rows[i].source), faults);
		const char *text = yaml_fault_text(faults);

		if (root || strncmp(text, rows[i].fault, strlen(rows[i].fault)) != 0) {
			fail_msg("%s: %s", rows[i].description, text);
		}
		arena_destroy(arena);
	}
}

static void test_size(void **state)
{
	size_t len = ((size_t)1 << 20) + 1;
	char *big = malloc(len);
	struct arena *arena = arena_create();
	struct yaml_faults *faults = yaml_faults_create(arena, "f");

	(void)state;
	memset(big, 'a', len);
	assert_null(yaml_parse(arena, big, len, faults));
	assert_string_equal(yaml_fault_text(faults), "f:1:1: larger than 1 MiB");
	free(big);
	arena_destroy(arena);
}

static void test_lookups(void **state)
{
	static const char *const allowed[] = {"about", "steps", "words", NULL};
	const char *source = "abuot: x\nsteps: [a, b]\nwords: one\nzzzz: {}\nempty:\n";
	struct arena *arena = arena_create();
	struct yaml_faults *faults = yaml_faults_create(arena, "f");
	struct yaml_node *root = yaml_parse(arena, source, strlen(source), faults);
	const char *const *texts;

	(void)state;
	assert_string_equal(yaml_text(faults, root, "words"), "one");
	assert_null(yaml_text(faults, root, "absent"));
	assert_null(yaml_get(NULL, "a"));
	texts = yaml_texts(arena, faults, root, "steps");
	assert_string_equal(texts[1], "b");
	assert_null(texts[2]);
	texts = yaml_texts(arena, faults, root, "words");
	assert_string_equal(texts[0], "one");
	assert_null(texts[1]);
	assert_null(yaml_texts(arena, faults, root, "empty")[0]);
	assert_int_equal(yaml_fault_count(faults), 0);
	assert_null(yaml_text(faults, root, "steps"));
	assert_null(yaml_texts(arena, faults, root, "zzzz"));
	yaml_only(faults, root, allowed);
	assert_string_equal(yaml_fault_text(faults),
		"f:2:8: \"steps\" wants one text\n"
		"f:4:7: \"zzzz\" wants a list of texts\n"
		"f:1:1: unknown key \"abuot\", did you mean \"about\"?\n"
		"f:4:1: unknown key \"zzzz\"\n"
		"f:5:1: unknown key \"empty\"");
	arena_destroy(arena);
}

static void test_load(void **state)
{
	struct arena *arena = arena_create();
	struct yaml_faults *faults = yaml_faults_create(arena, "f");

	(void)state;
	assert_null(yaml_load(arena, "/nonexistent/x.yaml", faults));
	assert_string_equal(
		yaml_fault_text(faults), "f:1:1: cannot be read: No such file or directory");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
