/* The table of numbers to call. What has no row for a country falls back to the one sentence that
 * is true everywhere, so that nobody is ever left without a number. */
#include "flow/numbers.h"

#include "flow/yaml.h"

#include <string.h>

struct number_set {
	struct number_row unknown;
	struct number_row *rows;
	size_t count;
};

static void read_row(struct yaml_faults *faults, const struct yaml_node *node, const char *country,
	struct number_row *out)
{
	static const char *const allowed[] = {"emergency", "advice", "crisis", NULL};

	yaml_only(faults, node, allowed);
	*out = (struct number_row){
		.country = country,
		.emergency = yaml_text(faults, node, "emergency"),
		.advice = yaml_text(faults, node, "advice"),
		.crisis = yaml_text(faults, node, "crisis"),
	};
	if (!out->emergency || !out->emergency[0]) {
		yaml_fault(faults, node->line, node->column, "an emergency number is missing");
	}
}

static void read_countries(struct arena *arena, struct yaml_faults *faults,
	const struct yaml_node *map, struct number_set *set)
{
	size_t n = 0;

	for (const struct yaml_node *c = map->first; c; c = c->next) {
		n++;
	}
	set->rows = arena_alloc(arena, (n + 1) * sizeof *set->rows);
	for (const struct yaml_node *c = map->first; c; c = c->next) {
		if (!c->key || strlen(c->key) != 2) {
			yaml_fault(faults, c->line, c->column,
				"a country is its two-letter code, such as \"DE\"");
			continue;
		}
		read_row(faults, c, c->key, &set->rows[set->count++]);
	}
}

struct number_set *numbers_load(struct arena *arena, const char *path, const char **errors)
{
	static const char *const allowed[] = {"unknown", "countries", NULL};
	struct yaml_faults *faults = yaml_faults_create(arena, path);
	struct yaml_node *root = yaml_load(arena, path, faults);
	struct yaml_node *unknown = yaml_get(root, "unknown"), *map = yaml_get(root, "countries");
	struct number_set *set = arena_alloc(arena, sizeof *set);

	if (root) {
		yaml_only(faults, root, allowed);
		if (!unknown || !map || map->kind != YAML_MAP) {
			yaml_fault(faults, 1, 1, "\"unknown\" and \"countries\" are needed");
		} else {
			read_row(faults, unknown, "", &set->unknown);
			read_countries(arena, faults, map, set);
		}
	}
	if (yaml_fault_count(faults) > 0) {
		*errors = yaml_fault_text(faults);
		return NULL;
	}
	return set;
}

const struct number_row *numbers_find(const struct number_set *set, const char *country)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->rows[i].country, country) == 0) {
			return &set->rows[i];
		}
	}
	return &set->unknown;
}

const struct number_row *numbers_at(const struct number_set *set, size_t i)
{
	return i < set->count ? &set->rows[i] : NULL;
}
