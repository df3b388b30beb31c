/* The chat page. It holds nothing when closed: the history is the server's, and words that are not
 * stored yet live in memory only and are sent again with the same id after a reconnect.
 * docs/webchat.md describes the messages. Text reaches the page as text nodes, never as HTML. */
"use strict";

const PROTOCOL = "limberd.chat.1";
const TEXT_MAX = 4000; // bytes, as the server counts
const ACK_MS = 12000; // no answer for so long: the connection is taken for dead
const TOGETHER_MS = 5 * 60000; // messages closer than this share one time
const TYPING_MS = 8000;
const RETRY_FIRST_MS = 1000;
const RETRY_CAP_MS = 30000;

const byId = (id) => document.getElementById(id);
const ui = {
	chat: byId("chat"), welcome: byId("welcome"), why: byId("welcome-why"),
	banner: byId("banner"), log: byId("log"), messages: byId("messages"),
	older: byId("older"), typing: byId("typing"), newest: byId("newest"),
	form: byId("composer"), text: byId("text"), hint: byId("hint"),
	signOut: byId("sign-out"), leaving: byId("leaving"),
};

/* Everything shown, in order: stored messages by id, then our own unstored ones as written.
 * An item is the server's message plus {node, state: "stored" | "sending" | "delayed"}. */
let items = [];
let socket = null;
let isReady = false; // hello answered: the history is known
let failures = 0;
let retryTimer = 0;
let typingTimer = 0;
let hasMore = false;
let isAskingOlder = false;
let isShowingHistory = false;

function element(name, className, ...children) {
	const e = document.createElement(name);
	if (className) {
		e.className = className;
	}
	e.append(...children);
	return e;
}

function hidden(text) {
	return element("span", "hear", text);
}

/* On a touch screen the keyboard would jump up and cover what is to be read. */
function focusText() {
	if (matchMedia("(pointer: fine)").matches) {
		ui.text.focus({preventScroll: true});
	}
}

/* ---- text: *bold*, "- " lists, links ---- */

function addInline(parent, line, isAlarm) {
	const marks = isAlarm
		? /\*([^*\s](?:[^*]*[^*\s])?)\*|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|(\b\d{3}\b)/g
		: /\*([^*\s](?:[^*]*[^*\s])?)\*|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;
	let done = 0;

	for (const m of line.matchAll(marks)) {
		parent.append(line.slice(done, m.index));
		done = m.index + m[0].length;
		if (m[1]) {
			const strong = element("strong");
			addInline(strong, m[1], isAlarm);
			parent.append(strong);
		} else {
			const a = element("a", "", m[0]);
			a.href = m[2] ? m[2] : "tel:" + m[3]; // an emergency number can be tapped
			a.rel = "noopener noreferrer";
			a.target = m[2] ? "_blank" : "";
			parent.append(a);
		}
	}
	parent.append(line.slice(done));
}

function addText(parent, text, isAlarm) {
	let list = null, paragraph = null;

	for (const line of text.split("\n")) {
		if (line.startsWith("- ")) {
			paragraph = null;
			if (!list) {
				list = parent.appendChild(element("ul"));
			}
			addInline(list.appendChild(element("li")), line.slice(2), isAlarm);
		} else if (line.trim() === "") {
			list = paragraph = null;
		} else {
			list = null;
			if (paragraph) {
				paragraph.append(element("br"));
			} else {
				paragraph = parent.appendChild(element("p"));
			}
			addInline(paragraph, line, isAlarm);
		}
	}
}

/* ---- days and times ---- */

const timeFormat = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit"});
const dayFormat = new Intl.DateTimeFormat(undefined, {weekday: "long", day: "numeric", month: "long"});

function dayKey(ms) {
	return new Date(ms).toDateString();
}

function dayName(ms) {
	const yesterday = new Date();

	if (dayKey(ms) === dayKey(Date.now())) {
		return "Today";
	}
	yesterday.setDate(yesterday.getDate() - 1);
	return dayKey(ms) === yesterday.toDateString() ? "Yesterday" : dayFormat.format(ms);
}

/* ---- messages ---- */

function fileSize(bytes) {
	return bytes < 1024 ? bytes + " bytes" : Math.round(bytes / 1024) + " KB";
}

function fileLink(item) {
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
	const a = element("a", "file", svg,
		element("span", "", item.file, " ", element("small", "", fileSize(item.size || 0))));

	path.setAttribute("d", "M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 19h14");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("width", "24");
	svg.setAttribute("height", "24");
	svg.setAttribute("aria-hidden", "true");
	svg.append(path);
	a.href = "/file/" + item.id;
	a.download = item.file;
	return a;
}

function picture(item) {
	const img = element("img");

	img.alt = item.alt || "";
	img.src = "/image/" + encodeURIComponent(item.image);
	img.addEventListener("load", () => stickToEnd());
	return img;
}

function questionBefore(item) {
	const i = items.indexOf(item);

	return items.slice(0, i < 0 ? items.length : i).findLast((x) => x.kind === "ask");
}

