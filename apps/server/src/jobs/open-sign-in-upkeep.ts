import type { Schedule } from '@app/gateway';
import type { RelationalStore } from '@app/store';
import { PLACE_KNOWN_MS } from '../identity/create-sign-in-limit.ts';
import { CODE_GOOD_MS } from '../identity/session-hooks.ts';
import { repeat } from '../snapshot/repeat.ts';

export type SignInUpkeepDeps = {
  deleteExpiredSignIn: RelationalStore['signIn']['deleteExpiredSignIn'];
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

const EVERY_MS = 3_600_000;
const ATTEMPTS_KEPT_MS = 2 * 24 * 3_600_000;

/** Deletes what signing in leaves behind, by the hour: sessions that are over, challenges, tries, used codes. The returned function stops it. */
export function openSignInUpkeep(deps: SignInUpkeepDeps): () => void {
  return repeat(deps.schedule, EVERY_MS, async () => {
    const nowMs = deps.nowMs();
    await deps
      .deleteExpiredSignIn({
        nowMs,
        codesBeforeMs: nowMs - CODE_GOOD_MS,
        attemptsBeforeMs: nowMs - ATTEMPTS_KEPT_MS,
        placesBeforeMs: nowMs - PLACE_KNOWN_MS,
      })
      .catch((error: unknown) => deps.onWarning('Old sessions could not be deleted.', error));
  });
}
