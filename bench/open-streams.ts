import { Pool } from 'undici';
import { residentBytes } from './cpu.ts';
import type { Subject } from './subjects.ts';

/** Holds many streams open and tells what each costs; then has the upstream end them and counts those that did. */
export async function openStreams(ours: Subject, upstreamPort: number, count: number): Promise<string> {
  const [pid = 0] = ours.pids;
  const pool = new Pool(ours.origin, {
    connections: count,
    pipelining: 1,
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  const beforeBytes = residentBytes(pid);
  const streams: Stream[] = [];
  for (let index = 0; index < count; index += 1) {
    streams.push(openStream(pool, ours));
    // In batches, as callers come: a listening socket's queue is short.
    if (streams.length % 200 === 0) await Promise.all(streams.map((stream) => stream.opened));
  }
  await Promise.all(streams.map((stream) => stream.opened));
  const perStreamKb = (residentBytes(pid) - beforeBytes) / count / 1024;
  await fetch(`http://127.0.0.1:${upstreamPort}/release`, { method: 'POST' });
  const ended = await Promise.all(streams.map((stream) => stream.ended));
  await pool.destroy();
  const complete = ended.filter(Boolean).length;
  return `open streams: ${count} at once, ${perStreamKb.toFixed(1)} KB each (<= 30), ${complete} ended completely\n`;
}

/** `opened` resolves with the first byte; `ended` tells whether the end was a clean one. */
type Stream = { opened: Promise<void>; ended: Promise<boolean> };

function openStream(pool: Pool, { headers }: Subject): Stream {
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<boolean>();
  let tail = '';
  const body = JSON.stringify({
    model: 'slow-stream',
    stream: true,
    messages: [{ role: 'user', content: 'hold' }],
  });
  pool.dispatch(
    { path: '/v1/chat/completions', method: 'POST', headers, body },
    {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (_controller, chunk) => {
        tail = (tail + chunk.toString()).slice(-64);
        opened.resolve();
      },
      onResponseEnd: () => ended.resolve(tail.includes('[DONE]')),
      onResponseError: (_controller, error) => {
        opened.reject(error);
        ended.resolve(false);
      },
    },
  );
  return { opened: opened.promise, ended: ended.promise };
}
