import type { AssistantPart, ThinkingPart } from '../call.ts';
import type { JsonObject } from '../json.ts';
import { carrySignature, readSignature, type Signature } from '../signature.ts';
import { MAKER } from './wire.ts';

/**
 * Only thinking has a seal on this wire. The seal of another part travels as a thinking without text, whose carried
 * name tells whose it is: a tool call's id, or `text` for the text before it.
 */
const TEXT_SEAL = 'text';

export function readSeal(text: string): Signature {
  return readSignature(text, MAKER);
}

export function isForeign(signature: Signature | undefined): boolean {
  return signature !== undefined && signature.maker !== MAKER;
}

/** A thinking as a block. What its maker encrypted is a block of its own kind here. */
export function writeThinking({ text, signature }: Pick<ThinkingPart, 'text' | 'signature'>): JsonObject {
  if (signature !== undefined && isRedacted(signature) && text === '')
    return { type: 'redacted_thinking', data: signature.value };
  return {
    type: 'thinking',
    thinking: text,
    signature: signature === undefined ? '' : carrySignature(signature, MAKER),
  };
}

export function isRedacted({ maker, isRedacted: hidden }: Signature): boolean {
  return hidden === true && maker === MAKER;
}

/** The block that carries the seal of a text or of the tool call with this id. */
export function writeSeal(signature: Signature, callId: string = TEXT_SEAL): JsonObject {
  return { type: 'thinking', thinking: '', signature: carryFor(signature, callId) };
}

export function carryFor(signature: Signature, callId: string = TEXT_SEAL): string {
  const { maker, value, isRedacted: hidden } = signature;
  const named: Signature = { maker, value, id: callId };
  if (hidden) named.isRedacted = true;
  // A seal of our own maker has no room for a name, so it is carried as if it were another's.
  return carrySignature(named, maker === MAKER ? 'google' : MAKER);
}

/** The seal in a block without text, if it is one of the part that has this name. */
export function sealOf(signature: Signature, name: string = TEXT_SEAL): Signature | undefined {
  if (signature.id !== name) return undefined;
  const { id: _, ...seal } = signature;
  return seal;
}

/** Gives the seals that travelled as blocks back to their parts. One without a name is of the tool call after it. */
export function settleSeals(parts: readonly AssistantPart[]): AssistantPart[] {
  if (!parts.some(isCarrier)) return [...parts];
  const seals = new Map<AssistantPart, Signature>();
  const calls = new Map(parts.map((part) => [part.kind === 'tool-call' ? part.id : '', part]));
  const kept = parts.filter((part, place) => {
    const signature = isCarrier(part) ? part.signature : undefined;
    const sealed = signature === undefined ? undefined : findSealed({ parts, calls, place }, signature);
    if (signature === undefined || sealed === undefined || seals.has(sealed)) return true;
    seals.set(sealed, sealOf(signature, signature.id) ?? signature);
    return false;
  });
  return kept.map((part) => {
    const signature = seals.get(part);
    return signature === undefined ? part : { ...part, signature };
  });
}

/** The part whose seal stands at `place`. `calls` are the tool calls by their ids. */
function findSealed({ parts, calls, place }: Place, { maker, id }: Signature): AssistantPart | undefined {
  const before = parts[place - 1];
  const after = parts[place + 1];
  if (id === TEXT_SEAL && before?.kind === 'text') return before;
  if (id !== undefined) return id === '' ? undefined : calls.get(id);
  return maker === 'google' && after?.kind === 'tool-call' ? after : undefined;
}

type Place = {
  parts: readonly AssistantPart[];
  calls: ReadonlyMap<string, AssistantPart>;
  place: number;
};

function isCarrier(part: AssistantPart): part is ThinkingPart & { signature: Signature } {
  return part.kind === 'thinking' && part.text === '' && part.signature !== undefined;
}
