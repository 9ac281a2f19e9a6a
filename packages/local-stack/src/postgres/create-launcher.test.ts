import { expect, test } from 'vitest';
import { createLauncher } from './create-launcher.ts';

const command = ['/bin/postgres', ['-D', '/data'], 'SIGINT'] as const;
const commandOf = (launcher: ReturnType<typeof createLauncher>) =>
  launcher.commandOf(command[0], [...command[1]], command[2]);

test('root runs as nobody of a user namespace, and the death signal is set inside of it', () => {
  const launcher = createLauncher({ isRoot: true, works: () => true });
  expect(commandOf(launcher).join(' ')).toBe(
    'unshare -U --map-user=65534 --map-group=65534 -- setpriv --pdeathsig SIGINT -- /bin/postgres -D /data',
  );
});

test('any other user runs the program itself', () => {
  expect(commandOf(createLauncher({ isRoot: false, works: ([name]) => name === 'setpriv' }))[0]).toBe(
    'setpriv',
  );
  expect(commandOf(createLauncher({ isRoot: false, works: () => false }))).toEqual([
    '/bin/postgres',
    '-D',
    '/data',
  ]);
});

test('root without user namespaces is told what to do', () => {
  expect(() => createLauncher({ isRoot: true, works: () => false })).toThrow(
    /as another user, or set DATABASE_URL/,
  );
});
