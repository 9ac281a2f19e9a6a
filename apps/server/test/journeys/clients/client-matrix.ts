import {
  type FakeUpstream,
  openFakeUpstream,
  type Saying,
  type Script,
  type StreamOptions,
  type UpstreamRequest,
} from '@app/testkit';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { providerSecret, type TestServer } from '../../create-test-server.ts';
import { testKeys } from '../../test-keys.ts';
import { openGateway, PLAYS, refuses, type Upstream } from './played-provider.ts';
import { at, readSent, type Sent } from './read-sent.ts';

export const TEXT = 'Grüße aus Köln 👋🏽, schön!';
export const WEATHER = { id: 'call_1', name: 'get_weather', input: { city: 'Zürich', days: 3 } };
export const TIME = { id: 'call_2', name: 'get_time', input: { zone: 'Europe/Zurich' } };
export const CITY_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** What the played providers count for any reply, in the words of most. */
export const COUNTED = { input: 21, cached: 5, output: 7 };

export type Matrix = {
  /** Of the gateway, of the form `http://127.0.0.1:port`. */
  readonly url: string;
  readonly upstream: FakeUpstream;
  readonly server: TestServer;
  /** The next requests are answered so, each by one; the last goes on for ever. */
  plays(...sayings: Saying[]): void;
  playsWith(saying: Saying, options: StreamOptions): void;
  says(saying: Saying): Script;
  /** Refuses in the words of this provider. */
  refusal(status: number, message: string): Script;
  /** What the request of this number asked, -1 is the last. */
  sent(number: number): Sent;
};

/** A gateway before one provider of this dialect, for the tests of the current block. */
export function useMatrix(dialect: Upstream): Matrix {
  let upstream: FakeUpstream;
  let server: TestServer;
  beforeAll(async () => {
    upstream = await openFakeUpstream();
    server = await openGateway(dialect, upstream.url);
  });
  afterEach(() => {
    const requests = upstream.requests.splice(0);
    const defects = server.defects.splice(0);
    server.records.length = 0;
    for (const request of requests) checkRequest(dialect, request);
    expect(defects).toEqual([]);
  });
  afterAll(async () => {
    await server.close();
    await upstream.close();
  });
  return {
    get url() {
      return server.url;
    },
    get upstream() {
      return upstream;
    },
    get server() {
      return server;
    },
    plays: (...sayings) => upstream.play(...sayings.map((saying) => PLAYS[dialect](saying))),
    playsWith: (saying, options) => upstream.play(PLAYS[dialect](saying, options)),
    says: (saying) => PLAYS[dialect](saying),
    refusal: (status, message) => refuses(dialect, status, message),
    sent: (number) => {
      const request = upstream.requests.at(number);
      if (request === undefined) throw new Error(`the provider got no request ${number}`);
      return readSent(dialect, request);
    },
  };
}

const PATHS: { [dialect in Upstream]: RegExp } = {
  'openai-chat': /^\/chat\/completions$/,
  'openai-responses': /^\/responses$/,
  'anthropic-messages': /^\/messages$/,
  gemini: /^\/models\/the-model:(generateContent|streamGenerateContent\?alt=sse)$/,
  'bedrock-converse': /^\/model\/anthropic\.claude-sonnet-4-5-20250929-v1(:|%3A)0\/converse(-stream)?$/,
};

/** What holds for every request that a provider gets, whatever the client said. */
function checkRequest(dialect: Upstream, request: UpstreamRequest): void {
  expect(request.path).toMatch(PATHS[dialect]);
  expect(JSON.stringify(request)).not.toContain(testKeys.live);
  expect(JSON.stringify(request.headers)).toContain(providerSecret);
  // Anthropic itself holds what came before in a thread.
  if (at(request.json, 'thread', 'type') === 'continue') return;
  const { calls, results } = readSent(dialect, request);
  // A result of a call that was never made is refused by most providers, and so is a call without its result.
  expect(results.map(({ id }) => id).sort()).toEqual(calls.map(({ id }) => id).sort());
}
