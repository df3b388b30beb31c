/* limberd flow: looks at conversations without running them. */
#include "bot/cmd.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static void list(const struct prompts *prompts)
{
	const struct flow *flow;

	for (size_t i = 0; (flow = prompts_flow_at(prompts, i)); i++) {
		printf("%-16s %s\n", flow_name(flow), flow_about(flow));
	}
}

static void facts(void)
{
	static const char *const types[] = {"", "number", "text"};
	const struct flow_vocabulary *v = bot_vocabulary();

	puts("facts:");
	for (size_t i = 0; i < v->fact_count; i++) {
		printf("  %-22s %s\n", v->facts[i].name, types[v->facts[i].type]);
	}
	puts("actions:");
	for (size_t i = 0; i < v->action_count; i++) {
		printf("  %s%s\n", v->actions[i].name,
			v->actions[i].takes_argument ? " ARGUMENT" : "");
		for (const struct flow_fact *f = v->actions[i].sets; f && f->name; f++) {
			printf("    sets %-17s %s\n", f->name, types[f->type]);
		}
	}
}

/* ---- for translators ---- */

static void print_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '\n') {
			fputs("\\n", stdout);
		} else {
			if (*text == '"' || *text == '\\') {
				putchar('\\');
			}
			putchar(*text);
		}
	}
	fputs("\"\n", stdout);
}

static void print_entry(void *ctx, const char *context, const char *source)
{
	(void)ctx;
	fputs("\nmsgctxt ", stdout);
	print_quoted(context);
	fputs("msgid ", stdout);
	print_quoted(source);
	fputs("msgstr \"\"\n", stdout);
}

static void template(const struct prompts *prompts)
{
	puts("msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"");
	prompts_each_text(prompts, print_entry, NULL);
}

static int show(const struct prompts *prompts, const char *name, bool dot)
{
	const struct flow *flow = prompts_flow(prompts, name);
	struct arena *a;

	if (!flow) {
		return cmd_fail(EX_USAGE, "there is no flow \"%s\"; see limberd flow list", name);
	}
	a = arena_create();
	fputs(dot ? flow_dot(a, flow) : flow_outline(a, flow), stdout);
	arena_destroy(a);
	return EX_OK;
}

static int run(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	bool is_dot = strcmp(what, "dot") == 0;
	struct prompts *prompts;
	int code = EX_OK;

	if (strcmp(what, "facts") == 0) {
		facts();
		return EX_OK;
	}
	if (strcmp(what, "list") != 0 && strcmp(what, "pot") != 0 &&
		!((is_dot || strcmp(what, "show") == 0) && argc == 3)) {
		return cmd_usage(&cmd_flow);
	}
	prompts = cmd_prompts(cmd_prompts_dir());
	if (!prompts) {
		return EX_DATAERR;
	}
	if (argc == 3) {
		code = show(prompts, argv[2], is_dot);
	} else if (strcmp(what, "pot") == 0) {
		template(prompts);
	} else {
		list(prompts);
	}
	prompts_destroy(prompts);
	return code;
}

const struct cmd cmd_flow = {
	.name = "flow",
	.usage = "list | facts | show NAME | dot NAME | pot",
	.about = "List conversations, or show one as an outline or a graph",
	.help = "  list        every conversation with its one line\n"
		"  facts       what conditions and texts may mention, and the actions there are\n"
		"  show NAME   questions, answers and where they lead\n"
		"  dot NAME    the same as Graphviz source: limberd flow dot checkin | dot -Tsvg\n"
		"  pot         all texts as a template for translators\n",
	.run = run,
};
