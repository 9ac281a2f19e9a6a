import { makeCertificate } from '@app/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSmtpServer, type TestSmtpServer } from '../../test/open-smtp-server.ts';
import { type MailFields, readMailPlace } from '../config/mail-fields.ts';
import { parseAllowedHosts } from '../outbound/allowed-hosts.ts';
import type { Mailer } from './mailer.ts';
import { type MailLimits, openMailer } from './open-mailer.ts';

const certificate = makeCertificate('mail.example');
const other = makeCertificate('mail.example');
let plain: TestSmtpServer;
let starttls: TestSmtpServer;
let implicit: TestSmtpServer;
let silent: TestSmtpServer;

beforeAll(async () => {
  const tls = { key: certificate.key, cert: certificate.cert };
  plain = await openSmtpServer();
  starttls = await openSmtpServer(tls);
  implicit = await openSmtpServer({ ...tls, secure: true });
  silent = await openSmtpServer({ onData: (stream) => void stream.resume() });
});
afterAll(() => Promise.all([plain, starttls, implicit, silent].map((each) => each.close())));

const FROM = 'TokenRouter <llm@example.com>';

type Options = {
  allowed?: string[];
  address?: string;
  limits?: Partial<MailLimits>;
  files?: { [path: string]: string };
};

function mailerTo(fields: Omit<MailFields, 'from'>, options: Options = {}): Mailer {
  const { allowed = ['mail.example', '127.0.0.1'], address = '127.0.0.1', limits = {}, files = {} } = options;
  return openMailer({
    place: readMailPlace({ from: FROM, ...fields }),
    allowedHosts: parseAllowedHosts(allowed),
    resolve: (_name, done) => done(null, [{ address, family: 4 }]),
    readFile: (path) => ({ 'ca.pem': certificate.cert, 'wrong.pem': other.cert, ...files })[path],
    schedule: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    limits,
  });
}

const mail = { to: 'ada@example.com', subject: 'Hello', text: 'It works.\n' };
const failureOf = (sent: Promise<void>): Promise<string> =>
  sent.then(
    () => 'sent',
    (error: Error) => error.message,
  );

test('a mail arrives as it was written, from whom the operator said', async () => {
  await mailerTo({ host: '127.0.0.1', port: plain.port }).send(mail);
  const { from, to, source } = plain.mails.at(-1) ?? { from: '', to: [], source: '' };
  expect({ from, to }).toEqual({ from: 'llm@example.com', to: ['ada@example.com'] });
  expect(source).toContain('From: TokenRouter <llm@example.com>');
  expect(source).toContain('Subject: Hello');
  expect(source).toContain('Auto-Submitted: auto-generated');
  expect(source).toContain('It works.');
});

test.each([
  ['STARTTLS', () => ({ port: starttls.port, tls: 'starttls' as const }), () => starttls],
  ['TLS from the first byte', () => ({ port: implicit.port, tls: 'implicit' as const }), () => implicit],
])(
  '%s carries the mail and the password when the certificate is the right one',
  async (_name, at, server) => {
    const signIn = { user: 'postman', password_file: 'password' };
    const files = { password: 'canary-smtp-password\n' };
    await mailerTo({ host: 'mail.example', ...at(), ...signIn, ca_file: 'ca.pem' }, { files }).send(mail);
    expect(server().mails.at(-1)).toMatchObject({ to: ['ada@example.com'], isEncrypted: true });
  },
);

test.each([
  [
    'STARTTLS by an authority that is not known',
    () => ({ port: starttls.port, tls: 'starttls' as const }),
    'mail.example',
  ],
  [
    'TLS by an authority that is not known',
    () => ({ port: implicit.port, tls: 'implicit' as const }),
    'mail.example',
  ],
  [
    'STARTTLS for another name',
    () => ({ port: starttls.port, tls: 'starttls' as const, ca_file: 'ca.pem' }),
    '127.0.0.1',
  ],
])('%s is refused before anything is sent', async (_name, at, host) => {
  const before = starttls.mails.length + implicit.mails.length;
  expect(await failureOf(mailerTo({ host, ca_file: 'wrong.pem', ...at() }).send(mail))).toBe(
    'The mail server could not be trusted: its TLS certificate is not valid.',
  );
  expect(starttls.mails.length + implicit.mails.length).toBe(before);
});

