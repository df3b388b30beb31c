/* The conversation as it is shown: messages in order, days, the place where the reader is. */
"use strict";

const byId = (id) => document.getElementById(id);
const ui = {
	chat: byId("chat"), welcome: byId("welcome"), why: byId("welcome-why"),
	banner: byId("banner"), log: byId("log"), messages: byId("messages"),
	older: byId("older"), typing: byId("typing"), newest: byId("newest"),
	form: byId("composer"), text: byId("text"), hint: byId("hint"),
	signOut: byId("sign-out"), leaving: byId("leaving"),
};

const TOGETHER_MS = 5 * 60000; // messages closer than this share one time

/* Everything shown, in order: stored messages by id, then our own unstored ones as written.
 * An item is the server's message plus {node, state: "stored" | "sending" | "delayed" | "long"}. */
let items = [];
let isShowingHistory = false;

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

/* A question with many answers is read from its beginning. */
function showBeginning(node) {
	if (wantsEnd && node && node.offsetHeight > ui.log.clientHeight) {
		ui.log.scrollTop = node.offsetTop - 8;
	}
}

/* Adds messages and keeps the place where the reader is. */
function show(list, isOwn) {
	wantsEnd = isOwn || isAtEnd();
	list.forEach(addItem);
	refreshList();
	stickToEnd();
	if (!isShowingHistory) {
		showBeginning(list.at(-1)?.node);
	}
	if (!wantsEnd && !isShowingHistory) {
		ui.newest.hidden = false;
	}
}
