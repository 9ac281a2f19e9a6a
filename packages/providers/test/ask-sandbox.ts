import {
  type CallerDialectId,
  dialects,
  type Event,
  type GatewayError,
  openCollector,
  openSseReader,
  type Reply,
} from '@app/protocol';
import { createSandbox } from '../src/sandbox/create-sandbox.ts';
import type { CountTokens } from '../src/sandbox/measure-reply.ts';
import type { Schedule } from '../src/sandbox/play.ts';
import { sandboxProvider } from '../src/sandbox/sandbox-provider.ts';
import { type Wish, write } from './sandbox-wishes.ts';

/** Time that passes at once; `waitedMs` is what was waited for. */
function createQuickTime() {
  let waitedMs = 0;
  const schedule: Schedule = (delayMs, run) => {
    const timer = setImmediate(() => {
      waitedMs += delayMs;
      run();
    });
    return () => clearImmediate(timer);
  };
  return { schedule, waitedMs: () => waitedMs };
}

/** What came back, `waitedMs` after the request. */
export type Answer = {
  status: number;
  headers: { [name: string]: string | undefined };
  text: string;
  chunkCount: number;
  error: GatewayError | undefined;
  waitedMs: number;
};

export type Asking = {
  ask(dialect: CallerDialectId, wish: Wish): Promise<Answer>;
  /** A body that need not be one. */
  send(dialect: CallerDialectId, request: { path: string; body: unknown }): Promise<Answer>;
};

/** Asks a sandbox and waits for the end of its answer. */
export function createAsking(countTokens: CountTokens): Asking {
  const send: Asking['send'] = (dialect, { path, body }) => {
    const time = createQuickTime();
    const send = createSandbox({
      schedule: time.schedule,
      now: () => Date.parse('2026-11-01T12:00:00Z'),
      countTokens,
    });
    const request = {
      provider: sandboxProvider(dialect),
      mode: 'test' as const,
      path,
      headers: {},
      body: typeof body === 'string' ? body : JSON.stringify(body),
    };
    return new Promise((resolve) => {
      const answer: Answer = {
        status: 0,
        headers: {},
        text: '',
        chunkCount: 0,
        error: undefined,
        waitedMs: 0,
      };
      const decoder = new TextDecoder();
      const finish = (error?: GatewayError) => resolve({ ...answer, error, waitedMs: time.waitedMs() });
      send(request, {
        onHead: (status, headers) => Object.assign(answer, { status, headers }),
        onChunk: (bytes) => {
          answer.text += decoder.decode(bytes, { stream: true });
          answer.chunkCount += 1;
        },
        onEnd: () => finish(),
        onError: finish,
      });
    });
  };
  return { ask: (dialect, wish) => send(dialect, write(dialect, wish)), send };
}

/** What a client of this dialect makes of an answer: the reply, or as much of it as came before its error. */
export type Seen = {
  reply: Reply;
  text: string;
  thinking: string;
  tools: { name: string; input: string }[];
  error: string | undefined;
};

export function see(dialect: CallerDialectId, answer: Answer): Seen {
  const collector = openCollector();
  let error: string | undefined;
  for (const event of readEvents(dialect, answer)) {
    if (event.type === 'error') error = event.error.code;
    else collector.add(event);
  }
  const reply = collector.reply();
  const seen: Seen = { reply, text: '', thinking: '', tools: [], error };
  for (const part of reply.parts) {
    if (part.kind === 'text') seen.text += part.text;
    else if (part.kind === 'thinking') seen.thinking += part.text;
    else if (part.kind === 'tool-call') seen.tools.push({ name: part.name, input: part.input });
  }
  return seen;
}

function readEvents(dialect: CallerDialectId, answer: Answer): Event[] {
  const { outbound } = dialects[dialect];
  if (!answer.headers['content-type']?.startsWith('text/event-stream')) {
    return outbound.readReply(JSON.parse(answer.text));
  }
  const [frames, reader] = [openSseReader(), outbound.openReader()];
  const events = frames.read(new TextEncoder().encode(answer.text)).flatMap(reader.read);
  return [...events, ...frames.end().flatMap(reader.read), ...reader.end()];
}

/** The same without what is derived from the body, which differs between a stream and a whole reply. */
export function withoutIds({ reply, ...seen }: Seen) {
  const parts = reply.parts.map((part) => {
    if (part.kind === 'tool-call') return { ...part, id: '' };
    return part.kind === 'thinking' ? { ...part, signature: undefined } : part;
  });
  return { ...seen, reply: { ...reply, id: '', parts } };
}