/* A button's answer is kept as the choice's id; people read its label. */
function ownText(item) {
	const question = questionBefore(item);
	const choice = question?.choices?.find((c) => c.id === item.text);

	return choice ? choice.label : item.text;
}

function fillBubble(item, bubble) {
	if (item.from === "me") {
		bubble.append(hidden("You: "));
		if (item.text === undefined) {
			bubble.append(element("span", "gone", "Your words from then were not kept."));
		} else {
			bubble.append(ownText(item));
		}
		return;
	}
	bubble.append(hidden(item.kind === "alarm" ? "Important, from limberd: " : "limberd: "));
	addText(bubble, item.text || "", item.kind === "alarm");
	if (item.image) {
		bubble.append(picture(item));
	}
	if (item.file) {
		bubble.append(fileLink(item));
	}
}

const STATES = {
	stored: () => [" ", element("span", "", "✓"), hidden(" saved")],
	sending: () => [" · ", isReady ? "sending…" : "waiting for the connection"],
	delayed: () => [" · not saved yet, your words are kept and tried again"],
	long: () => [" · too long to be sent"],
};

function showState(item) {
	const meta = item.node.querySelector(".meta");
	const time = element("time", "", timeFormat.format(item.at));

	time.dateTime = new Date(item.at).toISOString();
	meta.replaceChildren(time);
	if (item.from === "me") {
		meta.append(...STATES[item.state]());
	}
}

function makeNode(item) {
	const bubble = element("div", "bubble");
	const node = element("div", "message " + item.from, bubble);

	bubble.id = "message-" + (item.cid || item.id);
	if (item.kind === "alarm") {
		node.classList.add("alarm");
	}
	if (!isShowingHistory) {
		node.classList.add("fresh");
		if (item.kind === "alarm") {
			bubble.setAttribute("role", "alert"); // spoken at once, not after what is being read
		}
	}
	item.node = node;
	fillBubble(item, bubble);
	node.append(element("div", "meta"));
	if (item.kind === "ask") {
		const answers = makeAnswers(item, bubble.id);
		if (answers) {
			node.append(answers);
		}
	}
	showState(item);
	return node;
}

/* ---- answers to a question ---- */

function answerButton(label, className, act) {
	const b = element("button", className, label);

	b.type = "button";
	b.addEventListener("click", act);
	return b;
}

function choose(item, button, id) {
	button.classList.add("chosen");
	sendOwn({t: "choose", choice: id, of: item.step}, id);
	focusText();
}

/* One stop for the Tab key; arrows walk. */
function walkWithArrows(group) {
	const buttons = [...group.querySelectorAll("button")];

	buttons.forEach((b, i) => { b.tabIndex = i ? -1 : 0; });
	group.addEventListener("keydown", (e) => {
		const at = buttons.indexOf(document.activeElement);
		const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key];
		const to = e.key === "Home" ? 0 : e.key === "End" ? buttons.length - 1
			: step ? (at + step + buttons.length) % buttons.length : -1;

		if (to >= 0 && at >= 0) {
			e.preventDefault();
			buttons[at].tabIndex = -1;
			buttons[to].tabIndex = 0;
			buttons[to].focus();
		}
	});
}

function makeScale(item) {
	const scale = element("div", "scale");
	const box = element("div", "", scale);
	const isPain = /pain$/.test(item.step || "");

	for (let n = item.min ?? 0; n <= (item.max ?? 10); n++) {
		const b = answerButton(String(n), "", () => choose(item, b, String(n)));
		b.setAttribute("aria-label", n + " of " + (item.max ?? 10)
			+ (isPain && n === 0 ? ", none" : isPain && n === item.max ? ", worst" : ""));
		scale.append(b);
	}
	if (isPain) {
		const ends = element("div", "ends", element("span", "", "0 · none"),
			element("span", "", (item.max ?? 10) + " · worst"));
		ends.setAttribute("aria-hidden", "true");
		box.append(ends);
	}
	walkWithArrows(scale);
	return box;
}

function makeMany(item) {
	const box = element("div", "choices");
	const taken = () => [...box.querySelectorAll("[aria-pressed=true]")];

	for (const c of item.choices) {
		if (c.id === "none") {
			box.append(answerButton(c.label, "", (e) => choose(item, e.target, "none")));
			continue;
		}
		const b = answerButton(c.label, "", () => {
			b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
			done.disabled = taken().length === 0;
		});
		b.setAttribute("aria-pressed", "false");
		box.append(b);
	}
	const done = answerButton("Done", "done", () => {
		const words = taken().map((b) => b.textContent).join(", ");
		sendOwn({t: "say", text: words}, words);
		focusText();
	});
	done.disabled = true;
	box.append(done);
	return box;
}

/* The browser's own picker for a time or a date. */
function makePicker(item, type) {
	const input = element("input");
	const box = element("div", "picker", input, answerButton("Send", "", () => {
		if (input.value) {
			sendOwn({t: "say", text: input.value}, input.value);
			focusText();
		}
	}));

	input.type = type;
	input.setAttribute("aria-label", type === "time" ? "Time" : "Date");
	return box;
}

