/* Pictures that are compiled in, by name: what messages may show beside their words. */
#include "bot/platform.h"

#include <string.h>

static const struct {
	const char *name, *type;
	const unsigned char *data;
	size_t len;
} pictures[] = {
	{0},
};

bool bot_image(struct link *link, const char *name, const unsigned char **data, size_t *len,
	const char **type)
{
	(void)link;
	for (size_t i = 0; pictures[i].name; i++) {
		if (strcmp(pictures[i].name, name) == 0) {
			*data = pictures[i].data;
			*len = pictures[i].len;
			*type = pictures[i].type;
			return true;
		}
	}
	return false;
}
