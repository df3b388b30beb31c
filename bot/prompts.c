/* One directory, read in order: lexicons, flows, answers, triage, exercises, translations. Every
 * fault of every file is collected before the set is refused. */
#include "bot/prompts.h"

#include "base/buf.h"
#include "base/text.h"
#include "bot/catalogue.h"
#include "flow/alarm.h"
#include "flow/exercises.h"
#include "flow/template.h"
#include "flow/triage.h"
#include "flow/yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLOW_MAX_BYTES = 1 << 20 };

struct text {
	const char *id, *text;
};

struct language {
	char name[16];
	struct lexicon *lexicon;
	struct alarm_table *alarms;
	struct catalogue *catalogue; /* NULL for the source language */
	struct language *next;
};

struct version { /* a flow as it was before a change, for dialogs that still run with it */
	const char *version;
	struct flow *flow; /* NULL: does not fit this program any more */
	struct version *next;
};

struct prompts {
	struct arena *arena;
	struct expr_engine *engine;
	const struct flow_vocabulary *vocabulary;
	const char *dir;
	struct flow **flows;
	size_t flow_count;
	struct text *texts; /* sorted by id */
	size_t text_count;
	struct language *languages; /* the source language first */
	struct version *versions;
	struct triage_table *triage;
	struct exercise_set *exercises;
	struct buf errors; /* while loading */
};

static void add_errors(struct prompts *p, const char *errors)
{
	if (errors && *errors) {
		buf_adds(&p->errors, errors);
		if (errors[strlen(errors) - 1] != '\n') {
			buf_addc(&p->errors, '\n');
		}
	}
}

/* ---- directories ---- */

static int is_yaml(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 && strcmp(e->d_name + len - 5, ".yaml") == 0;
}

/* Calls fn with each *.yaml path of a subdirectory, in alphabetical order. */
static void each_file(
	struct prompts *p, const char *sub, void (*fn)(struct prompts *, const char *path))
{
	const char *dir = arena_printf(p->arena, "%s/%s", p->dir, sub);
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_yaml, alphasort);

	if (n < 0) {
		add_errors(p, arena_printf(p->arena, "%s:1:1: this directory cannot be read", dir));
		return;
	}
	for (int i = 0; i < n; i++) {
		fn(p, arena_printf(p->arena, "%s/%s", dir, names[i]->d_name));
		free(names[i]);
	}
	free(names);
}

/* "prompts/flows/checkin.yaml" -> "checkin" */
static const char *stem(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t len = strlen(name);

	return arena_strndup(a, name, len > 5 ? len - 5 : len);
}

/* ---- lexicons, alarm words and translations ---- */

static void load_language(struct prompts *p, const char *path)
{
	struct language *l = arena_alloc(p->arena, sizeof *l), **last = &p->languages;
	const char *name = stem(p->arena, path), *errors = NULL, *alarms;

	snprintf(l->name, sizeof l->name, "%s", name);
	l->lexicon = lexicon_load(p->arena, path, &errors);
	add_errors(p, l->lexicon ? NULL : errors);
	if (l->lexicon && strcmp(lexicon_lang(l->lexicon), name) != 0) {
		add_errors(p, arena_printf(p->arena,
				      "%s:1:1: its \"lang\" is \"%s\"; the file must be called so",
				      path, lexicon_lang(l->lexicon)));
	}
	alarms = strcmp(name, "en") == 0
			 ? arena_printf(p->arena, "%s/triage/alarms.yaml", p->dir)
			 : arena_printf(p->arena, "%s/triage/alarms.%s.yaml", p->dir, name);
	/* A language whose alarm words nobody knows must not be offered. */
	l->alarms = alarm_load(p->arena, alarms, &errors);
	add_errors(p, l->alarms ? NULL : errors);
	if (strcmp(name, "en") != 0) {
		const char *mo = arena_printf(p->arena, "%s/po/%s.mo", p->dir, name);

		l->catalogue = catalogue_open(mo, &errors);
		add_errors(
			p, l->catalogue ? NULL : arena_printf(p->arena, "%s:1:1: %s", mo, errors));
	}
	while (*last && strcmp(name, "en") != 0) {
		last = &(*last)->next;
	}
	l->next = *last;
	*last = l;
}

static const struct language *find_language(const struct prompts *p, const char *name)
{
	for (const struct language *l = p->languages; l; l = l->next) {
		if (strcmp(l->name, name) == 0) {
			return l;
		}
	}
	return NULL;
}

/* ---- flows ---- */

static void load_flow(struct prompts *p, const char *path)
{
	struct buf source = {0};
	const char *errors = NULL, *name = stem(p->arena, path);
	struct flow *flow = NULL;

	if (!buf_read_file(&source, path, FLOW_MAX_BYTES, &errors)) {
		add_errors(p, arena_printf(p->arena, "%s:1:1: %s", path, errors));
	} else {
		flow = flow_parse(p->arena, p->engine, p->vocabulary, path, buf_text(&source),
			source.len, &errors);
		add_errors(p, flow ? NULL : errors);
	}
	buf_finish(&source);
	if (!flow) {
		return;
	}
	if (strcmp(flow_name(flow), name) != 0) {
		add_errors(p, arena_printf(p->arena,
				      "%s:1:1: the flow is called \"%s\"; the file must be too",
				      path, flow_name(flow)));
	}
	p->flows = mem_resize(p->flows, p->flow_count + 1, sizeof *p->flows);
	p->flows[p->flow_count++] = flow;
}

