/* The connection, coming in and leaving, and writing. The page holds nothing when closed: the history
 * is the server's, and words that are not stored yet live in memory only and are sent again with the
 * same id after a reconnect. docs/webchat.md describes the messages. */
"use strict";

const PROTOCOL = "limberd.chat.1";
const TEXT_MAX = 4000; // bytes, as the server counts
const ACK_MS = 12000; // no answer for so long: the connection is taken for dead
const TYPING_MS = 8000;
const RETRY_FIRST_MS = 1000;
const RETRY_CAP_MS = 30000;

let socket = null;
let isReady = false; // hello answered: the history is known
let failures = 0;
let retryTimer = 0;
let typingTimer = 0;
let hasMore = false;
let isAskingOlder = false;

/* On a touch screen the keyboard would jump up and cover what is to be read. */
function focusText() {
	if (matchMedia("(pointer: fine)").matches) {
		ui.text.focus({preventScroll: true});
	}
}

/* ---- history ---- */

function showHistory(message) {
	const bottom = ui.log.scrollHeight - ui.log.scrollTop;

	ui.log.setAttribute("aria-live", "off"); // a screen reader need not hear it all again
	isShowingHistory = true;
	if (message.what === "newest") {
		items.filter((x) => x.state === "stored").forEach((x) => x.node.remove());
		items = items.filter((x) => x.state !== "stored");
	}
	show(message.items, message.what === "newest");
	isShowingHistory = false;
	if (message.what !== "missed") {
		hasMore = message.more;
		ui.older.hidden = !hasMore;
	}
	if (message.what === "older") {
		isAskingOlder = false;
		ui.log.scrollTop = ui.log.scrollHeight - bottom;
	}
	setTimeout(() => ui.log.setAttribute("aria-live", "polite"), 300);
}

function askOlder() {
	const first = items.find((x) => x.id);

	if (isReady && hasMore && !isAskingOlder && first) {
		isAskingOlder = true;
		send({t: "older", before: first.id});
	}
}

/* ---- the connection ---- */

function send(message) {
	if (socket?.readyState === WebSocket.OPEN) {
		socket.send(JSON.stringify(message));
	}
}

/* Sends an own message, or sends it again: the server knows it by its cid. */
function transmit(item) {
	if (!isReady) {
		return;
	}
	send({...item.message, cid: item.cid});
	clearTimeout(item.timer);
	item.timer = setTimeout(() => {
		if (item.state === "sending") {
			lose();
		}
	}, ACK_MS);
}

function sendOwn(message, text) {
	const item = {cid: newId(), from: "me", text, at: Date.now(), state: "sending", message};

	show([item], true);
	transmit(item);
}

function newId() {
	if (crypto.randomUUID) {
		return crypto.randomUUID(); // only where the address is https or loopback
	}
	return [...crypto.getRandomValues(new Uint8Array(16))]
		.map((b) => b.toString(16).padStart(2, "0")).join("");
}

const isUnstored = (x) => x.state === "sending" || x.state === "delayed";

function becomeReady() {
	isReady = true;
	failures = 0;
	ui.banner.hidden = true;
	items.filter(isUnstored).forEach((x) => {
		x.state = "sending";
		showState(x);
		transmit(x);
	});
}

function onRefused(message) {
	const item = items.find((x) => x.cid === message.cid);

	if (item && message.retry_ms) {
		clearTimeout(item.timer);
		item.timer = setTimeout(() => transmit(item), message.retry_ms);
	} else if (item) {
		item.state = "long";
		clearTimeout(item.timer);
		showState(item);
		refreshAnswers();
	}
}

const handlers = {
	history(message) {
		showHistory(message);
		if (!isReady) {
			becomeReady();
		}
	},
	message(message) {
		ui.typing.hidden = true;
		show([message], false);
		if (document.hidden) {
			document.title = "• limberd";
		}
	},
	stored(message) {
		const item = items.find((x) => x.cid === message.cid);
		if (item) {
			settle(item, message.id);
			refreshList();
		}
	},
	delayed(message) {
		const item = items.find((x) => x.cid === message.cid);
		if (item) {
			item.state = "delayed";
			showState(item);
		}
	},
	refused: onRefused,
	typing() {
		wantsEnd = isAtEnd();
		ui.typing.hidden = false;
		stickToEnd();
		clearTimeout(typingTimer);
		typingTimer = setTimeout(() => { ui.typing.hidden = true; }, TYPING_MS);
	},
};

function onData(event) {
	const message = JSON.parse(event.data);

	if (Object.hasOwn(handlers, message.t)) {
		handlers[message.t](message);
	}
}

