import type { Tracer } from '../src/tracer.ts';

/** Where a value is put: every field that an app or a wrapper can fill, and what surrounds it. */
type Place = {
  name: string;
  kind: 'input' | 'output' | 'error' | 'label';
  put(tracer: Tracer, value: string): void;
};

const fail = (value: string): Error => Object.assign(new Error(`refused: "${value}"`), { status: 400 });

export const PLACES: readonly Place[] = [
  {
    name: 'input',
    kind: 'input',
    put: (t, v) => t.generation({ input: { messages: [{ content: `I am ${v}.` }] } }).end(),
  },
  { name: 'input, as a key', kind: 'input', put: (t, v) => t.generation({ input: { [v]: 1 } }).end() },
  {
    name: 'input, JSON in a string',
    kind: 'input',
    put: (t, v) =>
      t.generation({ input: { arguments: JSON.stringify({ deep: JSON.stringify({ who: v }) }) } }).end(),
  },
  {
    name: 'input, an error with its stack',
    kind: 'input',
    put: (t, v) => t.generation({ input: fail(v) }).end(),
  },
  {
    name: 'input, a URL',
    kind: 'input',
    put: (t, v) => t.generation({ input: `see https://example.test/a?q=${v} there` }).end(),
  },
  {
    name: 'output',
    kind: 'output',
    put: (t, v) => t.generation({}).end({ output: [{ text: `It is ${v}!` }] }),
  },
  {
    name: 'output, as a key',
    kind: 'output',
    put: (t, v) => t.generation({}).end({ output: { a: { [v]: true } } }),
  },
  { name: 'error message', kind: 'error', put: (t, v) => t.generation({}).fail(fail(v)) },
  { name: 'a thrown text', kind: 'error', put: (t, v) => t.generation({}).fail(`no luck with ${v}`) },
  {
    name: 'error code',
    kind: 'label',
    put: (t, v) => t.generation({}).fail(Object.assign(new Error(), { code: v })),
  },
  { name: 'name', kind: 'label', put: (t, v) => t.span(`mail to ${v}`, () => {}) },
  { name: 'user', kind: 'label', put: (t, v) => t.tag({ userId: v }, () => t.span('s', () => {})) },
  { name: 'session', kind: 'label', put: (t, v) => t.tag({ sessionId: v }, () => t.span('s', () => {})) },
  { name: 'tags', kind: 'label', put: (t, v) => t.tag({ tags: ['a', v] }, () => t.span('s', () => {})) },
  { name: 'prompt', kind: 'label', put: (t, v) => t.generation({ prompt: { name: v, version: '1' } }).end() },
  {
    name: 'prompt version',
    kind: 'label',
    put: (t, v) => t.generation({ prompt: { name: 'p', version: v } }).end(),
  },
  { name: 'metadata', kind: 'label', put: (t, v) => t.generation({ metadata: { note: { by: [v] } } }).end() },
  {
    name: 'metadata, as a key',
    kind: 'label',
    put: (t, v) => t.generation({ metadata: { [v]: 'x' } }).end(),
  },
  { name: 'provider', kind: 'label', put: (t, v) => t.generation({ provider: v }).end() },
  { name: 'model', kind: 'label', put: (t, v) => t.generation({ model: v }).end() },
  { name: 'model asked', kind: 'label', put: (t, v) => t.generation({ modelAsked: v }).end() },
  { name: 'tool name', kind: 'label', put: (t, v) => t.generation({ toolName: v }).end() },
  { name: 'finish reason', kind: 'label', put: (t, v) => t.generation({ finishReason: v }).end() },
  { name: 'service tier', kind: 'label', put: (t, v) => t.generation({ serviceTier: v }).end() },
  {
    name: 'request id',
    kind: 'label',
    put: (t, v) => t.generation({ requestId: v, gatewayRequestId: v }).end(),
  },
  { name: 'score', kind: 'label', put: (t, v) => t.score({ name: v, value: 1, id: v, sessionId: v }) },
  { name: 'score value', kind: 'label', put: (t, v) => t.score({ name: 'n', value: `of ${v}` }) },
  {
    name: 'score comment',
    kind: 'error',
    put: (t, v) => t.score({ name: 'n', value: 1, comment: `says ${v}` }),
  },
];

/** A private value of each kind, other ones for every number: what an engine has to recognise by itself. */
export function privateValue(at: number): string {
  const digits = (count: number): string => String((at + 1) * 7_919 + 10 ** (count - 1)).slice(0, count);
  const kinds = [
    () => `person.${at}@mail${at % 7}.example.org`,
    () => withLuhn(`4${digits(14)}`),
    () => germanIban(digits(18)),
    () => `10.${at % 256}.${(at >> 3) % 256}.${(at % 250) + 1}`,
    () => `sk-proj-${letters(at, 48)}`,
    () => `ghp_${letters(at, 36)}`,
    () => `+49 30 ${digits(8)}`,
    () => `eyJhbGciOiJIUzI1NiJ9.${letters(at, 20)}.${letters(at + 7, 20)}`,
  ];
  return kinds[at % kinds.length]?.() ?? '';
}

/** What nobody could recognise, as most of what people write. */
export function plainValue(at: number): string {
  return `the quiet harbour ${letters(at, 12)}`;
}

function letters(seed: number, count: number): string {
  let state = seed * 2_654_435_761 + 97;
  let text = '';
  while (text.length < count) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'[(state >> 8) % 56] ?? '';
  }
  return text;
}

function withLuhn(head: string): string {
  for (let check = 0; check < 10; check += 1) {
    const all = `${head}${check}`;
    let sum = 0;
    [...all].reverse().forEach((digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      sum += value > 9 ? value - 9 : value;
    });
    if (sum % 10 === 0) return all;
  }
  return head;
}

function germanIban(account: string): string {
  const rest = BigInt(`${account}131400`) % 97n;
  return `DE${String(98n - rest).padStart(2, '0')}${account}`;
}