static void check_calls(struct prompts *p)
{
	for (size_t i = 0; i < p->flow_count; i++) {
		for (const char *const *call = flow_calls(p->flows[i]); *call; call++) {
			if (!prompts_flow(p, *call)) {
				add_errors(
					p, arena_printf(p->arena,
						   "%s/flows/%s.yaml:1:1: it goes on in the flow "
						   "\"%s\", which does not exist",
						   p->dir, flow_name(p->flows[i]), *call));
			}
		}
	}
}

struct reader { /* a language, as the flow engine asks for it */
	const struct prompts *prompts;
	const struct language *language;
};

static struct value no_fact(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return value_null();
}

static const char *translate_for(void *ctx, const char *context, const char *source)
{
	const struct reader *r = ctx;

	return prompts_translate(r->prompts, r->language->name, context, source);
}

/* What a button says must be understood when it is typed, in every language. */
static void check_replies(struct prompts *p)
{
	for (const struct language *l = p->languages; l; l = l->next) {
		struct reader r = {.prompts = p, .language = l};
		struct flow_host host = {.ctx = &r,
			.fact = no_fact,
			.translate = translate_for,
			.lexicon = l->lexicon};

		for (size_t i = 0; l->lexicon && i < p->flow_count; i++) {
			add_errors(p, flow_check_replies(p->arena, p->flows[i], &host,
					      arena_printf(p->arena, "%s/flows/%s.yaml", p->dir,
						      flow_name(p->flows[i]))));
		}
	}
}

/* ---- single texts ---- */

static void add_text(
	struct prompts *p, struct yaml_faults *faults, const struct yaml_node *node, const char *id)
{
	const char *error = NULL;
	char *text = arena_strdup(p->arena, node->text);
	size_t len = strlen(text);

	while (len && text[len - 1] == '\n') {
		text[--len] = '\0';
	}
	if (len == 0) {
		yaml_fault(faults, node->line, node->column, "the text %s is empty", id);
	}
	if (!template_names(p->arena, text, &error)) {
		yaml_fault(faults, node->line, node->column, "%s", error);
	}
	p->texts = mem_resize(p->texts, p->text_count + 1, sizeof *p->texts);
	p->texts[p->text_count++] = (struct text){.id = id, .text = text};
}

static void add_texts(struct prompts *p, struct yaml_faults *faults, const struct yaml_node *map,
	const char *prefix)
{
	for (const struct yaml_node *n = map->first; n; n = n->next) {
		const char *id = *prefix ? arena_printf(p->arena, "%s.%s", prefix, n->key)
					 : arena_strdup(p->arena, n->key);

		if (n->kind == YAML_MAP) {
			add_texts(p, faults, n, id);
		} else if (n->kind == YAML_TEXT) {
			add_text(p, faults, n, id);
		} else {
			yaml_fault(faults, n->line, n->column, "%s must be a text, not a list", id);
		}
	}
}

static void load_answers(struct prompts *p, const char *path)
{
	struct yaml_faults *faults = yaml_faults_create(p->arena, path);
	struct yaml_node *root = yaml_load(p->arena, path, faults);

	if (root && root->kind == YAML_MAP) {
		add_texts(p, faults, root, "");
	} else if (root) {
		yaml_fault(faults, root->line, root->column, "write ids and their texts");
	}
	add_errors(p, yaml_fault_text(faults));
}

