// A friend who writes faster than any hand: enishi.v1 spoken plainly, by the descriptors of proto/.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { root, temporaryFolder } from './files.mjs';

/** For the daemon that takes it. */
export const floodSettings = ['limits.requests_per_second=0', 'limits.requests_in_flight_max=512'];

function schemas(scope) {
  const file = join(temporaryFolder(scope), 'descriptors');
  const proto = join(root, 'proto');
  execFileSync('protoc', ['-I', proto, '--include_imports', '-o', file, join(proto, 'enishi/v1/frame.proto')]);
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
  return { client: registry.getMessage('enishi.v1.ClientFrame'), server: registry.getMessage('enishi.v1.ServerFrame') };
}

const secretOf = (link) => Buffer.from(link.split('#i=')[1], 'base64url');

export class Flood {
  #key = generateKeyPairSync('ed25519');
  #next = 1n;
  #asked = new Map();
  #hears = new Map();

  /** Joins with `link` and is connected. */
  static async joined(scope, link, handle, name = handle) {
    const flood = new Flood();
    flood.origin = new URL(link).origin;
    flood.schemas = schemas(scope);
    await flood.#dial();
    const key = Buffer.from(flood.#key.publicKey.export({ format: 'jwk' }).x, 'base64url');
    const bytes = (text) => Buffer.from(text);
    const joined = await flood.ask('join', {
      secret: secretOf(link), handle: bytes(handle), name: bytes(name), deviceName: bytes('flood'), key,
    });
    flood.device = joined.deviceId;
    flood.end();
    await flood.#dial();
    await flood.#enter();
    return flood;
  }

  async #dial() {
    const socket = (this.socket = new WebSocket(`${this.origin.replace('http', 'ws')}/v1/connect`, 'enishi.v1'));
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.#heard(fromBinary(this.schemas.server, new Uint8Array(data)));
    socket.onclose = () => {
      for (const { reject } of this.#asked.values()) reject(new Error('the connection ended'));
    };
    this.nonce = (await this.#hear('challenge')).nonce;
  }
  async #enter() {
    const welcome = this.#hear('welcome');
    const wanted = this.#hear('proofWanted');
    this.#send('hello', { deviceId: this.device });
    await wanted;
    const clientNonce = randomBytes(32);
    const text = Buffer.concat([Buffer.from(`enishi.v1\0${this.origin}\0`), this.device, this.nonce, clientNonce]);
    this.#send('prove', {
      origin: Buffer.from(this.origin), clientNonce, signature: sign(null, text, this.#key.privateKey),
    });
    await welcome;
  }
  #hear(name) {
    return new Promise((resolve) => this.#hears.set(name, resolve));
  }
  #heard({ requestId, body }) {
    this.#hears.get(body.case)?.(body.value);
    const asked = this.#asked.get(requestId);
    if (!asked) return;
    this.#asked.delete(requestId);
    if (body.case === 'error') asked.reject(new Error(`${body.value.code} ${body.value.text}`));
    else asked.resolve(body.value);
  }
  #send(name, value, clientId) {
    const requestId = this.#next++;
    const { client } = this.schemas;
    const { message } = client.fields.find((field) => field.localName === name);
    const body = { case: name, value: create(message, value) };
    const frame = create(client, { requestId, ...(clientId && { clientId }), body });
    this.socket.send(toBinary(client, frame));
    return requestId;
  }

  ask(name, value, clientId) {
    return new Promise((resolve, reject) => this.#asked.set(this.#send(name, value, clientId), { resolve, reject }));
  }

  /** Writes all of `texts` (any iterable) into a conversation (32 hex digits), in their order. */
  async write(chat, texts, atOnce = 400) {
    const conversationId = Buffer.from(chat, 'hex');
    const clientId = () => {
      const id = randomBytes(16);
      id.writeUIntBE(Date.now(), 0, 6);
      return id;
    };
    const flying = [];
    for (const text of texts) {
      flying.push(this.ask('send', { conversationId, body: Buffer.from(text) }, clientId()));
      if (flying.length >= atOnce) await flying.shift();
    }
    await Promise.all(flying);
  }

  end() {
    this.socket.onclose = null;
    this.socket.close();
  }
}
