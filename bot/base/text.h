/* Small helpers for UTF-8 text. Pure. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/* Valid UTF-8, and no NUL byte inside. */
bool text_is_utf8(const char *text, size_t len);
/* A copy without the white space (of any script) around it. text must be valid UTF-8. */
char *text_trim(struct arena *, const char *text);
/* Words parted by white space of ASCII. */
size_t text_word_count(const char *text);
/* Is it one of the ids of a list that joins them by spaces ("hip leg")? A NULL list has none. */
bool text_has_id(const char *list, const char *id);
/* How many characters must be added, dropped, changed or swapped with their neighbour to turn a
 * into b; max + 1 when it is more than max or a word is longer than 48 characters. Valid UTF-8. */
size_t text_distance(const char *a, const char *b, size_t max);

#endif
