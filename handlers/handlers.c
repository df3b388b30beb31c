/* All handlers, in the order they are asked. Alarm words come first. */
#include "bot/handler.h"

extern const struct handler alarm_handler, triage_handler, watch_handler, profile_handler,
	undo_handler, pause_handler, help_handler, privacy_handler, welcome_handler,
	checkin_handler, painlog_handler, exercise_handler, pace_handler, stretch_handler,
	history_handler, settings_handler, painask_handler, smalltalk_handler;

const struct handler *const handlers[] = {
	&alarm_handler,
	&triage_handler,
	&undo_handler,
	&pause_handler,
	&help_handler,
	&privacy_handler,
	&welcome_handler,
	&checkin_handler,
	&history_handler,
	&settings_handler,
	&stretch_handler,
	&painlog_handler,
	&exercise_handler,
	&pace_handler,
	&watch_handler,
	&profile_handler,
	&smalltalk_handler,
	&painask_handler,
	NULL,
};