function makeZone(item) {
	const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

	return zone ? element("div", "choices", answerButton(zone.replaceAll("_", " "), "",
		() => sendOwn({t: "say", text: zone}, zone))) : null;
}

function makeChoices(item) {
	const box = element("div", "choices");

	for (const c of item.choices) {
		const b = answerButton(c.label, "", () => choose(item, b, c.id));
		b.dataset.choice = c.id;
		box.append(b);
	}
	return box;
}

function makeAnswers(item, labelledBy) {
	const box = element("div", "answers");
	const parts = [];

	if (item.answer === "scale" && item.max > item.min && item.max - item.min <= 10) {
		parts.push(makeScale(item));
	} else if (item.answer === "choices" && item.choices) {
		parts.push(makeMany(item));
	} else if (item.choices) {
		parts.push(makeChoices(item));
	}
	if (item.answer === "time" || item.answer === "date") {
		parts.push(makePicker(item, item.answer));
	} else if (item.answer === "zone") {
		parts.push(makeZone(item));
	}
	if (item.skip) {
		const skip = answerButton("Skip", "skip", () => sendOwn({t: "say", text: "skip"}, "skip"));
		const row = parts.at(-1)?.matches?.(".choices, .picker") ? parts.at(-1) : null;
		if (row) {
			row.append(skip);
		} else {
			parts.push(element("div", "choices", skip));
		}
	}
	box.append(...parts.filter(Boolean));
	box.setAttribute("role", "group");
	box.setAttribute("aria-labelledby", labelledBy);
	return box.childElementCount ? box : null;
}

/* Only the last question can be answered by button; the one before stays to be seen, greyed. */
function refreshAnswers() {
	const asks = items.filter((x) => x.kind === "ask");
	const last = asks.at(-1);
	const after = last ? items.slice(items.indexOf(last) + 1) : [];
	const answer = after.find((x) => x.from === "me" && x.state !== "long");

	asks.slice(0, -2).forEach((x) => x.node.querySelector(".answers")?.remove());
	asks.slice(-2).forEach((x) => {
		const isOpen = x === last && !answer;
		x.node.classList.toggle("past", !isOpen);
		x.node.querySelectorAll(".answers button, .answers input")
			.forEach((b) => { b.disabled = !isOpen || (b.classList.contains("done")
				&& !x.node.querySelector("[aria-pressed=true]")); });
	});
	if (answer) {
		markChosen(last, answer);
	}
}

function markChosen(question, answer) {
	question.node.querySelectorAll(".answers button").forEach((b) => {
		if (b.dataset.choice === answer.text || (question.answer === "scale"
			&& b.textContent === answer.text)) {
			b.classList.add("chosen");
		}
	});
}

/* ---- the list ---- */

function lastId() {
	return items.reduce((max, x) => Math.max(max, x.id || 0), 0);
}

function order(x) {
	return x.id || Number.MAX_SAFE_INTEGER;
}

function addItem(item) {
	const known = items.find((x) => (item.cid && x.cid === item.cid) || (item.id && x.id === item.id));

	if (known) {
		settle(known, item.id);
		return;
	}
	item.state = item.state || "stored";
	let at = items.length;
	while (at > 0 && order(items[at - 1]) > order(item)) {
		at--;
	}
	items.splice(at, 0, item);
	makeNode(item);
	ui.messages.insertBefore(item.node, items[at + 1]?.node ?? null);
}

function settle(item, id) {
	item.id = item.id || id || lastId();
	item.state = "stored";
	clearTimeout(item.timer);
	items = items.filter((x) => x !== item);
	let at = items.length;
	while (at > 0 && order(items[at - 1]) > order(item)) {
		at--;
	}
	items.splice(at, 0, item);
	if (item.node.nextElementSibling !== (items[at + 1]?.node ?? null)) {
		ui.messages.insertBefore(item.node, items[at + 1]?.node ?? null);
	}
	showState(item);
}

/* Day lines; messages of one speaker and moment stand together under one time. */
function refreshList() {
	let day = "", before = null;

	ui.messages.querySelectorAll(".day").forEach((e) => e.remove());
	for (const item of items) {
		const isNewDay = dayKey(item.at) !== day;
		if (isNewDay) {
			day = dayKey(item.at);
			item.node.before(element("p", "day", dayName(item.at)));
		}
		const follows = !isNewDay && before?.from === item.from;
		item.node.classList.toggle("follows", follows);
		before?.node.classList.toggle("timeless", follows && before.state === "stored"
			&& item.at - before.at < TOGETHER_MS && before.kind !== "alarm");
		item.node.classList.remove("timeless");
		before = item;
	}
	refreshAnswers();
}

function isAtEnd() {
	return ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 120;
}

let wantsEnd = true;
function stickToEnd() {
	if (wantsEnd) {
		ui.log.scrollTop = ui.log.scrollHeight;
		ui.newest.hidden = true;
	}
}

/* Adds messages and keeps the place where the reader is. */
function show(list, isOwn) {
	wantsEnd = isOwn || isAtEnd();
	list.forEach(addItem);
	refreshList();
	stickToEnd();
	if (!wantsEnd && !isShowingHistory) {
		ui.newest.hidden = false;
	}
}

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
