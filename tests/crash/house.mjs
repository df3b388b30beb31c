// A daemon in a directory of its own: started, killed and asked what it has stored.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = process.env.LIMBERD ?? 'build/release/limberd';

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

export class House {
  log = '';
  child = null;

  static async build({ prompts = false } = {}) {
    const house = new House();
    house.dir = mkdtempSync(join(tmpdir(), 'limberd-crash-'));
    house.data = join(house.dir, 'data');
    house.database = join(house.data, 'limberd.db');
    house.config = join(house.dir, 'config.ini');
    house.port = await freePort();
    mkdirSync(house.data, { mode: 0o700 });
    if (prompts) {
      house.prompts = join(house.dir, 'prompts');
      cpSync('prompts', house.prompts, { recursive: true });
    }
    writeFileSync(house.config, `[bot]\ndata = ${house.data}\n`
      + (prompts ? `prompts = ${house.prompts}\n` : '')
      + `[web]\nport = ${house.port}\n`);
    return house;
  }

  /** Starts the daemon; resolves when it listens, or with false when it has ended before. */
  async start(options = {}) {
    this.spawn(options);
    return this.listening();
  }

  spawn({ env = {}, ...options } = {}) {
    const child = spawn(program, ['run', '-c', this.config], {
      stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env }, ...options,
    });
    child.stderr.on('data', (data) => { this.log = (this.log + data).slice(-20000); });
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.isUp = true;
    this.ended.then(() => { if (this.child === child) this.isUp = false; });
  }

  async listening(limitMs = 20000) {
    const until = Date.now() + limitMs;
    while (this.isUp && Date.now() < until) {
      if (await accepts(this.port)) {
        return true;
      }
      await sleep(5);
    }
    return false;
  }

  /** Sends a signal and resolves to how it ended, or to null after the time limit. */
  async end(signal, limitMs = 15000) {
    this.child.kill(signal);
    return Promise.race([this.ended, sleep(limitMs, null, { ref: false })]);
  }

  async logged(text, limitMs = 10000) {
    for (let waited = 0; waited < limitMs; waited += 20) {
      if (this.log.includes(text)) {
        return true;
      }
      await sleep(20);
    }
    return false;
  }

  /** A personal link's secret. The daemon must not be running. */
  invite(name) {
    const url = execFileSync(program, ['invite', '-c', this.config, name], { encoding: 'utf8' });
    return url.trim().split('#')[1];
  }

  run(...args) {
    return execFileSync(program, [...args.slice(0, 1), '-c', this.config, ...args.slice(1)],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Rows of a query on the database. */
  query(sql) {
    const out = execFileSync('sqlite3', ['-json', this.database, sql],
      { encoding: 'utf8', maxBuffer: 1 << 28 });
    return out.trim() ? JSON.parse(out) : [];
  }

  async clear() {
    if (this.isUp) {
      await this.end('SIGKILL');
    }
    chmodSync(this.dir, 0o700);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
