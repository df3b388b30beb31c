/* Tells the service manager how we are (the sd_notify protocol). Without one, nothing happens. */
#ifndef BOT_NOTIFY_H
#define BOT_NOTIFY_H

void notify_ready(void);
void notify_stopping(void);
void notify_watchdog(void); /* at the end of a healthy pass; sends at most one a second */

#endif
