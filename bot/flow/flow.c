/* A loaded flow, seen from outside. */
#include "flow/flow_private.h"

#include <string.h>

bool flow_step_answers(const struct flow_step *step)
{
	return step->ask.source || step->is_listening;
}

size_t flow_step_find(const struct flow *flow, const char *id)
{
	size_t i = 0;

	while (i < flow->step_count && strcmp(flow->steps[i].id, id) != 0) {
		i++;
	}
	return i;
}

const char *const *flow_split(struct arena *arena, const char *joined)
{
	const char **list;
	size_t n = 2;

	for (const char *p = joined; *p; p++) {
		n += *p == ',';
	}
	list = arena_alloc(arena, n * sizeof *list);
	n = 0;
	while (*joined) {
		size_t len = strcspn(joined, ",");

		while (len && *joined == ' ') {
			joined++;
			len--;
		}
		if (len) {
			list[n++] = arena_strndup(arena, joined, len);
		}
		joined += len;
		joined += *joined == ',';
	}
	return list;
}
void flow_finish(struct flow *flow)
{
	for (size_t i = 0; flow && i < flow->step_count; i++) {
		struct flow_step *step = &flow->steps[i];

		expr_destroy(step->when.expr);
		for (size_t k = 0; k < step->rule_count; k++) {
			expr_destroy(step->rules[k].condition.expr);
		}
	}
}

/* ---- what others may know of it ---- */

const char *flow_name(const struct flow *flow)
{
	return flow->name;
}

const char *flow_about(const struct flow *flow)
{
	return flow->about;
}

const char *flow_source(const struct flow *flow)
{
	return flow->source;
}

const char *flow_version(const struct flow *flow)
{
	return flow->version;
}

const char *const *flow_words(const struct flow *flow)
{
	return flow->words;
}

bool flow_needs_consent(const struct flow *flow)
{
	return flow->needs_consent;
}

const char *const *flow_calls(const struct flow *flow)
{
	return flow->calls;
}

const char *const *flow_steps(const struct flow *flow)
{
	return flow->step_ids;
}

const char *flow_text(const struct flow *flow, size_t i, const char **context_out)
{
	if (i >= flow->text_count) {
		return NULL;
	}
	*context_out = flow->texts[i]->context;
	return flow->texts[i]->source;
}
