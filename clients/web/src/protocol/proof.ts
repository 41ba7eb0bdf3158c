/** The text under Prove.signature (session.proto): "enishi.v1", a zero byte, the origin dialled, a zero byte, device, the
 *  daemon's nonce, the client's nonce. The same bytes as server/core/proof.cc. */
export function proofText(
  origin: string,
  deviceId: Uint8Array,
  serverNonce: Uint8Array,
  clientNonce: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`enishi.v1\0${origin}\0`);
  const text = new Uint8Array(head.length + deviceId.length + serverNonce.length + clientNonce.length);
  let at = 0;
  for (const part of [head, deviceId, serverNonce, clientNonce]) {
    text.set(part, at);
    at += part.length;
  }
  return text;
}
