import type { AlertSubject } from '@app/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Finding, type Judgement, judgeAlert, SUBJECTS_MAX } from './judge-alert.ts';

const minuteMs = 60_000;

/** A rule over time: what each look finds, and what it says. */
function openRule(cooldownMinutes = 60) {
  let subjects: AlertSubject[] = [];
  let state: Judgement['state'] = 'ok';
  let stateSinceMs = 0;
  return {
    look: (atMinute: number, found: readonly Finding[], hasData = true): Judgement => {
      const judged = judgeAlert({
        rule: { direction: 'above', cooldownMinutes, state, stateSinceMs },
        before: subjects,
        findings: { found, overall: undefined, hasData },
        nowMs: atMinute * minuteMs,
      });
      ({ subjects, state, stateSinceMs } = judged);
      return judged;
    },
  };
}

const bad = (subject = '', value = 12): Finding => ({ subject, value, isBreach: true });
const good = (subject = '', value = 3): Finding => ({ subject, value, isBreach: false });
const said = ({ changes }: Judgement) =>
  changes.map(({ subject, state, isTold }) => `${subject}${state}${isTold ? '' : ', quiet'}`);

describe('what a rule says over time', () => {
  test('that it fires and that it is over is told once each', () => {
    const rule = openRule();
    expect(said(rule.look(0, [good()]))).toEqual([]);
    const first = rule.look(1, [bad()]);
    expect([first.state, first.stateSinceMs, ...said(first)]).toEqual(['firing', minuteMs, 'firing']);
    for (let minute = 2; minute < 300; minute += 1) expect(said(rule.look(minute, [bad()]))).toEqual([]);
    const last = rule.look(300, [good()]);
    expect([last.state, ...said(last)]).toEqual(['ok', 'resolved']);
    expect(rule.look(301, [good()])).toMatchObject({ changes: [], isChanged: false, subjects: [] });
  });

  test('within its cool-down it comes and goes quietly, and when it still fires afterwards that is told', () => {
    const rule = openRule(10);
    expect(said(rule.look(0, [bad()]))).toEqual(['firing']);
    expect(said(rule.look(1, [good()]))).toEqual(['resolved']);
    expect(said(rule.look(2, [bad()]))).toEqual(['firing, quiet']);
    expect(said(rule.look(3, [good()]))).toEqual(['resolved, quiet']);
    expect(said(rule.look(4, [bad()]))).toEqual(['firing, quiet']);
    expect(said(rule.look(9, [bad()]))).toEqual([]);
    expect(said(rule.look(10, [bad()]))).toEqual(['firing']);
    expect(said(rule.look(11, [bad()]))).toEqual([]);
    expect(said(rule.look(12, [good()]))).toEqual(['resolved']);
  });

  test('each subject has a cool-down of its own, and one that is not seen any more is over', () => {
    const rule = openRule();
    expect(said(rule.look(0, [bad('ann')]))).toEqual(['annfiring']);
    expect(said(rule.look(1, [bad('ann'), bad('bob', 99)]))).toEqual(['bobfiring']);
    expect(said(rule.look(2, [good('bob')]))).toEqual(['bobresolved', 'annresolved']);
  });

  test('too few calls are no data, and what fired before is over', () => {
    const rule = openRule();
    rule.look(0, [bad()]);
    const quiet = rule.look(1, [], false);
    expect([quiet.state, ...said(quiet)]).toEqual(['no_data', 'resolved']);
    expect(quiet.changes[0]?.value).toBeUndefined();
  });

  test('what happens at one moment is held, told again after its cool-down when it happened again, and never said to be over', () => {
    const rule = openRule(10);
    const event = (minute: number): Finding => ({
      ...bad('member.add'),
      heldUntilMs: (minute + 10) * minuteMs,
    });
    expect(said(rule.look(0, [event(0)]))).toEqual(['member.addfiring']);
    expect(rule.look(5, [])).toMatchObject({ state: 'firing', changes: [] });
    expect(said(rule.look(6, [event(6)]))).toEqual(['member.addfiring, quiet']);
    expect(rule.look(9, [])).toMatchObject({ changes: [] });
    expect(said(rule.look(10, []))).toEqual(['member.addfiring']);
    expect(rule.look(15, [])).toMatchObject({ state: 'firing', changes: [] });
    expect(rule.look(16, [])).toMatchObject({ state: 'ok', changes: [] });
    expect(rule.look(20, [])).toMatchObject({ state: 'ok', subjects: [] });
    expect(said(rule.look(21, [event(21)]))).toEqual(['member.addfiring']);
  });

  test('of a hundred thousand users a rule fires for the worst thousand, and the others are counted', () => {
    const found = Array.from({ length: 100_000 }, (_, index) => bad(`user-${index}`, index));
    const judged = openRule().look(0, found);
    expect([judged.subjects.length, judged.changes.length, judged.more]).toEqual([
      SUBJECTS_MAX,
      SUBJECTS_MAX,
      100_000 - SUBJECTS_MAX,
    ]);
    expect(judged.changes[0]).toMatchObject({ subject: 'user-99999' });
  });

  test('whatever happens, no subject is told to fire twice within a cool-down, nor over without having been told', () => {
    const looks = fc.array(fc.subarray(['a', 'b', 'c']), { maxLength: 80 });
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 20 }), (series, cooldownMinutes) => {
        const rule = openRule(cooldownMinutes);
        const told = new Map<string, number>();
        const open = new Set<string>();
        for (const [minute, breaching] of series.entries()) {
          const judged = rule.look(
            minute,
            breaching.map((subject) => bad(subject)),
          );
          for (const { subject, state } of judged.changes.filter(({ isTold }) => isTold)) {
            if (state === 'resolved') {
              expect(open.delete(subject)).toBe(true);
              continue;
            }
            expect(open.has(subject)).toBe(false);
            const last = told.get(subject) ?? Number.NEGATIVE_INFINITY;
            expect(minute - last).toBeGreaterThanOrEqual(cooldownMinutes);
            told.set(subject, minute);
            open.add(subject);
          }
          const firing = judged.subjects.filter(({ isFiring }) => isFiring).map(({ subject }) => subject);
          expect(firing.sort()).toEqual([...breaching].sort());
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
