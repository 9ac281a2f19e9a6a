import { describe, expect, test } from 'vitest';
import { readCredentialsOptions } from './credentials-options.ts';
import { readHiddenLine } from './read-hidden-line.ts';

const read = (line: string) => readCredentialsOptions(line.split(' ').filter((part) => part !== ''));

test('create takes its secret from standard input, a file or a reference', () => {
  expect(read('create --provider openai')).toEqual({
    do: 'create',
    project: 'default',
    credential: { provider: 'openai', name: 'default', weight: 1, shared: false },
    secret: { from: 'input' },
  });
  expect(read('create --provider openai --weight 0 --shared --secret-file /k')).toMatchObject({
    credential: { weight: 0, shared: true },
    secret: { from: 'file', path: '/k' },
  });
  expect(read('rotate cred_1 --ref vault --project p')).toEqual({
    do: 'rotate',
    project: 'p',
    id: 'cred_1',
    secret: { from: 'reference', name: 'vault' },
  });
});

describe('what is refused', () => {
  test.each([
    ['create', '--provider is needed'],
    ['create --provider x --weight much', '--weight is a whole number'],
    ['create --provider x --ref a --secret-file b', 'not both'],
    ['rotate', 'Say which one'],
    ['reveal cred_1', 'There is no command "credentials reveal"'],
    ['disable cred_1 --ref a', "Unknown option '--ref'"],
  ])('%s', (line, sentence) => {
    expect(read(line)).toMatchObject({ do: 'refuse', problem: expect.stringContaining(sentence) });
  });

  test.each(['create --provider openai sk-canary', 'rotate cred_1 sk-canary', 'create sk-canary'])(
    'a secret as an argument, which is not repeated: %s',
    (line) => {
      const refused = read(line);
      expect(refused.do).toBe('refuse');
      expect(JSON.stringify(refused)).not.toContain('canary');
      expect(JSON.stringify(refused)).toContain('never an argument');
    },
  );
});

test('what is typed at a terminal is not shown, can be corrected, and can be given up', async () => {
  const type = async (...typed: string[]) => {
    const shown: string[] = [];
    const modes: boolean[] = [];
    const listeners = new Set<(chunk: Buffer) => void>();
    const input = {
      setRawMode: (mode: boolean) => void modes.push(mode),
      on: (_: string, listener: (chunk: Buffer) => void) => void listeners.add(listener),
      off: (_: string, listener: (chunk: Buffer) => void) => void listeners.delete(listener),
      resume: () => undefined,
      pause: () => undefined,
    };
    const line = readHiddenLine({ input, write: (text) => shown.push(text) }, 'The key: ');
    for (const part of typed) for (const listener of listeners) listener(Buffer.from(part));
    return { line: await line.catch((error: Error) => error.message), shown: shown.join(''), modes };
  };
  expect(await type('sk-x', '\u007fab', 'c\r', 'more')).toEqual({
    line: 'sk-abc',
    shown: 'The key: \n',
    modes: [true, false],
  });
  expect((await type('sk-x\u0003')).line).toBe('Given up; nothing was changed.');
});
