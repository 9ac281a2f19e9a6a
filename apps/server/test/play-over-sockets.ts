import { Agent } from 'node:http';
import { isObject, parseJson } from '@app/protocol';
import { askedBody } from '@app/protocol/test/fuzz/asked-body.ts';
import { canaryOf, draftCase, type FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';
import type { Samples } from '@app/protocol/test/fuzz/list-samples.ts';
import type { FuzzingUpstream } from './open-fuzzing-upstream.ts';
import { type SentCall, sendCall } from './send-call.ts';

export type SocketPlay = {
  url: string;
  key: string;
  upstream: FuzzingUpstream;
  samples: Samples;
  seed: number;
  /** The cases of these numbers; those that the server cannot be asked for are passed over. */
  from: number;
  count: number;
  /** Calls at a time. */
  lanes: number;
  /** Whether providers of this dialect and framing are configured. */
  isServed(given: FuzzCase): boolean;
};

export type SocketFindings = { played: number; outcomes: { [outcome: string]: number }; breaches: string[] };

/** The name under which models of this dialect are served. */
export const modelOf = ({ dialect, framing }: Pick<FuzzCase, 'dialect' | 'framing'>): string =>
  framing === 'sse' ? `fuzz-${dialect}` : `fuzz-${dialect}-aws`;

/** Makes calls on a few connections that are kept, and looks at what comes back. A good call follows each odd one. */
export async function playOverSockets(play: SocketPlay): Promise<SocketFindings> {
  const findings: SocketFindings = { played: 0, outcomes: {}, breaches: [] };
  let next = play.from;
  const lane = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (next < play.from + play.count) {
      const given = draftCase(play.samples, { seed: play.seed, number: next });
      next += 1;
      if (given.asks === 'unary' ? !isUnaryServed(given) : !play.isServed(given)) continue;
      await playOne(play, { given, agent, findings });
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: play.lanes }, lane));
  return findings;
}

/** Vectors in OpenAI's own dialect; for the others nobody could tell whose request it is. */
function isUnaryServed({ unary, dialect, framing }: FuzzCase): boolean {
  return unary?.route === '/v1/embeddings' && dialect === 'openai-chat' && framing === 'sse';
}

type Turn = { given: FuzzCase; agent: Agent; findings: SocketFindings };

async function playOne({ url, key, upstream }: SocketPlay, { given, agent, findings }: Turn): Promise<void> {
  const tell = (breach: string) => findings.breaches.push(`case ${given.number} (${given.title}): ${breach}`);
  upstream.expect(given);
  const before = freeSocket(agent);
  const startedMs = performance.now();
  const sent = await sendCall({ url, key, agent, ...requestOf(given) });
  const tookMs = performance.now() - startedMs;
  if (tookMs > WAIT_MS_MAX) tell(`it took ${Math.round(tookMs)} ms`);
  for (const breach of breachesOf(given, sent)) tell(breach);
  const outcome = outcomeOf(sent);
  findings.played += 1;
  findings.outcomes[outcome] = (findings.outcomes[outcome] ?? 0) + 1;
  const body = { model: GOOD_MODEL, messages: GOOD_MESSAGES };
  const good = await sendCall({ url, key, agent, path: '/v1/chat/completions', body });
  if (good.status !== 200 || !good.text.includes('All is well.'))
    tell(`the good call behind it got ${good.status} ${good.problem ?? good.text.slice(0, 200)}`);
  const isKept = outcome !== 'broken off' && before !== undefined;
  if (isKept && freeSocket(agent) !== before) tell('its connection was not kept');
}

/** A model of the provider that answers well. */
export const GOOD_MODEL = 'good';
const WAIT_MS_MAX = 20_000;
const GOOD_MESSAGES = [{ role: 'user', content: 'Is all well?' }];

function freeSocket(agent: Agent): unknown {
  return Object.values(agent.freeSockets)[0]?.[0];
}

const PATHS = {
  'openai-chat': '/v1/chat/completions',
  'openai-completions': '/v1/completions',
  'anthropic-messages': '/v1/messages',
};

function requestOf(given: FuzzCase): { path: string; body: object } {
  const model = modelOf(given);
  if (given.unary !== undefined)
    return { path: given.unary.route, body: { ...given.unary.asked, model, user: given.canary } };
  const { stream, ...body } = askedBody(given, model);
  if (given.caller === 'gemini') {
    const action = stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return { path: `/v1beta/models/${model}:${action}`, body };
  }
  if (given.caller === 'openai-responses')
    return {
      path: '/v1/responses',
      body: { ...body, stream: stream === true, store: given.number % 2 === 0 },
    };
  return { path: PATHS[given.caller], body: { ...body, stream: stream === true } };
}

function outcomeOf({ status, isStream, problem }: SentCall): string {
  if (problem !== undefined) return 'broken off';
  if (status !== 200) return 'refused';
  return isStream ? 'streamed' : 'answered';
}

function breachesOf({ canary, asks }: FuzzCase, sent: SentCall): string[] {
  const { status, text, problem, isStream } = sent;
  const breaches: string[] = [];
  for (const [found, number] of text.matchAll(/canary(\d+)x\d+y/g))
    if (found !== canary && found === canaryOf(Number(number))) breaches.push(`it got a text of ${found}`);
  if (status < 200 || status > 599) breaches.push(`the status is ${status} (${problem})`);
  if (problem !== undefined && !(status === 200 && (isStream || asks === 'unary')))
    breaches.push(`the connection broke: ${problem}`);
  if (status >= 400 && !isRefusal(text)) breaches.push(`no error of ours: ${text.slice(0, 100)}`);
  if (status === 500) breaches.push(`a bug of ours: ${text.slice(0, 200)}`);
  if (asks === 'whole' && status === 200 && parseJson(text) === undefined)
    breaches.push('an answer that is no JSON');
  return breaches;
}

function isRefusal(text: string): boolean {
  const body = parseJson(text);
  return isObject(body) && isObject(body.error) && typeof body.error.message === 'string';
}
