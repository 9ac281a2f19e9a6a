import { expect, test } from 'vitest';
import { useClickhouse } from '../../../test/clickhouse-engine.ts';
import { ndjson, numberedSpan } from '../../../test/span-rows.ts';
import { listTraces } from '../queries/list-traces.ts';

const clickhouse = useClickhouse();

test.each([3, 400])(
  'a text that %i contents hold is found in the spans that refer to them alone',
  async (count) => {
    const store = clickhouse.get();
    const project = `many_${count}`;
    const digestOf = (id: number) => `${project}_${id}`.padEnd(43, '-');
    const contents = Array.from({ length: count + 1 }, (_, id) => ({
      project_id: project,
      digest: digestOf(id),
      content: JSON.stringify({ role: 'user', content: id < count ? `the Marmot ${id}` : 'something else' }),
    }));
    await store.insert('contents', { ndjson: ndjson(contents), token: `${project}-1` });
    const spans = [0, count - 1, count].map((id) =>
      numberedSpan(id, { project_id: project, content_digests: [digestOf(id)] }),
    );
    spans.push(numberedSpan(count + 1, { project_id: project, content_digests: [] }));
    await store.insert('spans', { ndjson: ndjson(spans), token: `${project}-2` });
    const { data } = await listTraces(store)(project, { limit: 10, search: 'marmot' });
    const expected = spans.slice(0, 2).map((span) => span.span_id);
    expect(data.map((line) => line.span_id).sort()).toEqual(expected.sort());
  },
);
