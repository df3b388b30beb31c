/* libwebsockets waits: Debian builds it without external poll, so it cannot be driven from outside.
 * Everything else with a descriptor sits in one epoll set whose own descriptor is adopted once
 * (what lws adopts it also closes, so adopting each would not do); time-outs are lws_sul. */
#include "base/log.h"
#include "base/mem.h"
#include "io/loop_lws.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	AFTER_MAX = 4,
	READY_MAX = 64,        /* descriptors taken up in one go */
	HANDSHAKE_S = 10,      /* slow headers are cut after about twice this */
	DESCRIPTORS_MAX = 8192 /* lws keeps a table of this size; a million would be 16 MB */
};

/* What is known of a descriptor. The number tells a reused one from the one before: an event that
 * was fetched before the change must not reach the new owner. */
struct watch {
	loop_fd_fn fn;
	void *ctx;
	unsigned number;
};

struct after {
	void (*fn)(void *ctx);
	void *ctx;
};

struct loop {
	struct lws_context *lws;
	struct watch *watches; /* by descriptor */
	size_t watch_cap;
	struct after after[AFTER_MAX];
	size_t after_count;
	void (*on_signal)(void *ctx, int signal_number);
	void *signal_ctx;
	int epoll_fd, signal_fd, wake_fd;
	bool is_stopping;
};

/* ---- descriptors ---- */

static unsigned from_epoll(uint32_t events)
{
	unsigned what = 0;

	if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
		what |= LOOP_READ;
	}
	if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) {
		what |= LOOP_WRITE;
	}
	return what;
}

static struct watch *watch_of(struct loop *loop, int fd)
{
	size_t need = (size_t)fd + 1;

	if (need > loop->watch_cap) {
		size_t cap = need > 2 * loop->watch_cap ? need : 2 * loop->watch_cap;

		loop->watches = mem_resize(loop->watches, cap, sizeof *loop->watches);
		memset(loop->watches + loop->watch_cap, 0,
			(cap - loop->watch_cap) * sizeof *loop->watches);
		loop->watch_cap = cap;
	}
	return &loop->watches[fd];
}

bool loop_fd_set(struct loop *loop, int fd, unsigned what, loop_fd_fn fn, void *ctx)
{
	struct watch *w = watch_of(loop, fd);
	struct epoll_event e = {0};
	bool is_known = w->fn != NULL;

	if (!what) {
		w->fn = NULL;
		return !is_known || epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL) == 0;
	}
	if (!is_known) {
		w->number++;
	}
	w->fn = fn;
	w->ctx = ctx;
	e.events = (what & LOOP_READ ? EPOLLIN : 0) | (what & LOOP_WRITE ? EPOLLOUT : 0);
	e.data.u64 = (uint64_t)w->number << 32 | (uint32_t)fd;
	if (epoll_ctl(loop->epoll_fd, is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e) < 0) {
		w->fn = NULL;
		return false;
	}
	return true;
}

static void on_ready(struct loop *loop)
{
	struct epoll_event ready[READY_MAX];
	int n = epoll_wait(loop->epoll_fd, ready, READY_MAX, 0);

	for (int i = 0; i < n; i++) {
		int fd = (int)(uint32_t)ready[i].data.u64;
		/* A copy: the function may make the table grow. */
		struct watch w = loop->watches[fd];

		if (w.fn && w.number == ready[i].data.u64 >> 32) {
			w.fn(w.ctx, fd, from_epoll(ready[i].events));
		}
	}
}

static int on_lws(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	if (reason == LWS_CALLBACK_RAW_RX_FILE) {
		on_ready(lws_context_user(lws_get_context(wsi)));
	}
	return 0;
}

/* ---- signals and waking ---- */

static sigset_t own_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

void loop_block_signals(void)
{
	sigset_t set = own_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

void loop_on_signal(struct loop *loop, void (*fn)(void *ctx, int signal_number), void *ctx)
{
	loop->on_signal = fn;
	loop->signal_ctx = ctx;
}

static void on_signal_fd(void *ctx, int fd, unsigned what)
{
	struct loop *loop = ctx;
	struct signalfd_siginfo info;

	(void)what;
	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (loop->on_signal) {
			loop->on_signal(loop->signal_ctx, (int)info.ssi_signo);
		} else if (info.ssi_signo != SIGHUP) {
			loop_stop(loop);
		}
	}
}

