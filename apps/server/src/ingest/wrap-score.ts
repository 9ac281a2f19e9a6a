import { createHash } from 'node:crypto';
import { isObject, parseJson } from '@app/protocol';
import { Refused } from './refused.ts';

/**
 * The body of Langfuse's `POST /api/public/scores` as a batch of one event. Without an id of its own its content names it,
 * so that the same score sent again is the same score.
 */
export function wrapScore(bytes: Uint8Array, receivedAtMs: number): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const body = parseJson(text);
  if (!isObject(body)) throw new Refused('invalid_json', 'The body is not a JSON object.');
  const id = typeof body.id === 'string' && body.id !== '' ? body.id : digestOf(text);
  const timestamp = new Date(receivedAtMs).toISOString();
  return Buffer.from(
    JSON.stringify({ batch: [{ id, type: 'score-create', timestamp, body: { ...body, id } }] }),
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
