import type { Schedule } from '@app/gateway';
import type { MemberReminder, RelationalStore } from '@app/store';
import type { Mailer } from '../mail/mailer.ts';
import { repeatAfter } from '../snapshot/repeat.ts';

export type MemberUpkeepDeps = {
  members: Pick<RelationalStore['members'], 'claimMemberReminders' | 'deleteOldInvitations'>;
  mailer: Pick<Mailer, 'isConfigured' | 'send'>;
  /** How browsers reach this server. */
  url: string;
  nowMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
  /** Where there is no mail server, the operator reads it in the log. */
  onReminder: (reminder: { organization: string; stale: number }) => void;
};

export type MemberUpkeep = {
  /** Does everything that is due now. */
  run(): Promise<void>;
  close(): void;
};

const FIRST_MS = 120_000;
const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const REMIND_EVERY_MS = 30 * DAY_MS;
const KEEP_INVITATIONS_MS = 90 * DAY_MS;
const ORGANIZATIONS = 100;
const NAMED_MAX = 50;

/** Reminds owners once a month of members who were not active for long, and forgets invitations of the past. */
export function openMemberUpkeep(deps: MemberUpkeepDeps): MemberUpkeep {
  const { members, nowMs } = deps;
  const run = async () => {
    const asked = { everyMs: REMIND_EVERY_MS, limit: ORGANIZATIONS };
    const due = await members.claimMemberReminders({ ...asked, nowMs: nowMs() });
    for (const reminder of due) await remind(deps, reminder);
    await members.deleteOldInvitations({ endedBeforeMs: nowMs() - KEEP_INVITATIONS_MS });
  };
  const runQuietly = () =>
    run().catch((error: unknown) => deps.onWarning('Members could not be looked through.', error));
  return { run, close: repeatAfter(deps.schedule, { firstMs: FIRST_MS, everyMs: EVERY_MS }, runQuietly) };
}

async function remind(deps: MemberUpkeepDeps, reminder: MemberReminder): Promise<void> {
  const { organization, owners, stale } = reminder;
  if (!deps.mailer.isConfigured || owners.length === 0) {
    deps.onReminder({ organization, stale: stale.length });
    return;
  }
  const mail = writeReminder(reminder, deps);
  for (const to of owners) {
    await deps.mailer
      .send({ ...mail, to })
      .catch((error: unknown) => deps.onWarning('A reminder could not be sent by e-mail.', error));
  }
}

function writeReminder(reminder: MemberReminder, { url, nowMs }: Pick<MemberUpkeepDeps, 'url' | 'nowMs'>) {
  const { staleDays, stale } = reminder;
  const named = stale
    .slice(0, NAMED_MAX)
    .map(({ email, lastActiveAtMs }) => `- ${email}, ${sinceWhen(lastActiveAtMs, nowMs())}`);
  const more = stale.length > NAMED_MAX ? [`and ${stale.length - NAMED_MAX} more`] : [];
  const text = [
    `These members were not active for ${staleDays} days or longer. Remove those who no longer need access:`,
    '',
    ...named,
    ...more,
    '',
    `${new URL(url).origin}/team`,
    '',
    'You get this once a month as an owner; the sign-in policy of the organization turns it off.',
  ].join('\n');
  return { subject: `${stale.length} members were not active lately`, text };
}

function sinceWhen(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? 'never' : `${Math.floor((nowMs - atMs) / DAY_MS)} days ago`;
}
