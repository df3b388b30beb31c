/* All words of the triage table that people read, in the order of the files. What they type (cues,
 * the words for "none") is read, not said, and no text for translators. */
#include "flow/triage_read.h"

static void add(struct triage_loading *l, const char *id, const char *part, const char *text)
{
	text_list_add(
		l->arena, &l->table->texts, arena_printf(l->arena, "triage.%s.%s", id, part), text);
}

static void add_row(struct triage_loading *l, const struct triage_row *row)
{
	add(l, row->id, "ask", row->ask);
	add(l, row->id, "brief", row->kind == TRIAGE_YESNO ? row->brief : NULL);
	add(l, row->id, "said", row->said);
	add(l, row->id, "clearer", row->clearer);
	for (size_t i = 0; i < row->option_count; i++) {
		add(l, arena_printf(l->arena, "%s.%s", row->id, row->options[i].id), "label",
			row->options[i].label);
	}
}

void triage_collect_texts(struct triage_loading *l)
{
	const struct triage_table *t = l->table;

	for (size_t i = 0; i < t->screen_count; i++) {
		add(l, t->screens[i].id, "intro", t->screens[i].intro);
	}
	for (size_t i = 0; i < t->row_count; i++) {
		add_row(l, &t->rows[i]);
	}
	for (size_t i = 0; i < t->rule_count; i++) {
		add(l, t->rules[i].id, "why", t->rules[i].why);
		add(l, t->rules[i].id, "text", t->rules[i].text);
	}
	add(l, "numbers", "unknown", numbers_find(t->numbers, "")->emergency);
}

const char *triage_text(const struct triage_table *t, size_t i, const char **context_out)
{
	return text_list_at(&t->texts, i, context_out);
}
