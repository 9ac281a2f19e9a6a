import { expect, test } from 'vitest';
import { readConfig } from './read-config.ts';

const read = (mail: string, variables = {}) => readConfig(variables, () => `mail: ${mail}\n`).file.mail;

const problemOf = (mail: string): string => {
  try {
    read(mail);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test.each([
  ['{from: a@b.example}', 'needs url or host'],
  ['{from: nobody, host: h}', 'must be an e-mail address'],
  ['{from: "a@b.example\\r\\nBcc: c@d.example", host: h}', 'must be an e-mail address'],
  ['{from: a@b.example, url: "http://h"}', 'must be smtp'],
  ['{from: a@b.example, url: "smtp://h", host: h}', 'is in the url already'],
  ['{from: a@b.example, host: h, user: u}', 'needs both a user and a password'],
  ['{from: a@b.example, host: h, user: u, password: ""}', 'is empty'],
  ['{from: a@b.example, host: h, user: u, password: p, password_file: f}', 'is set beside a password'],
  ['{from: a@b.example, host: mail.example, tls: none}', 'must not be none'],
])('%s is refused: it %s', (mail, problem) => {
  expect(problemOf(mail)).toContain(problem);
});

test('a password as plain text is found, also inside a URL', () => {
  const found = (mail: string, variables = {}) =>
    readConfig(variables, () => `mail: ${mail}\n`).file.literalSecrets;
  expect(found('{from: a@b.example, host: h, user: u, password: p}')).toEqual([
    expect.stringContaining('mail.password'),
  ]);
  expect(found('{from: a@b.example, url: "smtps://u:p@h"}')).toEqual([expect.stringContaining('mail.url')]);
  expect(found('{from: a@b.example, url: "smtps://h"}')).toEqual([]);
  expect(found('{from: a@b.example, url: "${SMTP_URL}"}', { SMTP_URL: 'smtps://u:p@h' })).toEqual([]);
});
