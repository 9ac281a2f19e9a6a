import { expect, test } from 'vitest';
import type { Mail } from '../mail/mailer.ts';
import { openMemberUpkeep } from './open-member-upkeep.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 1);
const reminder = {
  organizationId: 'org_a',
  organization: 'Acme',
  staleDays: 90,
  owners: ['olga@example.com', 'otto@example.com'],
  stale: [
    { name: 'Mia', email: 'mia@example.com', lastActiveAtMs: nowMs - 120 * dayMs },
    { name: 'Ida', email: 'ida@example.com', lastActiveAtMs: undefined },
  ],
};

function openLab({ isConfigured = true, fails = '' } = {}) {
  const mails: Mail[] = [];
  const told: object[] = [];
  const warnings: string[] = [];
  const forgotten: number[] = [];
  const scheduled: { delayMs: number; run: () => void }[] = [];
  const upkeep = openMemberUpkeep({
    members: {
      claimMemberReminders: async () => [reminder],
      deleteOldInvitations: async ({ endedBeforeMs }) => void forgotten.push(endedBeforeMs),
    },
    mailer: {
      isConfigured,
      send: async (mail) => {
        if (mail.to === fails) throw new Error('refused');
        mails.push(mail);
      },
    },
    url: 'https://router.example.com/x',
    nowMs: () => nowMs,
    schedule: (delayMs, run) => {
      const entry = { delayMs, run };
      scheduled.push(entry);
      return () => void scheduled.splice(scheduled.indexOf(entry), 1);
    },
    onWarning: (message) => warnings.push(message),
    onReminder: (about) => told.push(about),
  });
  return { upkeep, mails, told, warnings, forgotten, scheduled };
}

test('every owner is told who was not active, since when, and where to change that', async () => {
  const { upkeep, mails } = openLab();
  await upkeep.run();
  expect(mails.map(({ to }) => to)).toEqual(reminder.owners);
  expect(mails[0]?.text).toContain('- mia@example.com, 120 days ago\n- ida@example.com, never');
  expect(mails[0]?.text).toContain('https://router.example.com/team');
});

test('an owner whose mail server refuses does not keep the others from being told', async () => {
  const { upkeep, mails, warnings } = openLab({ fails: 'olga@example.com' });
  await upkeep.run();
  expect(mails.map(({ to }) => to)).toEqual(['otto@example.com']);
  expect(warnings).toHaveLength(1);
});

test('without a mail server the operator is told, without anybody being named', async () => {
  const { upkeep, told } = openLab({ isConfigured: false });
  await upkeep.run();
  expect(told).toEqual([{ organization: 'Acme', stale: 2 }]);
});

test('invitations are forgotten 90 days after they ended, and closing stops the clock', async () => {
  const { upkeep, forgotten, scheduled } = openLab();
  await upkeep.run();
  expect(forgotten).toEqual([nowMs - 90 * dayMs]);
  expect(scheduled).toHaveLength(1);
  upkeep.close();
  expect(scheduled).toHaveLength(0);
});
