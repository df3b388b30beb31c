/* How the page looks and whether everybody can use it: light, dark, phone, 200 % zoom, checked by
 * axe-core, left as pictures in build/screenshots. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { Daemon, launch, openPage, press, say, settleIn, shot } from "./help.mjs";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let daemon, browser;

before(async () => {
	daemon = await Daemon.create();
	browser = await launch();
});

after(async () => {
	await browser?.close();
	await daemon?.destroy();
});

/* Every rule of axe, best practices included. */
async function faults(page) {
	await page.evaluate(axe);
	await page.evaluate(() => Promise.all(document.getAnimations().map((a) =>
		a.effect.getTiming().iterations === Infinity || a.finished)));
	return page.evaluate(async () => (await axe.run()).violations.map((v) =>
		v.id + ": " + v.nodes.map((n) => n.target + " " + n.failureSummary).join("; ")));
}

/* Nothing is wider than the window, and every open button is big enough for a thumb. */
async function layout(page) {
	return page.evaluate(() => {
		const found = [];
		if (document.documentElement.scrollWidth > innerWidth) {
			found.push("the page scrolls sideways");
		}
		for (const e of document.querySelectorAll("#log, .bubble, .answers, #composer, header")) {
			const r = e.getBoundingClientRect();
			if (r.width && (r.left < -1 || r.right > innerWidth + 1)) {
				found.push(e.className + e.id + " sticks out");
			}
		}
		for (const e of document.querySelectorAll("button:enabled, input, textarea")) {
			const r = e.getBoundingClientRect();
			if (r.width && (r.height < 43.5 || r.width < 43.5)) {
				found.push("small: " + e.textContent + " " + r.width + "x" + r.height);
			}
		}
		return found;
	});
}

const places = [
	["light", { colorScheme: "light" }],
	["dark", { colorScheme: "dark" }],
	["phone", { colorScheme: "light", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
	["phone-dark", { colorScheme: "dark", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
	["zoom-200", { colorScheme: "light", viewport: { width: 500, height: 380 }, deviceScaleFactor: 2 }],
];

for (const [name, options] of places) {
	describe(name, () => {
		test("the way in", async () => {
			const page = await openPage(browser, daemon, options);

			await page.goto(daemon.address);
			await page.getByText("you need a personal link").waitFor();
			assert.deepEqual(await faults(page), []);
			assert.deepEqual(await layout(page), []);
			await shot(page, "welcome-" + name);
			await page.context().close();
		});

		test("a conversation", async () => {
			const page = await openPage(browser, daemon, options);

			await page.goto(daemon.link("look-" + name));
			await page.locator(".answers").waitFor();
			await shot(page, "hello-" + name);
			await settleIn(page);
			await say(page, "pain");
			await press(page, "6 of 10");
			await say(page, "pain");
			assert.deepEqual(await faults(page), []);
			assert.deepEqual(await layout(page), []);
			await shot(page, "scale-" + name);
			await press(page, "4 of 10");
			await say(page, "exercise");
			assert.deepEqual(await faults(page), []);
			assert.deepEqual(await layout(page), []);
			const cut = await page.evaluate(() => [...document.querySelectorAll(".message")].at(-1)
				.getBoundingClientRect().top - document.getElementById("log").getBoundingClientRect().top);
			assert.ok(cut >= 0, "the question's beginning is out of sight by " + cut);
			await shot(page, "choices-" + name);
			await say(page, "I wet myself and my legs are numb");
			await say(page, "export");
			assert.deepEqual(await faults(page), []);
			assert.deepEqual(await layout(page), []);
			await shot(page, "alarm-" + name);
			assert.deepEqual(page.faults, []);
			await page.context().close();
		});
	});
}

test("with reduced motion nothing moves", async () => {
	const page = await openPage(browser, daemon, { reducedMotion: "reduce" });

	await page.goto(daemon.link("calm"));
	await page.locator(".message").first().waitFor();
	await say(page, "hello");
	const names = await page.evaluate(() => [...document.querySelectorAll("*")]
		.map((e) => getComputedStyle(e).animationName).filter((n) => n !== "none"));
	assert.deepEqual(names, []);
	await page.context().close();
});

test("forced colours keep borders around what can be pressed", async () => {
	const page = await openPage(browser, daemon, { forcedColors: "active" });

	await page.goto(daemon.link("forced"));
	await page.locator(".answers button").first().waitFor();
	const width = await page.locator(".answers button").first()
		.evaluate((e) => getComputedStyle(e).borderTopWidth);
	assert.notEqual(width, "0px");
	await shot(page, "forced-colours");
	await page.context().close();
});
