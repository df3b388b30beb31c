/* From words to the page: elements, light markup, days and times. Text becomes text nodes, never
 * HTML. */
"use strict";

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
