/* What the browser tests share: a daemon of their own in a directory of its own, personal links, a
 * real Chromium, and the conversation as text. */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const root = path.resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../..");
export const shots = path.join(root, "build/screenshots");

export function binary(flavour = "sanitize") {
	return path.join(root, "build", flavour, "limberd");
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function freePort() {
	return new Promise((done, fail) => {
		const server = net.createServer();
		server.on("error", fail);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => done(port));
		});
	});
}

/* Waits until check() answers something true. */
export async function until(check, what, ms = 10000) {
	const end = Date.now() + ms;

	while (Date.now() < end) {
		const answer = await check();
		if (answer) {
			return answer;
		}
		await sleep(20);
	}
	throw new Error("waited in vain for " + what);
}

export class Daemon {
	static async create({ flavour = "sanitize", web = "", bot = "" } = {}) {
		const d = new Daemon();

		d.program = binary(flavour);
		d.dir = fs.mkdtempSync(path.join(os.tmpdir(), "limberd-web-"));
		d.port = await freePort();
		d.config = path.join(d.dir, "config.ini");
		d.log = "";
		fs.writeFileSync(d.config, `[bot]\ndata = ${d.dir}/data\n${bot}\n[web]\nport = ${d.port}\n${web}\n`);
		await d.start();
		return d;
	}

	get address() {
		return `http://127.0.0.1:${this.port}`;
	}

	async start() {
		this.process = spawn(this.program, ["run", "-c", this.config], {
			cwd: root,
			stdio: ["ignore", "ignore", "pipe"],
			env: { ...process.env, ASAN_OPTIONS: "detect_leaks=1:exitcode=99" },
		});
		this.process.stderr.on("data", (data) => { this.log += data; });
		this.ended = new Promise((done) => this.process.on("exit", (code, signal) => done({ code, signal })));
		await until(() => this.log.includes("running links") || this.process.exitCode !== null, "the daemon");
		if (this.process.exitCode !== null) {
			throw new Error("the daemon did not start: " + this.log);
		}
	}

	/* How it ended; with the sanitizers' word on leaks, when it was asked to end. */
	async stop(signal = "SIGTERM") {
		this.process.kill(signal);
		const end = await this.ended;
		this.log = this.log.replace("running links", "ran");
		return end;
	}

	async destroy() {
		if (this.process.exitCode === null && this.process.signalCode === null) {
			await this.stop();
		}
		fs.rmSync(this.dir, { recursive: true, force: true });
	}

	link(name = "ann") {
		return execFileSync(this.program, ["invite", "-c", this.config, name], { cwd: root })
			.toString().trim();
	}

	/* The session cookie of a new browser, for clients that are none. */
	async cookie(name = "ann") {
		const answer = await fetch(this.address + "/sign-in", {
			method: "POST",
			headers: { origin: this.address },
			body: JSON.stringify({ secret: this.link(name).split("#")[1] }),
		});
		return answer.headers.get("set-cookie").split(";")[0];
	}

	memoryKb() {
		const status = fs.readFileSync(`/proc/${this.process.pid}/status`, "utf8");
		return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
	}
}

export function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
}

/* A page that fails its test when it complains or asks anybody but the daemon for anything. */
export async function openPage(browser, daemon, options = {}) {
	const context = await browser.newContext({
		timezoneId: "Europe/Berlin", locale: "en-GB", viewport: { width: 1000, height: 760 }, ...options,
	});
	const page = await context.newPage();

	page.faults = [];
	page.on("pageerror", (error) => page.faults.push(error.message));
	page.on("request", (request) => {
		if (!request.url().startsWith(daemon.address)) {
			page.faults.push("asked " + request.url());
		}
	});
	page.on("console", (message) => {
		/* A daemon that is restarted refuses connections; browsers tell that as errors. */
		if (message.type() === "error" && !/ERR_CONNECTION|WebSocket connection|Failed to load resource/
			.test(message.text())) {
			page.faults.push(message.text());
		}
	});
	return page;
}

/* The conversation: "< " the bot, "> " the person. What was said before the consent is not stored
 * and therefore looks different to a page that was not there: it is always told as unkept. */
export async function talk(page) {
	const lines = await page.evaluate(() => [...document.querySelectorAll(".message")].map((m) => {
		const bubble = m.querySelector(".bubble").cloneNode(true);
		bubble.querySelectorAll(".hear").forEach((e) => e.remove());
		return (m.classList.contains("me") ? "> " : "< ") + bubble.textContent;
	}));
	const first = lines.findIndex((line) => line.startsWith("> "));

	return lines.map((line, i) => i === first ? "> (before the consent)" : line);
}

export async function say(page, text) {
	await page.locator("#text").fill(text);
	await page.keyboard.press("Enter");
	await settled(page);
}

/* Everything said is stored, and the bot has answered it. (Polled from here: our own policy does not
 * let a page evaluate text.) */
export function settled(page) {
	return until(() => page.evaluate(() => {
		const all = [...document.querySelectorAll(".message")];
		const own = all.filter((m) => m.classList.contains("me"));
		return own.every((m) => m.textContent.includes("saved")) && all.at(-1) !== own.at(-1);
	}), "an answer");
}

export function openAnswers(page) {
	return page.locator(".message:not(.past) .answers");
}

export async function press(page, label) {
	await openAnswers(page).last().getByRole("button", { name: label, exact: true }).click();
	await settled(page);
}

/* From the first hello to the end of the welcome. */
export async function settleIn(page) {
	await page.waitForSelector(".answers");
	await press(page, "Yes");
	for (let i = 0; i < 12; i++) {
		const open = openAnswers(page);
		if (await open.count() === 0) {
			return;
		}
		const input = open.last().locator("input[type=time]");
		if (await input.count()) {
			await say(page, "6:30");
		} else {
			await open.last().getByRole("button").first().click();
			await settled(page);
		}
	}
	throw new Error("the welcome does not end: " + (await talk(page)).join("\n"));
}

export async function shot(page, name) {
	fs.mkdirSync(shots, { recursive: true });
	await page.screenshot({ path: path.join(shots, name + ".png") });
}
