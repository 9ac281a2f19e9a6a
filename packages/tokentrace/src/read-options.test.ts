import { expect, test } from 'vitest';
import { KEY } from '../test/open-test-tracer.ts';
import { TokentraceConfigError } from './config-error.ts';
import { readOptions } from './read-options.ts';

const GOOD = 'https://traces.example.test';

test.each([
  'http://traces.example.test',
  'http://10.0.0.1',
  'http://localhost.example.test',
  'http://127.0.0.1.nip.example.test',
  'http://0.0.0.0',
  'ftp://traces.example.test',
  'traces.example.test',
  `https://user:secret@traces.example.test`,
  `https://traces.example.test/?key=${KEY}`,
  'https://traces.example.test/#x',
])('the endpoint %s is refused, whatever is allowed on loopback', (endpoint) => {
  for (const allowInsecureLoopback of [false, true])
    expect(() => readOptions({ apiKey: KEY, endpoint, allowInsecureLoopback })).toThrow(
      TokentraceConfigError,
    );
});

test.each(['http://localhost:4000', 'http://127.0.0.1', 'http://[::1]:8080'])(
  '%s is refused until loopback is allowed',
  (endpoint) => {
    expect(() => readOptions({ endpoint })).toThrow('https://');
    const { target } = readOptions({ apiKey: KEY, endpoint, allowInsecureLoopback: true, disabled: false });
    expect(target?.url).toBe(`${endpoint}/v1/ingest`);
  },
);

test.each(['changeme', 'tt_x', `${KEY}\r\nx-evil: 1`, `${KEY} `, 'sk-0123456789'])(
  'the key %j is refused, and the message does not repeat it',
  (apiKey) => {
    const refused = (): unknown => readOptions({ apiKey, endpoint: GOOD, disabled: false });
    expect(refused).toThrow(TokentraceConfigError);
    expect(refused).not.toThrow(apiKey);
  },
);

test('a path of the endpoint is kept, and a slash at its end makes no difference', () => {
  const { target } = readOptions({ apiKey: KEY, endpoint: `${GOOD}/tracing/`, disabled: false });
  expect(target?.url).toBe(`${GOOD}/tracing/v1/ingest`);
});

test('without a key or an endpoint it says which is missing, and in tests it is disabled by itself', () => {
  expect(readOptions({ endpoint: GOOD, disabled: false }).missing).toContain('apiKey');
  expect(readOptions({ apiKey: KEY, disabled: false }).missing).toContain('endpoint');
  expect(readOptions({ apiKey: KEY, endpoint: GOOD })).toMatchObject({
    target: undefined,
    missing: undefined,
  });
});

test('keeping contents back turns redaction of the rest on, unless that is refused', () => {
  expect(readOptions({}).pii).toBeUndefined();
  expect(readOptions({ redactInputs: true }).pii).toEqual({});
  expect(readOptions({ redactOutputs: true, piiRedaction: false }).pii).toBeUndefined();
});
