import { createServer, type IncomingMessage, type Server, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openCaller, type SocketCaller } from './open-caller.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Timer = { delayMs: number; run: () => void; isCancelled: boolean };

/** One request to a server that hands its caller to `answer`; timers fire only when a test fires them. */
async function serve(answer: (caller: SocketCaller, timers: Timer[]) => void): Promise<IncomingMessage> {
  const timers: Timer[] = [];
  const opened = createServer((request, response) => {
    const caller = openCaller({
      request,
      response,
      headers: { 'x-always': 'yes' },
      schedule: (delayMs, run) => {
        const timer = { delayMs, run, isCancelled: false };
        timers.push(timer);
        return () => {
          timer.isCancelled = true;
        };
      },
      drainTimeoutMs: 60_000,
      lingerMs: 5_000,
    });
    answer(caller, timers);
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  const { port } = opened.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = sendRequest({ host: '127.0.0.1', port }, resolve);
    asked.on('error', reject);
    asked.end();
  });
}

async function textOf(reply: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of reply) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('a whole reply arrives with its length, whether it was written at once or in pieces', async () => {
  for (const pieces of [['hello world'], ['hello', ' ', 'world'], [Buffer.from('hello world')]]) {
    const reply = await serve((caller) => {
      caller.head(200, { 'content-length': '11' });
      for (const piece of pieces) caller.write(piece);
      caller.end();
    });
    expect(reply.headers).toMatchObject({ 'content-length': '11', 'x-always': 'yes' });
    expect(await textOf(reply)).toBe('hello world');
    server?.close();
  }
});

test('a reply that is aborted arrives as far as it was written, and does not end in order', async () => {
  const reply = await serve((caller) => {
    caller.head(200, {});
    caller.write('data: 1\n\n');
    caller.write('data: 2\n\n');
    caller.abort();
  });
  let text = '';
  const readAll = async () => {
    for await (const piece of reply) text += piece;
  };
  await expect(readAll()).rejects.toThrow(/aborted/);
  expect(text).toBe('data: 1\n\ndata: 2\n\n');
});

test('leaving is told once, and not after the reply was ended or aborted', async () => {
  let left = 0;
  const closed: Promise<void>[] = [];
  for (const how of ['end', 'abort', undefined] as const) {
    const reply = await serve((caller) => {
      caller.head(200, {});
      caller.write('x');
      caller.onLeave(() => {
        left += 1;
      });
      if (how) caller[how]();
    });
    closed.push(new Promise((resolve) => reply.on('close', resolve)));
    reply.on('error', () => {});
    if (how) reply.resume();
    else reply.destroy();
    await closed.at(-1);
    if (how) expect(left).toBe(0);
  }
  await expect.poll(() => left).toBe(1);
});

test('a caller that leaves a full socket unread is cut off at the deadline', async () => {
  let waiting: Timer | undefined;
  let hasLeft = false;
  const reply = await serve((caller, timers) => {
    caller.head(200, {});
    caller.onLeave(() => {
      hasLeft = true;
    });
    while (caller.write(Buffer.alloc(65_536))) {
      // Until the socket is full.
    }
    waiting = timers[0];
  });
  reply.on('error', () => {});
  expect(waiting).toMatchObject({ delayMs: 60_000, isCancelled: false });
  waiting?.run();
  await expect.poll(() => hasLeft).toBe(true);
});

test('a caller that reads again in time is not cut off', async () => {
  let waiting: Timer | undefined;
  let ended = false;
  const reply = await serve((caller, timers) => {
    caller.head(200, {});
    while (caller.write(Buffer.alloc(65_536))) {
      // Until the socket is full.
    }
    waiting = timers[0];
    caller.onDrain(() => {
      ended = true;
      caller.end();
    });
  });
  await textOf(reply);
  expect(ended).toBe(true);
  expect(waiting?.isCancelled).toBe(true);
});
