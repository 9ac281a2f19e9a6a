import type { Call, Json, JsonObject, Reply, ReplyFacts } from '@app/protocol';
import type { Asked, Settled } from '../asked.ts';
import type { Whole } from '../provider/exchange.ts';

export type WholeInput = {
  asked: Asked;
  call: Call;
  settled: Settled;
  whole: Whole;
  /** Whether the provider speaks the caller's dialect, so that its own bytes will do. */
  isSame: boolean;
  reply: () => Reply;
};

/** The body of a whole reply: the provider's own bytes where they will do, with the route's fields in it. */
export function writeWhole({ asked, call, settled, whole, isSame, reply }: WholeInput): string | Uint8Array {
  const { dialect, decoration } = asked;
  const fields = decoration?.wholeFields?.(settled) ?? {};
  const names = Object.keys(fields);
  if (isSame && names.length === 0) return whole.bytes;
  if (isSame && isObject(whole.body)) return extended(whole.body, whole.bytes, fields);
  const written = dialect.inbound.writeReply(reply(), { ...replyFacts(asked), call });
  return JSON.stringify({ ...written, ...fields });
}

/** What every reply that we write ourselves may tell. */
export function replyFacts({ receivedAt, requestId, replyId }: Asked): ReplyFacts {
  const createdS = Math.floor(receivedAt.epochMs / 1000);
  return replyId === undefined ? { createdS, requestId } : { createdS, requestId, id: replyId };
}

/** New fields are appended to the provider's own text; a field that is there already means writing the body anew. */
function extended(body: JsonObject, bytes: Buffer, fields: JsonObject): string {
  const text = bytes.toString('utf8').trimEnd();
  const names = Object.keys(fields);
  const isAppended =
    text.endsWith('}') && Object.keys(body).length > 0 && !names.some((name) => name in body);
  const added = JSON.stringify(fields);
  if (added === '{}') return text;
  if (!isAppended) return JSON.stringify({ ...body, ...fields });
  return `${text.slice(0, -1)},${added.slice(1)}`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
