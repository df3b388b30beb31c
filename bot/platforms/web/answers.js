/* How a question can be answered without typing: buttons, the scale, several choices, the browser's
 * own pickers. Typing always works as well. */
"use strict";

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
