import type { CallSpan } from './call-span.ts';

/** A call without its contents. */
export type CallHead = Omit<CallSpan, 'request' | 'reply'>;

/** A call as it comes back from the spool: contents still as text, empty when they were not captured or not kept. */
export type RecordedCall = {
  head: CallHead;
  request: string;
  reply: string;
  /** How many values of each type were taken out; absent where none were looked for. */
  redactions?: { [type: string]: number };
};

const FORMAT = 1;

/** A call as a spool record. The request's text goes in as it is: nothing here parses, hashes or copies it apart. */
export function writeCall(call: CallSpan): { head: string; contents: string[] } {
  const { request, reply } = call;
  const contents =
    request === undefined && reply === undefined
      ? []
      : [request ?? '', reply === undefined ? '' : JSON.stringify(reply)];
  // Copying all and overwriting two is faster than copying all but two; JSON leaves out what is undefined.
  const head = JSON.stringify({ format: FORMAT, ...call, request: undefined, reply: undefined });
  return { head, contents };
}

/** Throws when the parts are not a call of the format that this version writes. */
export function readCall(parts: readonly string[]): RecordedCall {
  const [text = '', request = '', reply = ''] = parts;
  const head: CallHead & { format?: number } = JSON.parse(text);
  if (head.format !== FORMAT || !Array.isArray(head.attempts) || typeof head.traceId !== 'string') {
    throw new Error('A record of the spool is not a call.');
  }
  return { head, request, reply };
}
