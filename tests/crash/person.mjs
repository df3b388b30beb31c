// A person with one open page, as careful as the real one: what was not acknowledged is sent again
// with the same id, and after a gap the page asks for what followed the last it has seen.
import { Socket, post } from './wire.mjs';

const WAITING_MAX = 3;

export class Person {
  socket = null;
  isReady = false;
  isRetiring = false;
  acknowledged = new Map(); // cid -> id of the row
  waiting = new Map(); // cid -> text
  sent = 0;
  heard = new Map(); // id -> text, of the bot
  faults = [];
  repeats = 0;
  last = 0;

  constructor(name, port, cookie, talk) {
    Object.assign(this, { name, port, cookie, talk });
  }

  static async meet(house, name, secret, talk) {
    const { status, cookie } = await post(house.port, '/sign-in', { secret });
    if (status !== 200) {
      throw new Error(`${name} cannot sign in: ${status}`);
    }
    return new Person(name, house.port, cookie, talk);
  }

  connect() {
    const socket = new Socket(this.port, this.cookie);
    this.socket = socket;
    this.isReady = false;
    socket.on('open', () => socket.send(JSON.stringify({
      t: 'hello', after: this.last, zone: 'Europe/Berlin', lang: 'en',
    })));
    socket.on('text', (text) => this.#on(JSON.parse(text)));
    socket.on('close', () => {
      if (this.socket === socket) {
        this.socket = null;
        this.isReady = false;
      }
    });
  }

  leave() {
    this.socket?.drop();
    this.socket = null;
  }

  #on(m) {
    if (m.t === 'history') {
      for (const item of m.items) this.#take(item);
      this.isReady = true;
      for (const [cid, text] of this.waiting) this.#say(cid, text);
      this.speak();
    } else if (m.t === 'message') {
      this.#take(m);
    } else if (m.t === 'stored') {
      if (this.acknowledged.has(m.cid) && m.id && this.acknowledged.get(m.cid) !== m.id) {
        this.faults.push(`${m.cid} was stored as ${this.acknowledged.get(m.cid)} and ${m.id}`);
      }
      if (m.id || !this.acknowledged.has(m.cid)) this.acknowledged.set(m.cid, m.id);
      this.waiting.delete(m.cid);
      this.speak();
    } else if (m.t === 'refused' && m.retry_ms) {
      setTimeout(() => this.waiting.has(m.cid) && this.#say(m.cid, this.waiting.get(m.cid)),
        m.retry_ms).unref();
    }
  }

  #take(m) {
    this.last = Math.max(this.last, m.id);
    if (m.from !== 'bot') {
      return;
    }
    if (this.heard.has(m.id)) {
      this.repeats++;
      if (this.heard.get(m.id) !== m.text) this.faults.push(`message ${m.id} has two texts`);
    }
    this.heard.set(m.id, m.text);
  }

  #say(cid, text) {
    this.socket?.send(JSON.stringify({ t: 'say', cid, text }));
  }

  /** Says what comes next, a few at a time. */
  speak() {
    while (this.isReady && !this.isRetiring && this.waiting.size < WAITING_MAX) {
      const cid = `${this.name}-${this.sent++}`;
      const text = this.talk(this.sent - 1);
      this.waiting.set(cid, text);
      this.#say(cid, text);
    }
  }
}
