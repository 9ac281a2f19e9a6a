import type { JsonObject } from '../json.ts';
import { carrySignature, readSignature, type Signature } from '../signature.ts';
import { MAKER } from './wire.ts';

/** The base64 of the first letters of what `carrySignature` writes. */
const CARRIED = 'dHIxL';

/**
 * What Google's page on thought signatures gives for function calls that its models did not make, in place of the
 * signature without which Gemini 3 refuses them.
 * Source: ai.google.dev/gemini-api/docs/thought-signatures, "FAQs".
 */
export const SKIP_VALIDATION = 'skip_thought_signature_validator';

/** For a caller: the wire's field is bytes, and Google's clients refuse what is not base64. */
export function writeSeal(signature: Signature): string {
  if (signature.maker === MAKER) return signature.value;
  return Buffer.from(carrySignature(signature, MAKER)).toString('base64');
}

/** The field of a part as a signature; undefined where it has none, or only the word that stands for one. */
export function readSeal(part: JsonObject): Signature | undefined {
  const { thoughtSignature: text } = part;
  if (typeof text !== 'string' || text === '' || text === SKIP_VALIDATION) return undefined;
  if (!isForeignSeal(text)) return { maker: MAKER, value: text };
  const signature = readSignature(Buffer.from(text, 'base64').toString(), MAKER);
  return signature.maker === MAKER ? { maker: MAKER, value: text } : signature;
}

/** True for what `writeSeal` wrote for another maker's signature. */
export function isForeignSeal(text: string): boolean {
  return text.startsWith(CARRIED);
}
