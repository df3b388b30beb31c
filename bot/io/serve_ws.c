/* The WebSocket side of a peer: whole messages in, a bounded queue out. A peer is dropped from
 * WRITEABLE with a close code, or killed by a time-out when it does not even read that; never by
 * the return value of RECEIVE, which makes this library version spin. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/serve_private.h"

#include <stdlib.h>
#include <string.h>

/* Pieces of messages (the library's 4 KiB reads, or fragments): one message of full length costs
 * 16 to 45 of them. */
enum { PIECES_A_SECOND = 50, PIECES_BURST = 400, GOODBYE_S = 5 };

void serve_set_state(struct serve_peer *peer, void *state)
{
	peer->state = state;
}

void *serve_state(struct serve_peer *peer)
{
	return peer->state;
}

unsigned serve_number(const struct serve_peer *peer)
{
	return peer->number;
}

/* ---- out ---- */

static void forget_waiting(struct serve_peer *peer)
{
	while (peer->first) {
		struct serve_waiting *w = peer->first;

		peer->first = w->next;
		free(w);
	}
	peer->last = &peer->first;
	peer->waiting_len = 0;
}

void serve_drop(struct serve_peer *peer, enum serve_close code, const char *why)
{
	if (peer->is_dead) {
		return;
	}
	log_info("web.drop peer=%u code=%d why=\"%s\"", peer->number, code, why);
	peer->is_dead = true;
	peer->close_code = code;
	peer->close_why = why;
	forget_waiting(peer);
	buf_finish(&peer->received);
	if (peer->is_open) {
		lws_set_timeout(peer->wsi, PENDING_TIMEOUT_CLOSE_SEND, GOODBYE_S);
		lws_callback_on_writable(peer->wsi);
	}
}

void serve_send(struct serve_peer *peer, const char *text, size_t len)
{
	struct serve_waiting *w;

	if (peer->is_dead) {
		return;
	}
	if (peer->waiting_len + len > SERVE_QUEUE_MAX) {
		serve_drop(peer, SERVE_TOO_FAST, "reads too slowly");
		return;
	}
	w = mem_alloc(1, sizeof *w + LWS_PRE + len);
	w->len = len;
	memcpy(w->space + LWS_PRE, text, len);
	*peer->last = w;
	peer->last = &w->next;
	peer->waiting_len += len;
	if (peer->is_open) {
		lws_callback_on_writable(peer->wsi);
	}
}

void serve_end(struct serve_peer *peer)
{
	if (!peer->is_open) {
		lws_set_timeout(peer->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
	} else {
		lws_callback_on_writable(peer->wsi);
	}
}

static int say_goodbye(struct serve_peer *peer)
{
	unsigned char why[64];
	size_t len = strlen(peer->close_why);

	len = len < sizeof why ? len : sizeof why;
	memcpy(why, peer->close_why, len);
	lws_close_reason(peer->wsi, (enum lws_close_status)peer->close_code, why, len);
	return -1;
}

static int on_writeable(struct serve_peer *peer)
{
	struct serve_waiting *w = peer->first;
	int written;

	if (peer->is_dead) {
		return say_goodbye(peer);
	}
	if (!w && peer->serve->is_closing) {
		peer->close_code = SERVE_GOING_AWAY;
		peer->close_why = "restarting";
		return say_goodbye(peer);
	}
	if (!w) {
		return 0;
	}
	peer->first = w->next;
	if (!peer->first) {
		peer->last = &peer->first;
	}
	peer->waiting_len -= w->len;
	written = lws_write(peer->wsi, w->space + LWS_PRE, w->len, LWS_WRITE_TEXT);
	free(w);
	if (peer->first || peer->serve->is_closing) {
		lws_callback_on_writable(peer->wsi);
	}
	return written < 0 ? -1 : 0;
}

/* ---- in ---- */

static bool take_token(struct serve_peer *peer)
{
	int64_t now = clock_mono_us();

	peer->tokens += (double)(now - peer->tokens_us) / 1e6 * PIECES_A_SECOND;
	peer->tokens_us = now;
	if (peer->tokens > PIECES_BURST) {
		peer->tokens = PIECES_BURST;
	}
	if (peer->tokens < 1) {
		return false;
	}
	peer->tokens--;
	return true;
}

static void on_message(struct serve_peer *peer)
{
	struct serve *serve = peer->serve;
	/* Taken out first: what is called may drop the peer. */
	struct buf message = peer->received;

	peer->received = (struct buf){0};
	if (!text_is_utf8(buf_text(&message), message.len)) {
		serve_drop(peer, SERVE_NOT_UTF8, "text must be UTF-8");
	} else {
		lws_set_timeout(peer->wsi, NO_PENDING_TIMEOUT, 0);
		serve->settings.frame(serve->settings.ctx, peer, buf_text(&message), message.len);
	}
	buf_finish(&message);
}

static void on_piece(struct serve_peer *peer, const void *in, size_t len)
{
	if (peer->is_dead || peer->serve->is_closing) {
		return;
	}
	if (!take_token(peer)) {
		serve_drop(peer, SERVE_TOO_FAST, "too much at once");
	} else if (lws_frame_is_binary(peer->wsi)) {
		serve_drop(peer, SERVE_NOT_TEXT, "text only");
	} else if (peer->received.len + len > SERVE_FRAME_MAX) {
		serve_drop(peer, SERVE_TOO_LONG, "64 KiB at most");
	} else {
		buf_add(&peer->received, in, len);
		if (lws_is_final_fragment(peer->wsi) &&
			lws_remaining_packet_payload(peer->wsi) == 0) {
			on_message(peer);
		}
	}
}

/* ---- the handshake ---- */

static bool is_own_page(const struct serve_peer *peer, const struct serve_head *head)
{
	return strcmp(head->path, peer->serve->settings.path) == 0 && head->is_own_origin;
}

static int on_handshake(struct serve_peer *peer)
{
	struct serve *serve = peer->serve;
	struct serve_head *head = mem_alloc(1, sizeof *head);
	struct serve_request request;

	if (!serve_head_read(peer, head) || !is_own_page(peer, head)) {
		log_info("web.refused peer=%u why=\"%s\"", peer->number,
			head->is_own_origin ? "path" : "origin");
	} else {
		request = serve_request_of(peer, head);
		peer->is_accepted = serve->settings.open(serve->settings.ctx, peer, &request);
	}
	free(head);
	return peer->is_accepted ? 0 : -1;
}

static void on_established(struct serve_peer *peer)
{
	peer->is_open = true;
	peer->tokens = PIECES_BURST;
	peer->tokens_us = clock_mono_us();
	lws_set_timeout(peer->wsi, PENDING_TIMEOUT_USER_OK, SERVE_HELLO_S);
	if (peer->first || peer->is_dead) {
		lws_callback_on_writable(peer->wsi);
	}
}

int serve_on_ws(
	struct serve_peer *peer, enum lws_callback_reasons reason, const void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return on_handshake(peer);
	case LWS_CALLBACK_ESTABLISHED:
		on_established(peer);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		on_piece(peer, in, len);
		return 0;
	default:
		return on_writeable(peer);
	}
}

void serve_ws_finish(struct serve_peer *peer)
{
	forget_waiting(peer);
}
