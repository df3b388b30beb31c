/* The platforms there are: one line each here, and in the list at the end of bot/bot.c. */
#ifndef PLATFORMS_PLATFORMS_H
#define PLATFORMS_PLATFORMS_H

#include "bot/platform.h"

extern const struct platform console_platform;
extern const struct platform webchat_platform;

#endif
