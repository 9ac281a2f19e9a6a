import type { Citation } from '../call.ts';
import type { Event } from '../event.ts';
import { type Json, type JsonObject, parseJson, textOf } from '../json.ts';
import { CITATIONS_MAX } from '../reply-bounds.ts';
import type { Signature } from '../signature.ts';
import { readCitation } from './citations.ts';
import { readSeal } from './seals.ts';
import { ID } from './wire.ts';

/** One block of a stream as it grows. */
export type Block = {
  index: number;
  signature: string;
  /** A seal that is no text of a signature. */
  seal: Signature | undefined;
  citations: Citation[] | undefined;
  /** How a seal that comes after the block calls it: a tool call's id, undefined for a text; '' where none can come. */
  name: string | undefined;
  /** False until the input of a tool call got its first piece. */
  hasInput: boolean;
  /** The whole input that came with the start of a tool call, for when no pieces follow. */
  input: string;
  /** A block that only this dialect knows, gathered until it is whole. */
  opaque: JsonObject | undefined;
  /** True for a thinking that may turn out to be another part's seal: it starts when it has text, or ends. */
  isHeld: boolean;
};

export function createBlock(): Block {
  return {
    index: -1,
    signature: '',
    seal: undefined,
    citations: undefined,
    name: '',
    hasInput: false,
    input: '',
    opaque: undefined,
    isHeld: false,
  };
}

export function readCited(block: Block, citation: Json | undefined): void {
  if (citation === undefined) return;
  block.citations ??= [];
  if (block.citations.length < CITATIONS_MAX) block.citations.push(readCitation(citation));
}

/** Strings grow, a piece of JSON belongs to the input, anything else is set. */
export function gather(block: Block, delta: JsonObject): void {
  const { opaque } = block;
  if (opaque === undefined) return;
  for (const key of Object.keys(delta)) {
    const value = delta[key];
    if (key === 'type' || key === '__proto__') continue;
    if (key === 'partial_json') block.input += textOf(value);
    else if (typeof value === 'string') opaque[key] = textOf(opaque[key]) + value;
    else opaque[key] = value;
  }
}

export function signatureOf({ seal, signature }: Block): Signature | undefined {
  return seal ?? (signature === '' ? undefined : readSeal(signature));
}

/** What is left to tell of a block that is whole, its end last. */
export function closed(block: Block): Event[] {
  const { index, opaque, input, hasInput, citations } = block;
  const end: Event = { type: 'part-end', index };
  if (opaque !== undefined) {
    const whole = parseJson(input);
    const value = whole === undefined ? opaque : { ...opaque, input: whole };
    return [{ type: 'part-start', index, kind: 'opaque', dialect: ID, value }, end];
  }
  const signature = signatureOf(block);
  if (signature !== undefined) end.signature = signature;
  if (citations !== undefined) end.citations = citations;
  return input === '' || hasInput ? [end] : [{ type: 'part-delta', index, delta: input }, end];
}
