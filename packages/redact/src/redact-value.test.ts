import { expect, test } from 'vitest';
import { createRedactor } from './index.ts';

const redactor = createRedactor();
const redact = <T>(value: T): T => redactor.begin().value(value);

test('strings and keys are redacted at any depth, numbers by what their field is called', () => {
  expect(
    redact({
      'a@x.com': [{ note: 'call +1 541-714-1388' }],
      phone: 4915112345678,
      card: 4111111111111111,
      n: 12,
    }),
  ).toEqual({ '[EMAIL_1]': [{ note: 'call [PHONE_1]' }], phone: '[PHONE_2]', card: '[CARD_1]', n: 12 });
});

test('a value that holds nothing private comes back itself, and so does each part of one that does', () => {
  const quiet = { a: [1, 'two', { three: null }], at: 1_732_289_311_123 };
  expect(redact(quiet)).toBe(quiet);
  const value = { quiet, mail: 'a@x.com' };
  expect(redact(value).quiet).toBe(quiet);
  expect(value.mail).toBe('a@x.com');
});

test('what is secret by its name goes whole, with the scheme of a header left', () => {
  expect(
    redact({
      headers: { Authorization: 'Bearer x', cookie: ['a=b', 'c=d'], 'X-Api-Key': 7, accept: '*/*' },
      password: { old: 'a', new: 'b' },
      token: 'Hello',
      apiKey: '',
      secret: null,
    }),
  ).toEqual({
    headers: {
      Authorization: 'Bearer [SECRET_1]',
      cookie: '[SECRET_2]',
      'X-Api-Key': '[SECRET_3]',
      accept: '*/*',
    },
    password: '[SECRET_4]',
    token: 'Hello',
    apiKey: '',
    secret: null,
  });
});

test('headers are known in lists of pairs, of names and values, and of both in turn', () => {
  expect(
    redact([
      ['authorization', 'Basic eA=='],
      ['accept', 'a'],
    ]),
  ).toEqual([
    ['authorization', 'Basic [SECRET_1]'],
    ['accept', 'a'],
  ]);
  expect(redact([{ name: 'Cookie', value: 'a=b' }])).toEqual([{ name: 'Cookie', value: '[SECRET_1]' }]);
  expect(redact(['Host', 'x', 'Cookie', 'a=b'])).toEqual(['Host', 'x', 'Cookie', '[SECRET_1]']);
});

test('the schema of a field that is secret stays, so that the tool it describes still works', () => {
  const schema = { properties: { password: { type: 'string', description: 'At least 8 characters' } } };
  expect(redact(schema)).toBe(schema);
});

test('JSON inside a string is walked and written again; text that is none is read as text', () => {
  expect(redact('{"to":"a@x.com","inner":"{\\"password\\":\\"p\\"}"}')).toBe(
    '{"to":"[EMAIL_1]","inner":"{\\"password\\":\\"[SECRET_1]\\"}"}',
  );
  expect(redact('{\n  "to": "a@x.com"\n}')).toBe('{\n  "to": "[EMAIL_1]"\n}');
  expect(redact('{"to": "a@x.com", broken')).toBe('{"to": "[EMAIL_1]", broken');
  expect(redact('[a@x.com]')).toBe('[[EMAIL_1]]');
  const untouched = '{ "a" : 1.0 }';
  expect(redact(untouched)).toBe(untouched);
});

test('pictures and other base64 are passed over', () => {
  const image = `data:image/png;base64,${'iVBORw0KGgo4111111111111111'.repeat(40)}`;
  expect(redact({ image, raw: 'QUJD'.repeat(300) })).toEqual({ image, raw: 'QUJD'.repeat(300) });
});

test('a value within itself, or too deep to walk, is replaced and not followed', () => {
  const loop: Record<string, unknown> = { mail: 'a@x.com' };
  loop.self = loop;
  expect(redact(loop)).toEqual({ mail: '[EMAIL_1]', self: '[CIRCULAR]' });
  let deep: unknown = 'a@x.com';
  for (let depth = 0; depth < 5000; depth += 1) deep = [deep];
  expect(JSON.stringify(redact(deep))).toContain('[TOO_DEEP]');
  expect(JSON.stringify(redact(deep))).not.toContain('@');
});

test('redacting a value twice changes nothing more', () => {
  const once = redact({ authorization: 'Bearer x', text: 'a@x.com and 8.8.8.8', phone: '9498777106' });
  expect(redact(once)).toBe(once);
});
