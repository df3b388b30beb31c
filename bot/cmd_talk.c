/* limberd talk: runs talk files and tells which texts, answers and triage rows they reached. */
#include "bot/cmd.h"
#include "bot/talk.h"
#include "flow/triage.h"

#include "base/log.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

struct count {
	int reached, all;
};

static void count_text(
	struct count *c, const struct talk_coverage *coverage, const char *id, bool list_missing)
{
	c->all++;
	if (talk_coverage_has(coverage, id)) {
		c->reached++;
	} else if (list_missing) {
		printf("missing %s\n", id);
	}
}

static void print_count(const char *what, struct count c)
{
	printf("%-22s %4d of %4d (%d %%)\n", what, c.reached, c.all,
		c.all ? c.reached * 100 / c.all : 100);
}

/* A step is reached when any of its texts was said; one without texts has nothing to reach. */
static void count_step(struct count *c, const struct flow *flow, const char *step,
	const struct talk_coverage *coverage, bool list)
{
	char prefix[128];
	size_t len = (size_t)snprintf(prefix, sizeof prefix, "%s.%s", flow_name(flow), step);
	bool has_text = false, is_reached = false;
	const char *context;

	for (size_t n = 0; flow_text(flow, n, &context); n++) {
		if (strncmp(context, prefix, len) == 0 && (context[len] == '.' || !context[len])) {
			has_text = true;
			is_reached |= talk_coverage_has(coverage, context);
		}
	}
	c->all += has_text;
	c->reached += is_reached;
	if (list && has_text && !is_reached) {
		printf("missing step %s\n", prefix);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* A choice's label is an answer to take; words that people type, and what lists say about a flow,
 * are never said in a talk. */
static void count_flow_text(struct count *choices, struct count *texts,
	const struct talk_coverage *coverage, const char *context, bool list)
{
	const char *choice = strstr(context, ".choice.");
	char took[160];

	if (ends_with(context, ".also") || ends_with(context, ".cues") ||
		ends_with(context, ".words") || ends_with(context, ".about")) {
		return;
	}
	if (!choice) {
		count_text(texts, coverage, context, list);
	} else {
		snprintf(took, sizeof took, "took %s", context);
		count_text(choices, coverage, took, list);
	}
}

static void count_flows(
	const struct prompts *prompts, const struct talk_coverage *coverage, bool list)
{
	struct count steps = {0}, choices = {0}, texts = {0};
	const struct flow *flow;

	for (size_t i = 0; (flow = prompts_flow_at(prompts, i)); i++) {
		const char *context;

		for (const char *const *s = flow_steps(flow); *s; s++) {
			count_step(&steps, flow, *s, coverage, list);
		}
		for (size_t n = 0; flow_text(flow, n, &context); n++) {
			count_flow_text(&choices, &texts, coverage, context, list);
		}
	}
	print_count("steps of flows", steps);
	print_count("answers of flows", choices);
	print_count("texts of flows", texts);
}

static void count_answers(
	const struct prompts *prompts, const struct talk_coverage *coverage, bool list)
{
	struct count c = {0};
	const char *id;

	for (size_t i = 0; prompts_text_at(prompts, i, &id); i++) {
		count_text(&c, coverage, id, list);
	}
	print_count("single texts", c);
}

static void count_triage(
	const struct prompts *prompts, const struct talk_coverage *coverage, bool list)
{
	struct count c = {0};
	const struct triage_table *table = prompts_triage(prompts);
	struct arena *a = arena_create();
	const struct triage_row *row;

	for (size_t i = 0; (row = triage_row_at(table, i)); i++) {
		count_text(&c, coverage, arena_printf(a, "triage row %s", row->id), list);
	}
	print_count("triage rows", c);
	arena_destroy(a);
}

static void print_coverage(const char *dir, const struct talk_coverage *coverage, bool list)
{
	struct prompts *prompts = cmd_prompts(dir);

	if (prompts) {
		puts("\nreached by these talk files:");
		count_flows(prompts, coverage, list);
		count_answers(prompts, coverage, list);
		count_triage(prompts, coverage, list);
		prompts_destroy(prompts);
	}
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{"missing", no_argument, NULL, 'm'},
		{"prompts", required_argument, NULL, 'p'},
		{0},
	};
	struct talk_coverage *coverage;
	const char *dir = cmd_prompts_dir();
	bool list_missing = false;
	int passed = 0, failed = 0, c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm') {
			list_missing = true;
		} else if (c == 'p') {
			dir = optarg;
		} else {
			return cmd_usage(&cmd_talk);
		}
	}
	if (optind == argc) {
		return cmd_usage(&cmd_talk);
	}
	coverage = talk_coverage_create();
	log_set_level(LOG_LEVEL_ERROR);
	for (int i = optind; i < argc; i++) {
		struct buf out = {0};
		bool ok = talk_run(argv[i], dir, coverage, &out);

		printf("%s %s\n%s", ok ? "ok" : "not ok", argv[i], buf_text(&out));
		passed += ok;
		failed += !ok;
		buf_finish(&out);
	}
	print_coverage(dir, coverage, list_missing);
	printf("\n%d passed, %d failed\n", passed, failed);
	talk_coverage_destroy(coverage);
	return failed ? 1 : EX_OK;
}

const struct cmd cmd_talk = {
	.name = "talk",
	.usage = "[--prompts DIR] [--missing] FILE...",
	.about = "Run example conversations and report what they reached",
	.help = "Each FILE is a talk file (docs/authoring.md): a conversation with a simulated "
		"clock that\n"
		"must stay true. Exit code 1 when one does not.\n\n"
		"  --prompts DIR   use the prompts in DIR\n"
		"  --missing       also list every text that no file reached\n",
	.run = run,
};
