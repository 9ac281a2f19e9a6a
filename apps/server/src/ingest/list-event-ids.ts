import { isObject, parseJson } from '@app/protocol';

/** The ids of the events of a Langfuse batch, in order; empty for one that has none. */
export function listEventIds(bytes: Uint8Array): string[] {
  const body = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  const batch = isObject(body) ? body.batch : undefined;
  if (!Array.isArray(batch)) return [];
  return batch.map((event) =>
    isObject(event) && typeof event.id === 'string' ? event.id.slice(0, 200) : '',
  );
}