static int compare_texts(const void *a, const void *b)
{
	const struct text *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static void sort_texts(struct prompts *p)
{
	if (p->text_count) {
		qsort(p->texts, p->text_count, sizeof *p->texts, compare_texts);
	}
	for (size_t i = 1; i < p->text_count; i++) {
		if (strcmp(p->texts[i - 1].id, p->texts[i].id) == 0) {
			add_errors(p, arena_printf(p->arena,
					      "%s/answers:1:1: the text %s stands in two files",
					      p->dir, p->texts[i].id));
		}
	}
}

/* ---- the set ---- */

/* A sign must never point to a question that is not there. */
static void check_alarm_rows(struct prompts *p)
{
	for (const struct language *l = p->languages; l; l = l->next) {
		const char *row;

		for (size_t i = 0; l->alarms && (row = alarm_row_at(l->alarms, i)); i++) {
			if (!triage_row_find(p->triage, row)) {
				add_errors(p, arena_printf(p->arena,
						      "%s/triage: the alarm words of \"%s\" "
						      "answer a row \"%s\" that no screen has",
						      p->dir, l->name, row));
			}
		}
	}
}

static void load_all(struct prompts *p)
{
	const char *errors = NULL;

	each_file(p, "lexicon", load_language);
	if (!find_language(p, "en")) {
		add_errors(
			p, arena_printf(p->arena, "%s/lexicon/en.yaml:1:1: it is missing", p->dir));
	}
	each_file(p, "flows", load_flow);
	check_calls(p);
	check_replies(p);
	each_file(p, "answers", load_answers);
	sort_texts(p);
	p->triage = triage_load(
		p->arena, p->engine, arena_printf(p->arena, "%s/triage", p->dir), &errors);
	add_errors(p, p->triage ? NULL : errors);
	if (p->triage) {
		check_alarm_rows(p);
	}
	p->exercises =
		exercises_load(p->arena, arena_printf(p->arena, "%s/exercises", p->dir), &errors);
	add_errors(p, p->exercises ? NULL : errors);
}

struct prompts *prompts_load(
	const char *dir, const struct flow_vocabulary *vocabulary, char **errors)
{
	struct prompts *p = mem_alloc(1, sizeof *p);

	p->arena = arena_create();
	p->engine = expr_engine_create();
	p->vocabulary = vocabulary;
	p->dir = arena_strdup(p->arena, dir);
	load_all(p);
	if (p->errors.len) {
		*errors = buf_take(&p->errors);
		prompts_destroy(p);
		return NULL;
	}
	return p;
}

void prompts_destroy(struct prompts *p)
{
	if (!p) {
		return;
	}
	for (size_t i = 0; i < p->flow_count; i++) {
		flow_finish(p->flows[i]);
	}
	for (struct version *v = p->versions; v; v = v->next) {
		flow_finish(v->flow);
	}
	for (struct language *l = p->languages; l; l = l->next) {
		catalogue_close(l->catalogue);
	}
	triage_finish(p->triage);
	free(p->flows);
	free(p->texts);
	buf_finish(&p->errors);
	expr_engine_destroy(p->engine);
	arena_destroy(p->arena);
	free(p);
}

/* ---- asking ---- */

const struct flow *prompts_flow(const struct prompts *p, const char *name)
{
	for (size_t i = 0; i < p->flow_count; i++) {
		if (strcmp(flow_name(p->flows[i]), name) == 0) {
			return p->flows[i];
		}
	}
	return NULL;
}

const struct flow *prompts_flow_at(const struct prompts *p, size_t i)
{
	return i < p->flow_count ? p->flows[i] : NULL;
}

const struct flow *prompts_flow_version(
	struct prompts *p, const char *name, const char *version, const char *source)
{
	const char *errors = NULL;
	struct version *v;

	for (v = p->versions; v; v = v->next) {
		if (strcmp(v->version, version) == 0) {
			return v->flow;
		}
	}
	v = arena_alloc(p->arena, sizeof *v);
	v->version = arena_strdup(p->arena, version);
	v->flow = flow_parse(
		p->arena, p->engine, p->vocabulary, name, source, strlen(source), &errors);
	v->next = p->versions;
	p->versions = v;
	return v->flow;
}

const char *prompts_text(const struct prompts *p, const char *id)
{
	struct text key = {.id = id};
	const struct text *found =
		p->text_count ? bsearch(&key, p->texts, p->text_count, sizeof key, compare_texts)
			      : NULL;

	return found ? found->text : NULL;
}

const char *prompts_text_at(const struct prompts *p, size_t i, const char **id_out)
{
	if (i >= p->text_count) {
		return NULL;
	}
	*id_out = p->texts[i].id;
	return p->texts[i].text;
}

void prompts_each_text(const struct prompts *p,
	void (*fn)(void *ctx, const char *context, const char *source), void *ctx)
{
	const char *context, *text;

	for (size_t f = 0; f < p->flow_count; f++) {
		for (size_t i = 0; (text = flow_text(p->flows[f], i, &context)); i++) {
			fn(ctx, context, text);
		}
	}
	for (size_t i = 0; (text = flow_general_text(i, &context)); i++) {
		fn(ctx, context, text);
	}
	for (size_t i = 0; i < p->text_count; i++) {
		fn(ctx, p->texts[i].id, p->texts[i].text);
	}
	for (size_t i = 0; (text = triage_text(p->triage, i, &context)); i++) {
		fn(ctx, context, text);
	}
	for (size_t i = 0; (text = exercises_text(p->exercises, i, &context)); i++) {
		fn(ctx, context, text);
	}
}

const char *prompts_translate(
	const struct prompts *p, const char *lang, const char *context, const char *source)
{
	const struct language *l = find_language(p, lang);
	const char *text = l && l->catalogue ? catalogue_find(l->catalogue, context, source) : NULL;

	return text ? text : source;
}

const struct lexicon *prompts_lexicon(const struct prompts *p, const char *lang)
{
	const struct language *l = find_language(p, lang);

	return l ? l->lexicon : p->languages->lexicon;
}

bool prompts_has_language(const struct prompts *p, const char *lang)
{
	return find_language(p, lang) != NULL;
}

const struct triage_table *prompts_triage(const struct prompts *p)
{
	return p->triage;
}

const struct alarm_table *prompts_alarms(const struct prompts *p, const char *lang)
{
	const struct language *l = find_language(p, lang);

	return l ? l->alarms : p->languages->alarms;
}

const struct exercise_set *prompts_exercises(const struct prompts *p)
{
	return p->exercises;
}
