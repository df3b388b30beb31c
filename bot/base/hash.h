/* FNV-1a, 64 bits: tells versions of a text apart. Not for secrets, not against malice. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_HEX = 17 }; /* 16 digits and the NUL */

uint64_t hash_begin(void);
uint64_t hash_add(uint64_t hash, const void *data, size_t len);
void hash_write(uint64_t hash, char out[HASH_HEX]);

#endif
