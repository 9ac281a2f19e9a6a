import type { TokenLogprob } from '../call.ts';
import type { Frame } from '../dialect.ts';
import type { Event, PartStart } from '../event.ts';
import type { JsonObject } from '../json.ts';
import { openPartQueue, type PartQueue } from '../part-queue.ts';

export type PartEnd = Event & { type: 'part-end' };
export type Delta = { delta: string; logprobs?: TokenLogprob[] };

export type Part = {
  start: PartStart;
  text: string;
  logprobs: TokenLogprob[];
  /** What came while another item was open. */
  held: Delta[];
  ended: PartEnd | undefined;
  /** Where the part stands on the wire: its item, and its place in it. Empty until it has begun there. */
  at: JsonObject;
  /** The JSON of a delta up to its text. */
  head: string;
};

/** What was written of one stream so far. */
export type Output = {
  replyId: string;
  /** Items that are done. */
  items: JsonObject[];
  /** The message that is open: a text or refusal that follows at once becomes part of it. */
  message: { id: string; content: JsonObject[] } | undefined;
  /** In the order of their start; the first is open, the others wait. */
  parts: PartQueue<Part>;
  hasRefusal: boolean;
  /** The number of the next event. */
  sequence: number;
};

export function openOutput(): Output {
  return {
    replyId: '',
    items: [],
    message: undefined,
    parts: openPartQueue(),
    hasRefusal: false,
    sequence: 0,
  };
}

export function createPart(start: PartStart): Part {
  return { start, text: '', logprobs: [], held: [], ended: undefined, at: {}, head: '' };
}

export function frameOf(output: Output, type: string, fields: JsonObject): Frame {
  return { event: type, data: JSON.stringify({ type, sequence_number: nextNumber(output), ...fields }) };
}

export function nextNumber(output: Output): number {
  output.sequence += 1;
  return output.sequence - 1;
}
