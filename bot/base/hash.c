#include "base/hash.h"

#include <stdio.h>

uint64_t hash_begin(void)
{
	return 0xcbf29ce484222325U;
}

uint64_t hash_add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ p[i]) * 0x100000001b3U;
	}
	return hash;
}

void hash_write(uint64_t hash, char out[HASH_HEX])
{
	snprintf(out, HASH_HEX, "%016llx", (unsigned long long)hash);
}
