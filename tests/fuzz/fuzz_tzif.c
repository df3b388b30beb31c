/* TZif files as nobody should write them: refused, or answering every question within bounds. */
#include "base/tzif.h"

#include <stdlib.h>

static const int64_t moments[] = {INT64_C(-3000000000), -1, 0, 1774745999, 1774746000,
	INT64_C(4102444800), INT64_C(253402300799)};

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct tzif zone;

	if (!tzif_parse(data, len, &zone)) {
		return 0;
	}
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		int32_t offset = tzif_offset(&zone, moments[i]);
		int64_t at = moments[i];

		if (offset < -TZIF_OFFSET_MAX || offset > TZIF_OFFSET_MAX) {
			abort();
		}
		for (int n = 0; n < 4; n++) {
			int64_t before = at;

			if (tzif_next(&zone, before, &at) && at <= before) {
				abort();
			}
		}
	}
	tzif_finish(&zone);
	return 0;
}