function connect() {
	const scheme = location.protocol === "https:" ? "wss://" : "ws://";
	const mine = new WebSocket(scheme + location.host + "/ws", PROTOCOL);
	let wasOpen = false;

	clearTimeout(retryTimer);
	socket = mine;
	mine.onopen = () => {
		wasOpen = true;
		send({
			t: "hello",
			after: lastId(),
			zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
			lang: navigator.language,
		});
	};
	mine.onmessage = onData;
	mine.onclose = (event) => {
		if (socket === mine) {
			onLost(event.code === 4401 || !wasOpen);
		}
	};
}

/* Gives up a connection that has gone quiet without waiting for its goodbye. */
function lose() {
	const old = socket;

	socket = null;
	old?.close();
	onLost(false);
}

async function onLost(maybeSignedOut) {
	socket = null;
	isReady = isAskingOlder = false;
	ui.typing.hidden = true;
	items.filter(isUnstored).forEach((x) => {
		clearTimeout(x.timer);
		showState(x);
	});
	if (maybeSignedOut && (await signedIn()) === false) {
		showWelcome("");
		return;
	}
	if (failures > 0 || items.some(isUnstored)) {
		ui.banner.textContent = "Reconnecting… your words are kept.";
		ui.banner.hidden = false;
	}
	const limit = Math.min(RETRY_CAP_MS, RETRY_FIRST_MS * 2 ** Math.min(failures++, 10));
	retryTimer = setTimeout(connect, Math.max(200, Math.random() * limit));
}

/* Somebody looks, or the network is back: do not make them wait. */
function hurry() {
	if (!socket && !ui.chat.hidden) {
		connect();
	}
}

/* ---- coming in and leaving ---- */

/* true, false, or null when nobody answers. */
async function signedIn() {
	try {
		return (await (await fetch("/session")).json()).signed_in;
	} catch {
		return null;
	}
}

async function post(path, body) {
	try {
		return (await fetch(path, {method: "POST", body: JSON.stringify(body)})).status;
	} catch {
		return 0;
	}
}

function showWelcome(why) {
	const old = socket;

	socket = null;
	old?.close();
	clearTimeout(retryTimer);
	items.forEach((x) => x.node.remove());
	items = [];
	ui.chat.hidden = true;
	ui.why.textContent = why;
	ui.why.hidden = !why;
	ui.welcome.hidden = false;
}

function showChat() {
	ui.welcome.hidden = true;
	ui.chat.hidden = false;
	if (!socket) {
		connect();
	}
	focusText();
}

const WHY = {
	403: "This link has been used or has run out. Please ask for a new one.",
	429: "Too many tries at once. Please open the link again in a minute.",
	0: "The chat cannot be reached right now. Please open the link again in a minute.",
};

async function start() {
	const secret = location.hash.slice(1);
	let why = "";

	if (secret) {
		history.replaceState(null, "", location.pathname); // nobody shall read it here later
		why = WHY[await post("/sign-in", {secret})] ?? "";
	}
	if ((await signedIn()) !== false) {
		showChat();
	} else {
		showWelcome(why);
	}
}

ui.signOut.addEventListener("click", () => ui.leaving.showModal());
ui.leaving.addEventListener("close", async () => {
	if (ui.leaving.returnValue === "leave") {
		await post("/sign-out", {});
		showWelcome("");
	}
	ui.leaving.returnValue = "";
});

/* ---- writing ---- */

function fitComposer() {
	const over = new TextEncoder().encode(ui.text.value.trim()).length - TEXT_MAX;

	ui.text.style.height = "auto";
	ui.text.style.height = ui.text.scrollHeight + 2 + "px";
	ui.hint.textContent = over > 0 ? "Too long by " + over + ". Please send it in two parts." : "";
	return over <= 0;
}

ui.form.addEventListener("submit", (event) => {
	const text = ui.text.value.trim();

	event.preventDefault();
	if (text && fitComposer()) {
		ui.text.value = "";
		fitComposer();
		sendOwn({t: "say", text}, text);
	}
	ui.text.focus({preventScroll: true});
});
ui.text.addEventListener("input", fitComposer);
ui.text.addEventListener("keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
		event.preventDefault();
		ui.form.requestSubmit();
	}
});

ui.older.addEventListener("click", askOlder);
ui.newest.addEventListener("click", () => {
	wantsEnd = true;
	stickToEnd();
	focusText();
});
ui.log.addEventListener("scroll", () => {
	wantsEnd = isAtEnd();
	if (wantsEnd) {
		ui.newest.hidden = true;
	}
	if (ui.log.scrollTop < 80) {
		askOlder();
	}
}, {passive: true});
new ResizeObserver(stickToEnd).observe(ui.log); // a banner, a keyboard, a growing composer
window.addEventListener("online", hurry);
window.addEventListener("hashchange", start);
document.addEventListener("visibilitychange", () => {
	if (!document.hidden) {
		document.title = "limberd";
		hurry();
	}
});
setInterval(() => refreshList(), 15 * 60000); // "Today" becomes "Yesterday"

start();
