#include "base/json.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct json_object *json_read(const char *text, size_t len)
{
	struct json_tokener *tok;
	struct json_object *value;

	if (len > INT_MAX) {
		return NULL;
	}
	tok = json_tokener_new_ex(16);
	if (!tok) {
		return NULL;
	}
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tok, text, (int)len);
	/* A bare number is only complete once the end is announced. */
	if (json_tokener_get_error(tok) == json_tokener_continue) {
		value = json_tokener_parse_ex(tok, "", 1);
	} else if (json_tokener_get_parse_end(tok) != len) {
		json_object_put(value);
		value = NULL;
	}
	json_tokener_free(tok);
	return value;
}

struct json_object *json_member(struct json_object *object, const char *key)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(object, json_type_object)) {
		return NULL;
	}
	json_object_object_get_ex(object, key, &member);
	return member;
}

const char *json_text(struct json_object *object, const char *key, const char *fallback)
{
	struct json_object *member = json_member(object, key);

	return json_object_is_type(member, json_type_string) ? json_object_get_string(member)
							     : fallback;
}

int64_t json_int(struct json_object *object, const char *key, int64_t fallback)
{
	struct json_object *member = json_member(object, key);

	return json_object_is_type(member, json_type_int) ? json_object_get_int64(member)
							  : fallback;
}

double json_number(struct json_object *object, const char *key, double fallback)
{
	struct json_object *member = json_member(object, key);

	if (json_object_is_type(member, json_type_int) ||
		json_object_is_type(member, json_type_double)) {
		return json_object_get_double(member);
	}
	return fallback;
}

bool json_flag(struct json_object *object, const char *key, bool fallback)
{
	struct json_object *member = json_member(object, key);

	return json_object_is_type(member, json_type_boolean) ? json_object_get_boolean(member)
							      : fallback;
}

void json_add_text(struct json_object *object, const char *key, const char *text)
{
	if (text) {
		json_object_object_add(object, key, json_object_new_string(text));
	}
}

void json_add_int(struct json_object *object, const char *key, int64_t value)
{
	json_object_object_add(object, key, json_object_new_int64(value));
}

void json_add_number(struct json_object *object, const char *key, double value)
{
	char text[32];

	if (value == floor(value) && fabs(value) < 1e15) {
		json_add_int(object, key, (int64_t)value);
		return;
	}
	snprintf(text, sizeof text, "%.10g", value);
	json_object_object_add(object, key, json_object_new_double_s(value, text));
}

void json_add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

const char *json_write(struct json_object *object)
{
	return json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}
