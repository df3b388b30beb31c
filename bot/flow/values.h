/* Named values: answers of a dialog, facts about a person, results of actions. */
#ifndef FLOW_VALUES_H
#define FLOW_VALUES_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

enum value_type {
	VALUE_NULL,   /* unsure, skipped or unknown: NULL in a condition */
	VALUE_NUMBER, /* also yes (1) and no (0) */
	VALUE_TEXT,   /* a choice's id, several ids joined by one space, "07:15", "2026-03-02",
			 a zone name, free text */
};

struct value {
	enum value_type type;
	double number;
	const char *text;
};

struct value value_null(void);
struct value value_number(double);
struct value value_text(const char *text); /* text must live as long as the value */
bool value_equal(struct value, struct value);
/* For people: "6", "6.5", the text, "" for null. */
const char *value_show(struct arena *, struct value);

/* An ordered list of named values in an arena. */
struct values;
struct values *values_create(struct arena *);
/* Copies name and text into the arena; replaces an older value of the same name. */
void values_set(struct values *, const char *name, struct value);
void values_remove(struct values *, const char *name);
/* False (and a null value) when there is no such name; a stored null is present. */
bool values_get(const struct values *, const char *name, struct value *out);
size_t values_count(const struct values *);
const char *values_at(const struct values *, size_t i, struct value *out); /* name */
/* As a JSON object, and back (NULL when it is not one). */
const char *values_to_json(struct arena *, const struct values *);
struct values *values_from_json(struct arena *, const char *json);

#endif
