import type { Outcome } from '@app/gateway';
import { isObject, type JsonObject, parseJson } from '@app/protocol';
import { providerKeysFault } from './provider-keys-fault.ts';

/** What the header carries: keys under AES-256-GCM, and that one's key under RSA-OAEP with SHA-256. */
export type Envelope = {
  /** Which of our keys it was made for; older clients do not say. */
  kid: string | undefined;
  encryptedKey: Buffer;
  iv: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
};

const CHARS_MAX = 12_288;
const CIPHERTEXT_BYTES_MAX = 8_192;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const BASE64URL = /^[A-Za-z0-9_-]+={0,2}$/;
const KID = /^[\w.-]{1,64}$/;

/**
 * Reads `X-TR-Provider-Keys`: base64url of `{alg: "RSA-OAEP-256", enc: "A256GCM", ek, iv, ct, tag, kid?}`, each part
 * base64url itself. Nothing is decrypted here. A fault names the part and never its value.
 */
export function readEnvelope(header: string): Outcome<Envelope> {
  if (header.length > CHARS_MAX) return fault(`is longer than ${CHARS_MAX} characters`);
  const bytes = fromBase64url(header.trim());
  if (bytes === undefined) return fault('is not base64url');
  const json = parseJson(bytes.toString('utf8'));
  if (!isObject(json)) return fault('holds no JSON object');
  if (json.alg !== 'RSA-OAEP-256') return fault('must have `alg` "RSA-OAEP-256"');
  if (json.enc !== 'A256GCM') return fault('must have `enc` "A256GCM"');
  const { kid } = json;
  if (kid !== undefined && kid !== null && !(typeof kid === 'string' && KID.test(kid))) {
    return fault('has a `kid` that names no key');
  }
  return readParts(json, typeof kid === 'string' ? kid : undefined);
}

function readParts(json: JsonObject, kid: string | undefined): Outcome<Envelope> {
  const [encryptedKey, iv, ciphertext, tag] = (['ek', 'iv', 'ct', 'tag'] as const).map((name) => {
    const part = json[name];
    return typeof part === 'string' ? fromBase64url(part) : undefined;
  });
  if (encryptedKey === undefined) return fault('must have `ek` in base64url');
  if (iv?.length !== IV_BYTES) return fault(`must have ${IV_BYTES} bytes of \`iv\` in base64url`);
  if (ciphertext === undefined || ciphertext.length > CIPHERTEXT_BYTES_MAX) {
    return fault(`must have \`ct\` in base64url, at most ${CIPHERTEXT_BYTES_MAX} bytes of it`);
  }
  if (tag?.length !== TAG_BYTES) return fault(`must have ${TAG_BYTES} bytes of \`tag\` in base64url`);
  return { ok: true, value: { kid, encryptedKey, iv, ciphertext, tag } };
}

/** Undefined for what is no base64url: Node's own reading would skip whatever does not belong. */
function fromBase64url(text: string): Buffer | undefined {
  return BASE64URL.test(text) ? Buffer.from(text, 'base64url') : undefined;
}

function fault(what: string): { ok: false; error: ReturnType<typeof providerKeysFault> } {
  return { ok: false, error: providerKeysFault(what) };
}
