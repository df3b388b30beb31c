/* What the other files of io/ need of the loop; nobody else includes it. */
#ifndef IO_LOOP_LWS_H
#define IO_LOOP_LWS_H

#include "io/loop.h"

#include <libwebsockets.h>

struct lws_context *loop_context(struct loop *);

#endif
