/* The clock. Everything that needs the time asks here, so that a test, a talk file or a simulated
 * year can set it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_utc_ms(void);
/* From now on clock_utc_ms() answers this until set again (a test clock stands still). */
void clock_set_utc_ms(int64_t utc_ms);
/* From now on it starts at utc_ms and runs with the real clock (`chat --at`). */
void clock_start_utc_ms(int64_t utc_ms);
/* Monotonic, for timers and measuring only; never set. */
int64_t clock_mono_us(void);

#endif
