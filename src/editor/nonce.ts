/** A number used once, for a page's content security policy: 128 random bits. Works in Node and in browsers. */
export function nonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
