// A WebSocket client in a page: enough of RFC 6455 for text frames, and no package to install.
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import http from 'node:http';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Masks a client's frame, as the protocol demands. */
function frame(opcode, payload) {
  const mask = randomBytes(4);
  const head = payload.length < 126
    ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
    : Buffer.from([0x80 | opcode, 0xfe, payload.length >> 8, payload.length & 255]);
  const body = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]));
  return Buffer.concat([head, mask, body]);
}

/** Events: 'open', 'text' (string), 'close' (once, whatever the reason). */
export class Socket extends EventEmitter {
  #stream = null;
  #pending = Buffer.alloc(0);
  #parts = [];
  #isClosed = false;

  constructor(port, cookie) {
    super();
    const key = randomBytes(16).toString('base64');
    const request = http.get({
      host: '127.0.0.1', port, path: '/ws', agent: false,
      headers: {
        Connection: 'Upgrade', Upgrade: 'websocket', Cookie: cookie,
        Origin: `http://127.0.0.1:${port}`, 'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key, 'Sec-WebSocket-Protocol': 'limberd.chat.1',
      },
    });
    request.on('upgrade', (response, stream, head) => this.#open(response, stream, head, key));
    request.on('response', () => this.#close());
    request.on('error', () => this.#close());
  }

  #open(response, stream, head, key) {
    const wanted = createHash('sha1').update(key + GUID).digest('base64');
    if (response.headers['sec-websocket-accept'] !== wanted) {
      stream.destroy();
      this.#close();
      return;
    }
    this.#stream = stream;
    stream.on('data', (data) => this.#read(data));
    stream.on('close', () => this.#close());
    stream.on('error', () => this.#close());
    this.emit('open');
    this.#read(head);
  }

  #close() {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.emit('close');
    }
  }

  #read(data) {
    this.#pending = Buffer.concat([this.#pending, data]);
    for (;;) {
      const b = this.#pending;
      if (b.length < 2) {
        return;
      }
      let length = b[1] & 127;
      let start = 2;
      if (length === 126) {
        if (b.length < 4) return;
        length = b.readUInt16BE(2);
        start = 4;
      } else if (length === 127) {
        if (b.length < 10) return;
        length = Number(b.readBigUInt64BE(2));
        start = 10;
      }
      if (b.length < start + length) {
        return;
      }
      this.#pending = b.subarray(start + length);
      this.#frame(b[0], b.subarray(start, start + length));
    }
  }

  #frame(first, payload) {
    const opcode = first & 15;
    if (opcode === 8) {
      this.#stream.end();
    } else if (opcode === 9) {
      this.#stream.write(frame(10, payload));
    } else if (opcode < 3) {
      this.#parts.push(payload);
      if (first & 0x80) {
        const text = Buffer.concat(this.#parts).toString('utf8');
        this.#parts = [];
        this.emit('text', text);
      }
    }
  }

  send(text) {
    if (this.#stream && !this.#isClosed) {
      this.#stream.write(frame(1, Buffer.from(text)));
    }
  }

  drop() {
    this.#stream?.destroy();
    this.#close();
  }
}

/** POST with a JSON body from our own origin; resolves to the response with its cookie. */
export function post(port, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1', port, path, method: 'POST', agent: false,
      headers: { 'Content-Type': 'application/json', Origin: `http://127.0.0.1:${port}` },
    }, (response) => {
      response.resume();
      response.on('end', () => resolve({
        status: response.statusCode,
        cookie: (response.headers['set-cookie']?.[0] ?? '').split(';')[0],
      }));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}
