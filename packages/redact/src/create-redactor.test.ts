import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { crc32 } from './checksums.ts';
import { createRedactor } from './index.ts';
import type { CustomPattern } from './redactor.ts';

const redactor = createRedactor();
const redact = (text: string): string => redactor.begin().text(text);

/** A linear-time matcher, as an operator's pattern is handed in. */
function pattern(type: string, source: string, charsMax = 64): CustomPattern {
  const compiled = RE2JS.compile(source);
  return {
    type,
    charsMax,
    *find(text) {
      const matcher = compiled.matcher(text);
      while (matcher.find()) yield { start: matcher.start(), end: matcher.end() };
    },
  };
}

test('the same value has the same number within one redaction, whatever it is redacted as', () => {
  const redaction = redactor.begin();
  expect(redaction.text('a@x.com, b@x.com, a@x.com')).toBe('[EMAIL_1], [EMAIL_2], [EMAIL_1]');
  expect(redaction.value({ to: 'b@x.com' })).toEqual({ to: '[EMAIL_2]' });
  const stream = redaction.stream();
  expect(stream.push('c@x.com and a@x.com') + stream.end()).toBe('[EMAIL_3] and [EMAIL_1]');
  expect(redaction.counts()).toEqual({ EMAIL: 6 });
  expect(redactor.begin().text('b@x.com')).toBe('[EMAIL_1]');
});

test('a pseudonym stands instead of the number, and cannot end its placeholder', () => {
  const named = createRedactor({ pseudonym: (type, value) => `${type}]${value.length}` });
  expect(named.begin().text('write to a@x.com')).toBe('write to [EMAIL_EMAIL7]');
  const nameless = createRedactor({ pseudonym: () => ']' });
  expect(nameless.begin().text('write to a@x.com')).toBe('write to [EMAIL_1]');
});

test('only the types that are asked for are taken out', () => {
  const some = createRedactor({ types: ['EMAIL'] });
  expect(some.begin().text('a@x.com 8.8.8.8 password=hunter2')).toBe('[EMAIL_1] 8.8.8.8 password=hunter2');
  expect(some.begin().value({ password: 'x', mail: 'a@x.com' })).toEqual({
    password: 'x',
    mail: '[EMAIL_1]',
  });
});

test('what an operator looks for is found, named in capitals, and cut where it is too long', () => {
  const own = createRedactor({ patterns: [pattern('order number', 'ORD-[0-9]{4,}', 10)] });
  expect(own.begin().text('see ORD-123456 and ORD-1234567890 or a@x.com')).toBe(
    'see [ORDER_NUMBER_1] and [ORDER_NUMBER_1]7890 or [EMAIL_1]',
  );
  const text = `${'padding '.repeat(200)}ORD-55555 ${'padding '.repeat(200)}ORD-66666`;
  const stream = own.begin().stream();
  const joined = [...text].map((char) => stream.push(char)).join('') + stream.end();
  expect(joined).toBe(own.begin().text(text));
  expect(joined).toContain('[ORDER_NUMBER_2]');
});

