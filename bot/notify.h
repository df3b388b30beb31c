/* Tells the service manager how we are (the sd_notify protocol). Without one, nothing happens. */
#ifndef BOT_NOTIFY_H
#define BOT_NOTIFY_H

#include <stdint.h>

void notify_ready(void);
void notify_stopping(void);
/* At the end of a healthy pass; sends at most one a second. last_us is kept by the caller, 0 at
 * first. */
void notify_watchdog(int64_t *last_us);

#endif
