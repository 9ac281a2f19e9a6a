import { type Auth, secretsOf } from '@app/providers';

/** The body of an answer that says no. */
export type ErrorBody = { push(chunk: Uint8Array): void; text(): Uint8Array };

const BYTES_MAX = 65_536;
const HIDDEN = '[secret]';

/**
 * Holds an error's body until it is whole, up to 64 KB, and takes the credential out of it: some providers quote the
 * key they refuse, and what a provider says about a failure is shown to callers and kept in traces.
 */
export function openErrorBody(auth: Auth): ErrorBody {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    push: (chunk) => {
      if (length < BYTES_MAX) chunks.push(Buffer.from(chunk.subarray(0, BYTES_MAX - length)));
      length += chunk.length;
    },
    text: () => {
      const bytes = Buffer.concat(chunks);
      const plain = bytes.includes('\\') ? withoutEscapes(bytes) : bytes;
      const found = secretsOf(auth).filter((secret) => secret !== '' && plain.includes(secret));
      if (found.length === 0) return bytes;
      const text = found.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), plain.toString('utf8'));
      return Buffer.from(text);
    },
  };
}

/** JSON may spell any character as an escape; written anew, a credential in it stands as it is. */
function withoutEscapes(bytes: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8'))));
  } catch {
    // What is not JSON is not shown to anybody.
    return bytes;
  }
}
