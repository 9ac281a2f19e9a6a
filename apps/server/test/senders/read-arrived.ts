import type { ScoreList, SpanDetails, TraceList } from '@app/contract';
import { eventually } from '../start-process.ts';
import type { Arrived } from './arrived-fields.ts';

type Access = { url: string; key: string };

const PROJECT = '/api/v1/projects/default';

async function readApi<Answer>({ url, key }: Access, path: string): Promise<Answer> {
  const reply = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as Answer;
}

/** A key that may send and do nothing else. */
export async function makeIngestKey(access: Access, name: string): Promise<{ id: string; secret: string }> {
  const reply = await fetch(`${access.url}${PROJECT}/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, kind: 'ingest' }),
  });
  if (reply.status !== 201) throw new Error(`no key: ${reply.status} ${await reply.text()}`);
  const { key, secret } = (await reply.json()) as { key: { id: string }; secret: string };
  return { id: key.id, secret };
}

/** Everything that one key sent, as it is read when it is looked at; `withinMs` is how long the first may take. */
export async function readArrived(access: Access, keyId: string, withinMs = 30_000): Promise<Arrived> {
  const path = `${PROJECT}/traces?of=spans&limit=200&key_id=${keyId}`;
  const { data } = await eventually(async () => {
    const list = await readApi<TraceList>(access, path);
    return list.data.length > 0 ? list : undefined;
  }, withinMs);
  const spans: SpanDetails[] = [];
  const traces = new Set(data.map((line) => line.trace_id));
  for (const traceId of traces) {
    const tree = await readApi<{ spans: { span_id: string }[] }>(
      access,
      `${PROJECT}/traces/${traceId}/spans`,
    );
    for (const { span_id } of tree.spans) {
      spans.push(await readApi<SpanDetails>(access, `${PROJECT}/traces/${traceId}/spans/${span_id}`));
    }
  }
  const { data: all } = await readApi<ScoreList>(access, `${PROJECT}/scores?limit=200`);
  return { spans, scores: all.filter(({ trace_id }) => trace_id !== null && traces.has(trace_id)) };
}