test.each([
  ['full-width digits', '４１１１ １１１１ １１１１ １１１１', '[CARD_1]'],
  ['invisible characters', 'jo\u200bhn@exam\u00adple.com', '[EMAIL_1]'],
  ['an at sign of another kind', 'john＠example.com and john﹫example.com', '[EMAIL_1] and [EMAIL_1]'],
  ['Arabic-Indic digits', 'هاتف ٠٥٠ ١٢٣ ٤٥٦٧', 'هاتف [PHONE_1]'],
  ['mathematical digits', 'card 𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏', 'card [CARD_1]'],
  ['spaces and hyphens of typesetters', '4111\u00a01111\u20111111\u20091111', '[CARD_1]'],
])('tricks of Unicode hide nothing: %s', (_name, text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test.each([
  ['Authorization: Bearer abc.def', 'Authorization: Bearer [SECRET_1]'],
  ['authorization=Basic dXNlcjpwdw==', 'authorization=Basic [SECRET_1]'],
  ["headers = {'X-Api-Key': 'k-1'}", "headers = {'X-Api-Key': '[SECRET_1]'}"],
  ['Cookie: a=b; sid=c d', 'Cookie: [SECRET_1]'],
  ['{"client_secret":"s","n":1}', '{"client_secret":"[SECRET_1]","n":1}'],
  ['{\\"password\\":\\"p w\\",\\"a\\":1}', '{\\"password\\":\\"[SECRET_1]\\",\\"a\\":1}'],
  ['?user=a&password=hunter2&x=1', '?user=a&password=[SECRET_1]&x=1'],
  ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[SECRET_1]'],
  ['Passwort: Sommer24!', 'Passwort: [SECRET_1]'],
  ['token: ghi7890jklm123456', 'token: [SECRET_1]'],
  ['https://a:b@host/x', 'https://[PASSWORD_1]@host/x'],
  ['amqp://user:p@ss@host:5672', 'amqp://[PASSWORD_1]@host:5672'],
])('secrets go by the name before them: %s', (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test.each([
  'password = os.environ["PASSWORD"]',
  'password: str, token: int = 5',
  'the password: ask the admin for it',
  'max_tokens: 4096, "token": "Hello", "logprob": -0.5',
  'api_key=${API_KEY}',
  'your API key is missing. Token expired.',
  'Authorization: you need to sign in first. Cookie: a small text file.',
  'session_id=sess_0123456789abcdef key=reports/2024/january_0123 next_page_token=abcdef0123456789abcd',
  'version 10.15.7.1, v1.2.3.4 and torch==2.1.0.1',
  'std::vector<a::b> x[1::2] at 12:34:56',
  'git@github.com:org/repo.git and logo@2x.png',
  'see [EMAIL_1], [CARD_12] and [SECRET_3f9a2c]',
  '127.0.0.1:8080 and 0.0.0.0 and ::1',
])('what is no value stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('a JWT is one whose head says how it is signed; a long run of base64 is none', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF-123_x';
  expect(redact(`is ${jwt}.`)).toBe('is [JWT_1].');
  expect(redact('eyJmb28iOiJiYXIifQ.eyJzdWIiOiIxMjM0In0.abcDEF')).toContain('eyJ');
});

test('private keys go whole, and as far as they go when they are cut off', () => {
  const lines = 'MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY7qGoAoGCCqGSM49\n'.repeat(3);
  const key = `-----BEGIN EC PRIVATE KEY-----\n${lines}AwEHoUQDQgAE\n-----END EC PRIVATE KEY-----`;
  expect(redact(`a ${key} b`)).toBe('a [PRIVATE_KEY_1] b');
  expect(redact(key.slice(0, 150))).toBe('[PRIVATE_KEY_1]');
  expect(redact(JSON.stringify({ key }))).toBe('{"key":"[PRIVATE_KEY_1]"}');
  expect(redact('-----BEGIN PUBLIC KEY-----\nMHcCAQEE')).toContain('PUBLIC');
});

test('keys of ours are known by their form, and without a mode by their checksum', () => {
  const body = `tr_${'aB3'.repeat(14)}x`;
  const crc = [...Array(6).keys()].reduceRight(
    (text, turn) => text + ALPHABET.charAt(Math.floor(crc32(body) / 62 ** turn) % 62),
    '',
  );
  expect(redact(`key ${body}${crc}`)).toBe('key [API_KEY_1]');
  expect(redact(`key ${body}aaaaaa`)).toBe(`key ${body}aaaaaa`);
  expect(redact(`key tt_live_${'aB3'.repeat(16)}x`)).toBe('key [API_KEY_1]');
});

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

test.each([
  'sk-ant-api03-abcDEF123456789abcDEF123456789abcDEF-AA',
  'sk-proj-abcDEF123456789_abcDEF123456789',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCDEFGHIJK',
  'AKIAIOSFODNN7EXAMPLE',
  'AIzaSyA1234567890abcdefghijklmnopqrstuv',
  'glpat-abcDEF1234567890abcd',
  'xoxb-123456789012-abcdefABCDEF123456',
  `sk${'_'}live_4eC39HqLyjWDarjtT1zdp7dc`,
  'hf_abcdefghijklmnopqrstuvwxyzABCDEF12',
  'npm_abcdefghijklmnopqrstuvwxyz0123456789',
  'SG.abcdefghijklmnop123456.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  'gsk_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP',
  'hvs.CAESIabcdefghijklmnop1234567890',
  'dapi0123456789abcdef0123456789abcdef',
  '123456789:AAabcdefghijklmnopqrstuvwxyz0123456',
])('a key of a vendor is found whole: %s', (key) => {
  expect(redact(`use ${key} now`)).toBe('use [API_KEY_1] now');
});

test('findings are places in the text as it was handed in', () => {
  expect(redactor.find('x jo\u200bhn@example.com y')).toEqual([{ type: 'EMAIL', start: 2, end: 19 }]);
});

test('a social security number in groups is known by a word after it, unless another number stands between', () => {
  expect(redact('123 45 6789 is her social security number')).toBe('[SSN_1] is her social security number');
  expect(redact('123.45.6789 (SSN)')).toBe('[SSN_1] (SSN)');
  expect(redact('parts 123 45 6789 and 17 for the SSN form')).toBe(
    'parts 123 45 6789 and 17 for the SSN form',
  );
  expect(redact('123 45 6789 pieces in stock')).toBe('123 45 6789 pieces in stock');
});

test('a British insurance number may have a space after its letters, where a word names it', () => {
  expect(redact('NINO: AB 12 34 56 C.')).toBe('NINO: [NATIONAL_ID_1].');
  expect(redact('national insurance ab 12 34 56 c')).toBe('national insurance [NATIONAL_ID_1]');
  expect(redact('row AB 12 34 56 C')).toBe('row AB 12 34 56 C');
});