static void on_wake_fd(void *ctx, int fd, unsigned what)
{
	eventfd_t count;

	(void)ctx;
	(void)what;
	eventfd_read(fd, &count);
}

void loop_wake(struct loop *loop)
{
	eventfd_write(loop->wake_fd, 1);
}

/* ---- life ---- */

static const struct lws_protocols loop_protocols[] = {
	{.name = "limberd.loop", .callback = on_lws},
	{0},
};

/* Its lines may hold addresses and parts of what arrived: only the worst are passed on. */
static void on_lws_log(int level, const char *line)
{
	size_t len = strcspn(line, "\n");

	log_write(level == LLL_ERR ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "lws.says line=\"%.*s\"",
		(int)(len < 200 ? len : 200), line);
}

static void limit_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur =
			limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool open_lws(struct loop *loop)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.timeout_secs = HANDSHAKE_S,
		.user = loop,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.server_string = "limberd",
	};
	lws_sock_file_fd_type fd = {.filefd = loop->epoll_fd};
	struct lws_vhost *vhost;

	lws_set_log_level(LLL_ERR, on_lws_log);
	limit_descriptors();
	unsetenv("http_proxy"); /* the library would obey it; ours is in the configuration */
	loop->lws = lws_create_context(&info);
	if (!loop->lws) {
		return false;
	}
	info.protocols = loop_protocols;
	info.vhost_name = "loop";
	vhost = lws_create_vhost(loop->lws, &info);
	return vhost && lws_adopt_descriptor_vhost(
				vhost, LWS_ADOPT_RAW_FILE_DESC, fd, loop_protocols[0].name, NULL);
}

struct loop *loop_create(const char **error)
{
	struct loop *loop = mem_alloc(1, sizeof *loop);
	sigset_t signals = own_signals();

	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	loop->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->epoll_fd < 0 || loop->signal_fd < 0 || loop->wake_fd < 0 ||
		!loop_fd_set(loop, loop->signal_fd, LOOP_READ, on_signal_fd, loop) ||
		!loop_fd_set(loop, loop->wake_fd, LOOP_READ, on_wake_fd, loop) || !open_lws(loop)) {
		*error = "the system refuses descriptors or memory for the event loop";
		loop_destroy(loop);
		return NULL;
	}
	return loop;
}

void loop_destroy(struct loop *loop)
{
	if (!loop) {
		return;
	}
	if (loop->lws) {
		lws_context_destroy(loop->lws); /* closes the adopted epoll set as well */
	} else {
		close(loop->epoll_fd);
	}
	close(loop->signal_fd);
	close(loop->wake_fd);
	free(loop->watches);
	free(loop);
}

void loop_after_pass(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
	assert(loop->after_count < AFTER_MAX);
	loop->after[loop->after_count++] = (struct after){fn, ctx};
}

bool loop_run(struct loop *loop)
{
	loop->is_stopping = false;
	while (!loop->is_stopping) {
		if (lws_service(loop->lws, 0) < 0) {
			log_error("loop.failed errno=%d", errno);
			return false;
		}
		for (size_t i = 0; i < loop->after_count; i++) {
			loop->after[i].fn(loop->after[i].ctx);
		}
	}
	return true;
}

void loop_stop(struct loop *loop)
{
	loop->is_stopping = true;
	loop_wake(loop);
}

struct lws_context *loop_context(struct loop *loop)
{
	return loop->lws;
}

/* ---- timers ---- */

struct loop_timer {
	lws_sorted_usec_list_t sul; /* first: the callback is given its address */
	struct loop *loop;
	void (*fn)(void *ctx);
	void *ctx;
};

static void on_sul(lws_sorted_usec_list_t *sul)
{
	struct loop_timer *timer = lws_container_of(sul, struct loop_timer, sul);

	timer->fn(timer->ctx);
}

struct loop_timer *loop_timer_create(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
	struct loop_timer *timer = mem_alloc(1, sizeof *timer);

	timer->loop = loop;
	timer->fn = fn;
	timer->ctx = ctx;
	return timer;
}

void loop_timer_destroy(struct loop_timer *timer)
{
	if (timer) {
		loop_timer_stop(timer);
		free(timer);
	}
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	lws_sul_schedule(timer->loop->lws, 0, &timer->sul, on_sul,
		(delay_ms > 0 ? delay_ms : 0) * LWS_US_PER_MS + 1);
}

void loop_timer_stop(struct loop_timer *timer)
{
	lws_sul_cancel(&timer->sul);
}
