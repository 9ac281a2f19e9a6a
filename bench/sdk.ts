import { createTracer, type Tracer, type TracerOptions } from '../packages/tokentrace/src/index.ts';

/**
 * What the SDK costs an app: `npm run bench:sdk`. The figures are time of the app's own thread; compression and sockets
 * are others'. The server of the first part is a function that answers at once, that of the second part does not exist.
 */
const ROUNDS = 7;
const SPANS = 2_000;
const DOWN_CALLS = 100_000;
const KEY = 'tt_bench_0123456789abcdef';

const line = (cells: readonly (string | number)[]): boolean =>
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
const usage = { inputFresh: 512, inputCacheRead: 1_024, outputText: 128 };
const short = 'What is the capital of the country?';
const prose = proseOf(2_048);
const planted = plantIn(prose);

line(['what', 'median', 'best', 'budget']);
line(['---', '---', '---', '---']);
await measure('record a generation, short prompt', { input: short, options: {}, budget: 10 });
await measure('record a generation, 2 KB of prompt', { input: prose, options: {}, budget: 10 });
const pii = { piiRedaction: true };
await measure('export 2 KB, no redaction', { input: prose, options: {}, isExport: true });
await measure('redact and export 2 KB of prose', { input: prose, options: pii, isExport: true, budget: 35 });
await measure('redact and export 2 KB with 10 planted', {
  ...{ input: planted, options: pii, isExport: true, budget: 150 },
});
await callWithServerDown();

type Subject = { input: string; options: TracerOptions; isExport?: boolean; budget?: number };

/** Records many spans a round and sends them, and prints what one of them costs. */
async function measure(name: string, { input, options, isExport = false, budget }: Subject): Promise<void> {
  const tracer = tracerOf({
    ...options,
    fetch: acceptAll,
    flushIntervalMs: 3_600_000,
    maxQueueBytes: 2 ** 30,
  });
  const costs: number[] = [];
  for (let round = -3; round < ROUNDS; round += 1) {
    const recordUs = threadUs(() => recordAll(tracer, input));
    const before = process.threadCpuUsage();
    await tracer.flush({ timeoutMs: 120_000 });
    const used = process.threadCpuUsage(before);
    if (round >= 0) costs.push((isExport ? used.user + used.system : recordUs) / SPANS);
  }
  await tracer.shutdown();
  costs.sort((a, b) => a - b);
  const cells = [costs[ROUNDS >> 1], costs[0]].map((cost) => `${cost?.toFixed(1)} µs`);
  line([name, ...cells, budget === undefined ? '' : `${budget} µs`]);
}

/** Every call of an app whose traces nobody takes: its own time, its memory, and the account of what was lost. */
async function callWithServerDown(): Promise<void> {
  const tracer = tracerOf({ endpoint: 'https://127.0.0.1:9', piiRedaction: true });
  globalThis.gc?.();
  const heldBefore = process.memoryUsage().rss;
  let heldMost = heldBefore;
  let answers = 0;
  const before = performance.now();
  for (let call = 0; call < DOWN_CALLS; call += 1) {
    answers += await tracer.trace('call', async (span) => {
      span.update({ input: planted });
      return 1;
    });
    if (call % 1_000 !== 0) continue;
    heldMost = Math.max(heldMost, process.memoryUsage().rss);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const perCallUs = ((performance.now() - before) * 1_000) / DOWN_CALLS;
  await tracer.shutdown({ timeoutMs: 1_000 });
  const { recorded, accepted, dropped } = tracer.stats();
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  process.stdout.write(`\n${DOWN_CALLS} calls with the server down\n`);
  line(['answered', 'µs a call', 'memory grew by', 'accepted', 'dropped', 'accounted for']);
  line(['---', '---', '---', '---', '---', '---']);
  const grewMb = ((heldMost - heldBefore) / 2 ** 20).toFixed(0);
  const isWhole = accepted + lost === DOWN_CALLS ? 'all' : `${recorded} recorded, NOT ALL`;
  line([answers, perCallUs.toFixed(1), `${grewMb} MB`, accepted, JSON.stringify(dropped), isWhole]);
}

function tracerOf(options: TracerOptions): Tracer {
  return createTracer({
    ...{ apiKey: KEY, endpoint: 'https://traces.example.test', exitHooks: false },
    ...{ disabled: false, onError: () => {}, ...options },
  });
}

function recordAll(tracer: Tracer, content: string): void {
  for (let at = 0; at < SPANS; at += 1) {
    const call = tracer.generation({
      name: 'answer',
      provider: 'openai',
      modelAsked: 'gpt-5',
      dialect: 'openai-chat',
      input: { model: 'gpt-5', messages: [{ role: 'user', content }] },
    });
    call.end({ model: 'gpt-5-2026-01-01', usage, finishReason: 'stop', output: { text: 'Paris.' } });
  }
}

function threadUs(run: () => void): number {
  const before = process.threadCpuUsage();
  run();
  const used = process.threadCpuUsage(before);
  return used.user + used.system;
}

async function acceptAll(): Promise<Response> {
  return new Response('{"accepted":0,"rejected":[]}');
}

/** Words of a letter to a colleague; nothing in them looks private. */
function proseOf(chars: number): string {
  const sentences = [
    'The harbour was quiet when the first boats came back, and nobody on the pier said a word.',
    'We should move the meeting to the larger room, since more people want to listen this time.',
    'Version two of the plan costs about 40 percent less and takes 3 weeks longer than the first.',
    'Please summarise the report in five bullet points, and mention the risks at the very end.',
  ];
  let text = '';
  for (let at = 0; text.length < chars; at += 1) text += `${sentences[at % sentences.length]} `;
  return text.slice(0, chars);
}

function plantIn(text: string): string {
  const values = [
    ...['ann.smith@example.org', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00', '+49 30 90182345'],
    ...[
      '192.168.17.45',
      'bob@mail.example.com',
      '+1 415 555 0132',
      'carl@example.net',
      '5500 0000 0000 0004',
    ],
    '10.20.30.40',
  ];
  const step = Math.floor(text.length / values.length);
  return values.map((value, at) => `${text.slice(at * step, (at + 1) * step)} ${value} `).join('');
}
