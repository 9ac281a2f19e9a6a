/** Where an id takes its time and its chance from. `randomBytes` gives exactly as many bytes as asked. */
export type IdSource = { nowMs: () => number; randomBytes: (size: number) => Uint8Array };

/** Crockford's alphabet in lower case: no letter that reads like a digit, and text order is time order. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A kind prefix and a UUIDv7 (RFC 9562 §5.7) in 26 lower-case base32 characters, for example `key_01k...`.
 * Ids made in different milliseconds sort by time.
 */
export function newId(prefix: `${string}_`, source: IdSource): string {
  return prefix + base32(uuidV7(source));
}

/** When an id was made, in epoch milliseconds. Undefined for what is no id. */
export function idTimeMs(id: string): number | undefined {
  const text = id.slice(id.indexOf('_') + 1);
  if (!/^[0-9a-hjkmnp-tv-z]{26}$/.test(text)) return undefined;
  let value = 0n;
  for (const letter of text) value = value * 32n + BigInt(ALPHABET.indexOf(letter));
  return Number(value >> 80n);
}

function uuidV7(source: IdSource): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(source.randomBytes(10), 6);
  let rest = Math.floor(source.nowMs());
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes;
}

/** 128 bits are 25 characters of five bits and one of three, which comes first. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
