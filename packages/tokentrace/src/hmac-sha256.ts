const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** Hexadecimal HMAC-SHA-256, synchronous on every runtime: the web's own is not. For short texts. Source: RFC 2104. */
export function hmacSha256(key: string, text: string): string {
  const encoder = new TextEncoder();
  const rawKey = encoder.encode(key);
  const keyBytes = rawKey.length > BLOCK_BYTES ? sha256(rawKey) : rawKey;
  const inner = padKey(keyBytes, 0x36);
  const outer = padKey(keyBytes, 0x5c);
  const digest = sha256(join(outer, sha256(join(inner, encoder.encode(text)))));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function padKey(key: Uint8Array, pad: number): Uint8Array {
  return Uint8Array.from({ length: BLOCK_BYTES }, (_, at) => (key[at] ?? 0) ^ pad);
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

/** Source: FIPS 180-4, §6.2. */
function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = Int32Array.from(INITIAL);
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) mixBlock(state, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => {
    digest.setInt32(at * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

function mixBlock(state: Int32Array, view: DataView, at: number): void {
  const words = new Int32Array(ROUNDS);
  const word = (index: number): number => words[index] ?? 0;
  for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(at + index * 4);
  for (let index = 16; index < ROUNDS; index += 1) {
    const [far, near] = [word(index - 15), word(index - 2)];
    const farMix = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
    const nearMix = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
    words[index] = word(index - 16) + farMix + word(index - 7) + nearMix;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < ROUNDS; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + (ROUND_WORDS[index] ?? 0) + word(index)) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, index) => {
    state[index] = (state[index] ?? 0) + value;
  });
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits of the fractions of the roots of the first primes, as the standard defines its constants. */
function rootFractions(count: number, root: (prime: number) => number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes.map((prime) => ((root(prime) % 1) * 2 ** 32) | 0);
}

const INITIAL = rootFractions(8, Math.sqrt);
const ROUND_WORDS = rootFractions(ROUNDS, Math.cbrt);
