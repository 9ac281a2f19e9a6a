import { request } from 'undici';
import { openJsonBody, openProtobufBody, type SpanBody } from './span-bodies.ts';

/** Sends batches to a server until it has sent so many spans. A process of its own, so that what it costs is not the server's. */
export type SenderOrder = {
  url: string;
  key: string;
  format: 'json' | 'protobuf';
  spans: number;
  spansPerBatch: number;
  concurrency: number;
};

export type SenderReport = {
  spans: number;
  bytes: number;
  wallMs: number;
  /** Times of answers, sorted. */
  answerMs: number[];
  refused: { [status: string]: number };
};

process.on('message', (order: SenderOrder) => {
  run(order).then((report) => process.send?.(report));
});

async function run(order: SenderOrder): Promise<SenderReport> {
  const report: SenderReport = { spans: 0, bytes: 0, wallMs: 0, answerMs: [], refused: {} };
  const make = order.format === 'json' ? openJsonBody : openProtobufBody;
  const bodies = Array.from({ length: order.concurrency }, () => make(order.spansPerBatch));
  let left = Math.ceil(order.spans / order.spansPerBatch);
  const startedMs = performance.now();
  await Promise.all(
    bodies.map(async (body) => {
      while (left > 0) {
        left -= 1;
        body.renew();
        await send(order, body, report);
      }
    }),
  );
  report.wallMs = performance.now() - startedMs;
  report.answerMs.sort((a, b) => a - b);
  return report;
}

/** Again and again, as senders do, until it is taken. */
async function send({ url, key }: SenderOrder, body: SpanBody, report: SenderReport): Promise<void> {
  for (;;) {
    const startedMs = performance.now();
    const {
      statusCode,
      headers,
      body: reply,
    } = await request(`${url}/v1/traces`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': body.contentType },
      body: body.bytes,
    });
    const text = await reply.text();
    if (statusCode === 200) {
      if (text.includes('rejected')) throw new Error(text);
      report.spans += body.spans;
      report.bytes += body.bytes.length;
      report.answerMs.push(performance.now() - startedMs);
      return;
    }
    report.refused[statusCode] = (report.refused[statusCode] ?? 0) + 1;
    if (statusCode !== 429 && statusCode !== 503) throw new Error(`${statusCode} ${text}`);
    await new Promise((resolve) => setTimeout(resolve, Number(headers['retry-after'] ?? 1) * 1_000));
  }
}
