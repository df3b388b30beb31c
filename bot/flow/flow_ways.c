/* Where a flow can go: steps that nothing leads to, circles that never ask, talks that cannot end.
 */
#include "flow/flow_private.h"

/* Who follows whom. The last index stands for the end. */
struct graph {
	size_t count; /* steps */
	bool *edge;   /* [from * (count + 1) + to] */
};

static void add_edge(struct graph *g, size_t from, size_t to)
{
	g->edge[from * (g->count + 1) + to] = true;
}

static bool has_edge(const struct graph *g, size_t from, size_t to)
{
	return g->edge[from * (g->count + 1) + to];
}

static void add_block(struct graph *g, size_t from, const struct flow_block *block)
{
	switch (block->go) {
	case FLOW_GO_STEP:
		add_edge(g, from, block->step);
		break;
	case FLOW_GO_END:
	case FLOW_GO_FLOW:
		add_edge(g, from, g->count);
		break;
	case FLOW_GO_STAY:
		break;
	default:
		add_edge(g, from, from + 1);
		break;
	}
}

/* Ways on from a step that has been entered, answered or not. */
static void add_ways(struct graph *g, const struct flow *f, size_t i)
{
	const struct flow_step *step = &f->steps[i];
	bool always = false;

	for (size_t k = 0; k < step->rule_count; k++) {
		add_block(g, i, &step->rules[k].block);
		always = always || !step->rules[k].condition.source;
	}
	/* a listener that heard nothing has no rules */
	if (!always || step->is_listening) {
		add_edge(g, i, i + 1);
	}
}

/* is_quiet: only the ways that do not wait for a person. */
static struct graph build_graph(struct arena *arena, const struct flow *f, bool is_quiet)
{
	struct graph g = {.count = f->step_count};

	g.edge = arena_alloc(arena, (g.count + 1) * (g.count + 1) * sizeof *g.edge);
	for (size_t i = 0; i < f->step_count; i++) {
		const struct flow_step *step = &f->steps[i];

		if (step->when.source) {
			add_edge(&g, i, i + 1);
		}
		if (!step->ask.source || !is_quiet) {
			add_ways(&g, f, i);
		}
		for (size_t k = 0; step->ask.source && !is_quiet && k < f->command_count; k++) {
			add_block(&g, i, &f->commands[k].block);
		}
	}
	return g;
}

/* Everything that can be reached from a step, itself included. */
static void mark_from(const struct graph *g, size_t from, bool *seen)
{
	seen[from] = true;
	for (size_t to = 0; from < g->count && to <= g->count; to++) {
		if (has_edge(g, from, to) && !seen[to]) {
			mark_from(g, to, seen);
		}
	}
}

static bool is_in_circle(struct arena *arena, const struct graph *g, size_t i)
{
	bool *seen = arena_alloc(arena, (g->count + 1) * sizeof *seen);

	for (size_t to = 0; to <= g->count; to++) {
		if (has_edge(g, i, to) && !seen[to]) {
			mark_from(g, to, seen);
		}
	}
	return seen[i];
}

void flow_check_ways(struct arena *arena, struct flow *f, struct yaml_faults *faults)
{
	struct graph all = build_graph(arena, f, false), quiet = build_graph(arena, f, true);
	bool *reached = arena_alloc(arena, (f->step_count + 1) * sizeof *reached);

	mark_from(&all, 0, reached);
	for (size_t i = 0; i < f->step_count; i++) {
		struct flow_step *step = &f->steps[i];
		bool *seen = arena_alloc(arena, (f->step_count + 1) * sizeof *seen);

		mark_from(&all, i, seen);
		step->reaches = seen;
		if (!reached[i]) {
			yaml_fault(faults, step->line, step->column,
				"the step \"%s\" is never reached: no \"go\" leads to it, and the "
				"step before it always goes elsewhere",
				step->id);
		} else if (is_in_circle(arena, &quiet, i)) {
			yaml_fault(faults, step->line, step->column,
				"from \"%s\" a circle leads back to it without a question: let "
				"one of its steps ask, or go on or to end",
				step->id);
			break;
		} else if (!seen[f->step_count]) {
			yaml_fault(faults, step->line, step->column,
				"there is no way from \"%s\" to the end: add \"go: end\" where "
				"the talk may stop",
				step->id);
			break;
		}
	}
}
