import { createFakeClock } from '@app/testkit';
import { expect, test } from 'vitest';
import { openServerWatch } from './open-server-watch.ts';

test('a second server on the database is told once, again when there is a third, and never of itself', async () => {
  const { schedule, advance } = createFakeClock();
  const warnings: string[] = [];
  let live = ['srv_me'];
  let asked = Promise.resolve();
  const stop = openServerWatch({
    listLiveServers: () => {
      const answer = Promise.resolve(live);
      asked = answer.then(() => undefined);
      return answer;
    },
    serverId: 'srv_me',
    schedule,
    onWarning: (_message, error) => warnings.push(String(error)),
  });
  const look = async (servers: string[]) => {
    live = servers;
    advance(15_000);
    await asked;
    // The next look is planned when this one is over.
    await new Promise((resolve) => setImmediate(resolve));
    return warnings.length;
  };
  expect(await look(['srv_me'])).toBe(0);
  expect(await look(['srv_me', 'srv_other'])).toBe(1);
  expect(warnings[0]).toContain('srv_other');
  expect(await look(['srv_me', 'srv_other'])).toBe(1);
  expect(await look(['srv_me', 'srv_other', 'srv_third'])).toBe(2);
  expect(await look(['srv_me'])).toBe(2);
  expect(await look(['srv_me', 'srv_other'])).toBe(3);
  stop();
});
