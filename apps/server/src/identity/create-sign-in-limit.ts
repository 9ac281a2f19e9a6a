import type { RelationalStore } from '@app/store';
import { networkOf } from './network-of.ts';

export type SignInLimitDeps = {
  signIn: Pick<
    RelationalStore['signIn'],
    'countSignInAttempt' | 'releaseSignInAttempt' | 'findSignInPlace' | 'touchSignInPlace'
  >;
  /** Makes addresses and names of accounts into what cannot be read back. */
  digest: (text: string) => string;
  nowMs: () => number;
};

/** What is tried. Each kind counts for itself. */
export type TryKind = 'sign-in' | 'code' | 'password' | 'reset';

export type Try = {
  kind: TryKind;
  /** Where it comes from. */
  ip: string;
  /** Whose account it is about, as far as the request says; whether there is one makes no difference. */
  account?: string | undefined;
};

/** `failed` is what a try counts as until it is told otherwise; `harmless` is one that tried nothing. */
export type Admitted = { ok: true; settle(outcome: 'done' | 'failed' | 'harmless'): Promise<void> };

export type SignInLimit = {
  /** Lets a try happen, or says after how many seconds the next may. */
  admit(attempt: Try): Promise<Admitted | { ok: false; retryAfterS: number }>;
  /** Notes that somebody got in, by whichever way: the place they came from is known from now on. */
  noteSignIn(place: { account: string; ip: string }): Promise<void>;
};

const WAIT_MS = 1_000;
const WAIT_MAX_MS = 15 * 60_000;
const FORGET_MS = 24 * 3_600_000;
/** How long a place counts as known after somebody signed in from there. */
export const PLACE_KNOWN_MS = 90 * 24 * 3_600_000;

/** Failures that cost nothing: of an account, and of a network, behind which many people may be. */
const FREE: { readonly [kind in TryKind]: { account: number; place: number } } = {
  'sign-in': { account: 5, place: 30 },
  code: { account: 5, place: 30 },
  password: { account: 5, place: 30 },
  reset: { account: 3, place: 10 },
};

/**
 * Slows guessing down, for all servers together: each further failure doubles the wait, to a quarter of an hour at most.
 * Failures are counted for the account and for the network they come from. A network from which the account signed in
 * before counts for that account alone and by itself, so that whoever fails elsewhere or at other accounts, however
 * often, keeps nobody out of their own.
 */
export function createSignInLimit({ signIn, digest, nowMs }: SignInLimitDeps): SignInLimit {
  const placeOf = (ip: string) => digest(`place:${networkOf(ip)}`);
  const accountOf = (account: string) => digest(`account:${account.trim().toLowerCase()}`);
  return {
    noteSignIn: ({ account, ip }) =>
      signIn.touchSignInPlace({ account: accountOf(account), place: placeOf(ip), nowMs: nowMs() }),
    admit: async ({ kind, ip, account }) => {
      const now = nowMs();
      const place = placeOf(ip);
      const whose = account === undefined ? undefined : accountOf(account);
      const isKnown =
        whose !== undefined &&
        (await signIn.findSignInPlace({ account: whose, place, sinceMs: now - PLACE_KNOWN_MS }));
      const { account: free, place: freeOfPlace } = FREE[kind];
      const ofPlace = { key: keyOf(kind, place), free: freeOfPlace };
      const keys = isKnown
        ? [{ key: keyOf(kind, `${whose}@${place}`), free }]
        : [ofPlace, ...(whose === undefined ? [] : [{ key: keyOf(kind, whose), free }])];
      const times = { nowMs: now, waitMs: WAIT_MS, waitMaxMs: WAIT_MAX_MS, forgetMs: FORGET_MS };
      const until = await signIn.countSignInAttempt({ keys, ...times });
      if (until !== undefined) {
        return { ok: false, retryAfterS: Math.max(1, Math.ceil((until.getTime() - now) / 1_000)) };
      }
      return {
        ok: true,
        settle: async (outcome) => {
          if (outcome === 'failed') return;
          const counted = keys.map(({ key }) => key);
          const forgotten = outcome === 'done' && isKnown ? counted : [];
          await signIn.releaseSignInAttempt({ keys: counted, forgotten });
          if (outcome === 'done' && whose !== undefined) {
            await signIn.touchSignInPlace({ account: whose, place, nowMs: nowMs() });
          }
        },
      };
    },
  };
}

function keyOf(kind: TryKind, rest: string): string {
  return `${kind}:${rest}`;
}
