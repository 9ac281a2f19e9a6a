import type { ServerResponse } from 'node:http';
import type { FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';
import { openRandom } from '@app/protocol/test/fuzz/open-random.ts';
import { answersJson, type FakeUpstream, openFakeUpstream } from '@app/testkit';

export type FuzzingUpstream = Pick<FakeUpstream, 'url' | 'close'> & {
  /** Of a provider beside it that answers well. What went wrong on a connection may meet who uses it next. */
  goodUrl: string;
  /** From now on a request with this case's canary gets its answer. */
  expect(given: FuzzCase): void;
  /** Answers that are neither out nor given up. */
  openCount(): number;
};

const CANARY = /canary\d+x\d+y/;

/** A provider of any dialect that answers each call with its case, on real sockets, and lies about how long that is. */
export async function openFuzzingUpstream(): Promise<FuzzingUpstream> {
  const cases = new Map<string, FuzzCase>();
  let open = 0;
  const upstream = await openFakeUpstream(async (response, request) => {
    const given = cases.get(CANARY.exec(request.body)?.[0] ?? '');
    if (given === undefined) return answersJson({}, 500)(response, request);
    open += 1;
    request.closed.then(() => {
      open -= 1;
    });
    await answer(response, given);
    // What is kept of every request would look like a leak.
    upstream.requests.length = 0;
  });
  const good = await openFakeUpstream((response, request) => {
    good.requests.length = 0;
    return answersJson(GOOD)(response, request);
  });
  return {
    url: upstream.url,
    goodUrl: good.url,
    close: async () => {
      await Promise.all([upstream.close(), good.close()]);
    },
    expect: (given) => {
      if (cases.size > KEPT_MAX) cases.clear();
      cases.set(given.canary, given);
    },
    openCount: () => open,
  };
}

const KEPT_MAX = 1_000;

/** A reply in OpenAI's dialect. */
const GOOD = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'All is well.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
};

async function answer(response: ServerResponse, given: FuzzCase): Promise<void> {
  const { status, headers, pieces, ending, seed, number } = given;
  const random = openRandom(seed ^ 0x2545f491, number);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const lie = given.changes.length > 0 && random.chance(0.15) ? random.pick(['short', 'long', 'chunk']) : '';
  const known = lie === '' && random.chance(0.3);
  try {
    response.writeHead(status, {
      ...sendable(headers),
      ...(known ? { 'content-length': length } : {}),
      ...(lie === 'short' ? { 'content-length': Math.floor(length / 2) } : {}),
      ...(lie === 'long' ? { 'content-length': length + 10 } : {}),
    });
  } catch {
    response.writeHead(500);
  }
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    // Now and then a packet of its own.
    if (random.chance(0.05)) await new Promise((resolve) => setImmediate(resolve));
  }
  if (lie === 'chunk') response.socket?.write('zz\r\nno chunk\r\n');
  // A provider that says nothing more is waited for, which takes its time.
  if (ending === 'hang' && number % 8 === 0 && lie === '' && !known) return;
  if (ending === 'end' && lie === '') response.end();
  else response.socket?.end();
}

/** Node's server refuses to send what is no header. */
function sendable(headers: FuzzCase['headers']): FuzzCase['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]*$/.test(value)));
}
