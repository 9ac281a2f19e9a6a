import { isLoopback } from '../../config/is-loopback.ts';
import { type Check, found, inProduction } from '../check.ts';
import type { Facts } from '../facts.ts';

/** What ships as a default, or is tried first by whoever guesses. */
const GUESSED = new Set(
  'postgres,password,passwort,changeme,change-me,admin,root,secret,default,test,tokenrouter,clickhouse,redis,guest,1234,12345,123456,12345678,qwerty,letmein,example'.split(
    ',',
  ),
);
const PASSWORD_CHARS_MIN = 8;

export const secretChecks: readonly Check[] = [
  {
    name: 'literal-secrets',
    area: 'secrets',
    title: 'No secret stands in the configuration file as plain text.',
    why: 'A key written into a file ends up in backups and repositories.',
    run: ({ config }) =>
      config.file.literalSecrets.map((place) =>
        found(
          'warning',
          `${place} holds a key as plain text.`,
          'Put it into an environment variable and write ${NAME} instead.',
        ),
      ),
  },
  {
    name: 'master-key-place',
    area: 'secrets',
    title: 'The master key lies apart from the data, and in no variable.',
    why: 'Whoever has the data folder and the master key reads everything; a variable is seen by every process of the account.',
    run: (facts) => {
      const { from, path, isInsideData } = facts.masterKey;
      if (isInsideData) {
        const remedy =
          'Move it to a place that is not backed up with the data, and name that with TOKENROUTER_MASTER_KEY_FILE.';
        return [
          found(
            inProduction(facts, 'critical'),
            `The master key ${path} lies inside the data folder.`,
            remedy,
          ),
        ];
      }
      if (from !== 'environment' || facts.config.mode !== 'production') return [];
      const remedy =
        'Name a file with TOKENROUTER_MASTER_KEY_FILE, or a secret manager with TOKENROUTER_MASTER_KEY_REF.';
      return [found('notice', 'The master key stands in the environment.', remedy)];
    },
  },
  {
    name: 'weak-secrets',
    area: 'defaults',
    title: 'No password is empty, a default, or easily guessed.',
    why: 'Defaults are tried first, by everybody.',
    run: (facts) => [
      ...(facts.masterKey.isWeak
        ? [
            found(
              inProduction(facts, 'critical'),
              'The master key is not random: a few bytes make up all of it.',
              'tokenrouter keys rotate-master',
            ),
          ]
        : []),
      ...passwordsOf(facts)
        .filter(({ password }) => isWeak(password))
        .map(({ name, password, isNear }) =>
          found(
            isNear ? 'warning' : inProduction(facts, 'critical'),
            `The password of ${name} is ${password === '' ? 'empty' : 'a default, or short'}.`,
            `Give ${name} a long random password.`,
          ),
        ),
    ],
  },
];

function isWeak(password: string): boolean {
  return password.length < PASSWORD_CHARS_MIN || GUESSED.has(password.toLowerCase());
}

type Password = {
  name: string;
  password: string;
  /** Who could use it is on this machine already; or it may come from elsewhere, as PostgreSQL's may. */
  isNear: boolean;
};

/** Passwords of what this server signs in to; stores on this machine's sockets have none. */
function passwordsOf({ config: { environment, file } }: Facts): Password[] {
  const stores = (['DATABASE_URL', 'CLICKHOUSE_URL', 'REDIS_URL'] as const).flatMap((name) => {
    const text = environment[name];
    const url = text === undefined || text.startsWith('unix:') ? undefined : new URL(text);
    if (url === undefined || url.hostname === '') return [];
    const password = decodeURIComponent(url.password || url.searchParams.get('password') || '');
    // A certificate may take the place of a password.
    if (password === '' && url.searchParams.has('sslcert')) return [];
    const isElsewhere = name === 'DATABASE_URL' && password === '';
    return [{ name, password, isNear: isElsewhere || isLoopback(url.hostname) }];
  });
  const { password } = file.mail ?? {};
  return [...stores, ...(password === undefined ? [] : [{ name: 'mail', password, isNear: false }])];
}
