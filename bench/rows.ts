/**
 * How much CPU a received span costs the thread that makes rows of it: read, mapped, priced, contents by digest, NDJSON.
 * `npx node bench/rows.ts`
 */
import { createSecretKey } from 'node:crypto';
import { linesOf, writeLine } from '../packages/tracing/src/load-lines.ts';
import { createPriceOf, NO_PRICES } from '../packages/tracing/src/price-of.ts';
import { readBatch } from '../packages/tracing/src/received/read-batch.ts';
import type { BatchHead } from '../packages/tracing/src/received/received-span.ts';
import { buildBatchRows } from '../packages/tracing/src/received-rows.ts';
import { createDigestOf } from '../packages/tracing/src/segment-loads.ts';

const SPANS = 1_000;
const ROUNDS = 60;
const receivedAtMs = Date.now();

const message = (role: string, text: string) =>
  JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);
const fieldsOf = (place: number): [string, string | number][] => [
  ['gen_ai.operation.name', 'chat'],
  ['gen_ai.provider.name', 'openai'],
  ['gen_ai.request.model', 'gpt-4o'],
  ['gen_ai.usage.input_tokens', 12],
  ['gen_ai.usage.output_tokens', 40],
  ['gen_ai.input.messages', message('user', `${'what is it? '.repeat(14)}${place}`)],
  ['gen_ai.output.messages', message('assistant', `${'it is '.repeat(12)}${place}`)],
];
const spans = Array.from({ length: SPANS }, (_, place) => ({
  traceId: (Math.floor(place / 8) + 1).toString(16).padStart(32, '0'),
  spanId: (place + 1).toString(16).padStart(16, '0'),
  name: 'chat gpt-4o',
  kind: 3,
  startTimeUnixNano: `${receivedAtMs}000000`,
  endTimeUnixNano: `${receivedAtMs + 5}000000`,
  attributes: fieldsOf(place).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  })),
  status: { code: 1 },
}));
const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
const head: BatchHead = {
  ...{
    kind: 'batch',
    batchSource: 'otlp-json',
    receivedAtMs,
    organizationId: 'o',
    projectId: 'p',
    keyId: 'k',
  },
  ...{ mode: 'live', environment: 'production', capture: 'full' },
};
const digestOf = createDigestOf(createSecretKey(Buffer.alloc(32, 1)), 'p');
const priceOf = createPriceOf(NO_PRICES);
const steps = { read: 0, rows: 0, lines: 0 };

function timed<T>(step: keyof typeof steps, isCounted: boolean, run: () => T): T {
  const before = process.cpuUsage();
  const result = run();
  const used = process.cpuUsage(before);
  if (isCounted) steps[step] += used.user + used.system;
  return result;
}

for (let round = 0; round < ROUNDS; round += 1) {
  const isCounted = round >= ROUNDS / 2;
  const batch = timed('read', isCounted, () => readBatch('otlp-json', body, head));
  const rows = timed('rows', isCounted, () =>
    buildBatchRows(batch, head, { digestOf, priceOf, shared: new Map() }),
  );
  timed('lines', isCounted, () => {
    for (const line of linesOf({ kind: 'batch', rows, projectId: 'p', atMs: receivedAtMs }))
      if (line.table === 'contents') writeLine(line.row);
  });
}
const perSpan = (micros: number) => (micros / ((ROUNDS / 2) * SPANS)).toFixed(1);
process.stdout.write(
  `${Math.round(body.length / SPANS)} bytes a span; CPU µs a span: read ${perSpan(steps.read)}, rows ${perSpan(steps.rows)}, lines ${perSpan(steps.lines)}\n`,
);
