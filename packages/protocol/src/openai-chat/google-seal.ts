import { isObject, type JsonObject } from '../json.ts';
import { carrySignature, readSignature, type Signature } from '../signature.ts';

/**
 * Google's seal on a tool call, or on a message's text. Source: Google's page on thought signatures, where it speaks of
 * its OpenAI-compatible endpoint.
 */
export function readGoogleSeal(wire: JsonObject): Signature | undefined {
  if (!isObject(wire.extra_content) || !isObject(wire.extra_content.google)) return undefined;
  const value = wire.extra_content.google.thought_signature;
  return typeof value === 'string' && value !== '' ? readSignature(value, 'google') : undefined;
}

export function writeGoogleSeal(signature: Signature): JsonObject {
  return { google: { thought_signature: carrySignature(signature, 'google') } };
}
