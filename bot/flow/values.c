/* A short ordered list: a dialog has a handful of answers, so a linear search is the fastest. */
#include "flow/values.h"

#include "base/json.h"

#include <math.h>
#include <string.h>

struct named {
	const char *name;
	struct value value;
};

struct values {
	struct arena *arena;
	struct named *items;
	size_t count, cap;
};

struct value value_null(void)
{
	return (struct value){.type = VALUE_NULL};
}

struct value value_number(double number)
{
	return (struct value){.type = VALUE_NUMBER, .number = number};
}

struct value value_text(const char *text)
{
	return (struct value){.type = VALUE_TEXT, .text = text};
}

bool value_equal(struct value a, struct value b)
{
	if (a.type != b.type) {
		return false;
	}
	switch (a.type) {
	case VALUE_NULL:
		return true;
	case VALUE_NUMBER:
		return a.number == b.number;
	case VALUE_TEXT:
		return !strcmp(a.text, b.text);
	}
	return false;
}

const char *value_show(struct arena *arena, struct value value)
{
	switch (value.type) {
	case VALUE_NULL:
		return "";
	case VALUE_NUMBER:
		return arena_printf(arena, "%.10g", value.number == 0 ? 0.0 : value.number);
	case VALUE_TEXT:
		return value.text;
	}
	return "";
}

struct values *values_create(struct arena *arena)
{
	struct values *v = arena_alloc(arena, sizeof *v);

	v->arena = arena;
	return v;
}

static struct named *find(const struct values *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++) {
		if (!strcmp(v->items[i].name, name)) {
			return &v->items[i];
		}
	}
	return NULL;
}

static struct named *append(struct values *v, const char *name)
{
	if (v->count == v->cap) {
		size_t cap = v->cap ? v->cap * 2 : 8;
		struct named *items = arena_alloc(v->arena, cap * sizeof *items);

		if (v->count) {
			memcpy(items, v->items, v->count * sizeof *items);
		}
		v->items = items;
		v->cap = cap;
	}
	v->items[v->count].name = arena_strdup(v->arena, name);
	return &v->items[v->count++];
}

void values_set(struct values *v, const char *name, struct value value)
{
	struct named *item = find(v, name);

	if (!item) {
		item = append(v, name);
	}
	if (value.type == VALUE_TEXT) {
		value.text = arena_strdup(v->arena, value.text);
	}
	item->value = value;
}

void values_remove(struct values *v, const char *name)
{
	struct named *item = find(v, name);

	if (item) {
		size_t after = v->count - (size_t)(item - v->items) - 1;

		memmove(item, item + 1, after * sizeof *item);
		v->count--;
	}
}

bool values_get(const struct values *v, const char *name, struct value *out)
{
	const struct named *item = find(v, name);

	*out = item ? item->value : value_null();
	return item != NULL;
}

size_t values_count(const struct values *v)
{
	return v->count;
}

const char *values_at(const struct values *v, size_t i, struct value *out)
{
	*out = v->items[i].value;
	return v->items[i].name;
}

const char *values_to_json(struct arena *arena, const struct values *v)
{
	struct json_object *object = json_object_new_object();
	const char *text;

	for (size_t i = 0; i < v->count; i++) {
		const struct named *item = &v->items[i];

		if (item->value.type == VALUE_NUMBER && isfinite(item->value.number)) {
			json_add_number(object, item->name, item->value.number);
		} else if (item->value.type == VALUE_TEXT) {
			json_add_text(object, item->name, item->value.text);
		} else {
			json_object_object_add(object, item->name, NULL);
		}
	}
	text = arena_strdup(arena, json_write(object));
	json_object_put(object);
	return text;
}

/* False for what a value cannot be: a list, an object, true. */
static bool from_json(struct json_object *json, struct value *out)
{
	switch (json_object_get_type(json)) {
	case json_type_null:
		*out = value_null();
		return true;
	case json_type_int:
	case json_type_double:
		*out = value_number(json_object_get_double(json));
		return true;
	case json_type_string:
		*out = value_text(json_object_get_string(json));
		return true;
	default:
		return false;
	}
}

struct values *values_from_json(struct arena *arena, const char *json)
{
	struct json_object *object = json_read(json, strlen(json));
	struct values *v = values_create(arena);

	if (!json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		return NULL;
	}
	json_object_object_foreach(object, name, member)
	{
		struct value value;

		if (!from_json(member, &value)) {
			v = NULL;
			break;
		}
		values_set(v, name, value);
	}
	json_object_put(object);
	return v;
}
