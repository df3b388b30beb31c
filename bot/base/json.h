/* JSON in and out: json-c behind a strict door (depth 16, valid UTF-8, nothing after the value). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL when it is not exactly one JSON value. The caller frees it with json_object_put(). */
struct json_object *json_read(const char *text, size_t len);
/* Members of an object; the fallback when absent or of another type. Strings belong to the object.
 */
const char *json_text(struct json_object *, const char *key, const char *fallback);
int64_t json_int(struct json_object *, const char *key, int64_t fallback);
double json_number(struct json_object *, const char *key, double fallback);
bool json_flag(struct json_object *, const char *key, bool fallback);
struct json_object *json_member(struct json_object *, const char *key); /* NULL: absent */
/* Adds members; a NULL text is left out. */
void json_add_text(struct json_object *, const char *key, const char *text);
void json_add_int(struct json_object *, const char *key, int64_t);
void json_add_number(struct json_object *, const char *key, double); /* "6", "6.5": shortest form */
void json_add_bool(struct json_object *, const char *key, bool);
/* One line, no spaces; lives as long as the object. */
const char *json_write(struct json_object *);

#endif