test('a server that offers no STARTTLS gets no mail where encryption is asked for', async () => {
  const before = plain.mails.length;
  const mailer = mailerTo({ host: '127.0.0.1', port: plain.port, tls: 'starttls' });
  expect(await failureOf(mailer.send(mail))).toMatch(/could not be encrypted/);
  expect(plain.mails.length).toBe(before);
});

test.each([
  ['a name that leads to this machine', { host: 'mail.example' }, { allowed: [] }],
  ['a literal address of this machine', { host: '127.0.0.1' }, { allowed: [] }],
  [
    'a name that leads to a metadata service, though it is listed',
    { host: 'mail.example' },
    { address: '169.254.169.254' },
  ],
])('%s is not connected to unless the operator listed it', async (_name, fields, options) => {
  const before = plain.mails.length;
  const mailer = mailerTo({ ...fields, port: plain.port, tls: 'none' }, options);
  expect(await failureOf(mailer.send(mail))).toMatch(/private or reserved address/);
  expect(plain.mails.length).toBe(before);
});

test('what people chose makes no header and no second recipient', async () => {
  const mailer = mailerTo({ host: '127.0.0.1', port: plain.port });
  const name = 'Eve\r\nBcc: all@example.com\r\n\r\nclick \u2028here';
  await mailer.send({ ...mail, subject: `You were invited to ${name}`, text: `.\r\nQUIT\r\n${name}` });
  const { source, to } = plain.mails.at(-1) ?? { source: '', to: [] };
  expect(to).toEqual(['ada@example.com']);
  const [head = ''] = source.split('\r\n\r\n');
  expect(head).not.toMatch(/^bcc:/im);
  for (const address of [
    'ada@example.com, eve@example.com',
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    '<ada@example.com> SIZE=1',
    'Ada <ada@example.com>',
    '',
  ]) {
    expect(await failureOf(mailer.send({ ...mail, to: address }))).toBe('That is not an e-mail address.');
  }
});

test('a refused password is in no error, even where the server repeats it', async () => {
  const fields = { host: '127.0.0.1', port: plain.port, user: 'postman', password: 'canary-wrong-password' };
  const mailer = mailerTo(fields);
  const error = await mailer.send(mail).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/did not accept the user and password \(535\)/);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(Object(error)))).not.toContain('canary');
});

test('a server that does not take it in time is given up, and what waits beyond the bound is refused at once', async () => {
  const limits = { deadlineMs: 100, connectionsMax: 1, waitingMax: 1 };
  const mailer = mailerTo({ host: '127.0.0.1', port: silent.port }, { limits });
  const sent = [mail, mail, mail].map((each) => failureOf(mailer.send(each)));
  expect(await Promise.all(sent)).toEqual([
    'The mail server did not take it in time.',
    'The mail server did not take it in time.',
    'Too many mails wait to be sent.',
  ]);
});

test('a mailer that was closed ends what is under way', async () => {
  const mailer = mailerTo({ host: '127.0.0.1', port: silent.port });
  const sent = failureOf(mailer.send(mail));
  mailer.close();
  expect(await sent).toBe('The server is stopping.');
});

test('without a server nothing is sent, and it says so', async () => {
  const mailer = openMailer({
    place: undefined,
    allowedHosts: parseAllowedHosts([]),
    resolve: (_name, done) => done(null, []),
    readFile: () => undefined,
    schedule: () => () => undefined,
  });
  expect(mailer.isConfigured).toBe(false);
  expect(await failureOf(mailer.send(mail))).toMatch(/No mail server is configured/);
});
