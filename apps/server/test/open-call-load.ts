import { Agent } from 'node:http';
import { type SentCall, sendCall } from './send-call.ts';

/** A call whose reply its client has whole. */
export type AcknowledgedCall = { requestId: string; kind: string; status: number };

export type CallLoad = {
  /** Every call that was answered to its last byte, in order. */
  acknowledged: AcknowledgedCall[];
  /** What nobody should see while a server runs: broken connections, other statuses than the call deserves. */
  failures: string[];
  /** Where the server is now; undefined while there is none, then nothing is sent. */
  aim(url: string | undefined): void;
  /** Resolves when so many more calls have been acknowledged. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
};

type Kind = {
  name: string;
  path: string;
  mode: 'live' | 'test';
  status: number;
  body(prompt: string): object;
};

const chat =
  (model: string, more: object = {}) =>
  (prompt: string) => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    ...more,
  });
const message = (model: string, more: object = {}) => chat(model, { max_tokens: 50, ...more });
const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';

/** Whole replies and streams, both dialects, a real provider and the sandbox, and calls that are refused. */
const KINDS: readonly Kind[] = [
  { name: 'chat', path: CHAT, mode: 'live', status: 200, body: chat('load') },
  { name: 'chat stream', path: CHAT, mode: 'live', status: 200, body: chat('load', { stream: true }) },
  { name: 'sandbox', path: CHAT, mode: 'test', status: 200, body: chat('sandbox/pace-0') },
  {
    name: 'sandbox stream',
    path: CHAT,
    mode: 'test',
    status: 200,
    body: chat('sandbox/pace-5', { stream: true }),
  },
  { name: 'messages', path: MESSAGES, mode: 'live', status: 200, body: message('load') },
  {
    name: 'messages stream',
    path: MESSAGES,
    mode: 'live',
    status: 200,
    body: message('load', { stream: true }),
  },
  {
    name: 'route',
    path: '/route',
    mode: 'live',
    status: 200,
    body: (prompt) => ({ prompt, model_preferences: ['load'] }),
  },
  { name: 'unknown model', path: CHAT, mode: 'live', status: 404, body: chat('nobody-has-this') },
];

/** Calls of every kind, one after the other in each of `workers` connections, until it is stopped. */
export function openCallLoad(keys: { live: string; test: string }, workers = 8): CallLoad {
  const agent = new Agent({ keepAlive: true });
  const acknowledged: AcknowledgedCall[] = [];
  const failures: string[] = [];
  const watchers = new Set<() => void>();
  let url: string | undefined;
  let isStopped = false;
  let count = 0;

  async function callOnce(target: string): Promise<void> {
    const number = count++;
    const kind = KINDS[number % KINDS.length];
    if (kind === undefined) return;
    const call = await sendCall({
      url: target,
      path: kind.path,
      key: keys[kind.mode],
      body: kind.body(`call ${number}`),
      agent,
    });
    if (call.isComplete)
      acknowledged.push({ requestId: call.requestId, kind: kind.name, status: call.status });
    const problem = problemOf(call, kind);
    if (problem !== undefined) failures.push(`${kind.name}: ${problem}`);
    for (const watch of watchers) watch();
    // Nobody listens there any more: trying again at once would only keep this machine busy.
    if (call.status === 0) await pause();
  }

  async function work(): Promise<void> {
    while (!isStopped) {
      if (url === undefined) await pause();
      else await callOnce(url);
    }
  }

  const working = Promise.all(Array.from({ length: workers }, work));
  return {
    acknowledged,
    failures,
    aim: (to) => {
      url = to;
    },
    more: (wanted) => {
      const goal = acknowledged.length + wanted;
      return new Promise((resolve) => {
        const watch = () => {
          if (acknowledged.length < goal) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
      });
    },
    stop: async () => {
      isStopped = true;
      await working;
      agent.destroy();
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

function problemOf(call: SentCall, { status }: Kind): string | undefined {
  if (!call.isComplete)
    return call.problem ?? `the reply (${call.status}) is not whole: ${call.text.slice(-300)}`;
  return call.status === status ? undefined : `${call.status} ${call.text.slice(0, 300)}`;
}
