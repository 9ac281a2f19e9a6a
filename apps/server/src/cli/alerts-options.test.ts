import { expect, test } from 'vitest';
import { readAlertsOptions } from './alerts-options.ts';

test.each([
  [['list'], { do: 'list', json: false, project: 'default', isWhole: false }],
  [['list', '--json', '--whole-organization'], { do: 'list', json: true, isWhole: true }],
  [['test', 'alr_1', '--project', 'shop'], { do: 'test', id: 'alr_1', project: 'shop' }],
  [[], { do: 'help' }],
  [['list', '--help'], { do: 'help' }],
  [['test'], { do: 'refuse', problem: expect.stringContaining('by its id') }],
  [['test', 'a', 'b'], { do: 'refuse' }],
  [['list', 'all'], { do: 'refuse', problem: expect.stringContaining('"all"') }],
  [['create'], { do: 'refuse', problem: expect.stringContaining('use list or test') }],
  [['list', '--colour'], { do: 'refuse', problem: expect.stringContaining('--colour') }],
])('alerts %j', (args, request) => {
  expect(readAlertsOptions(args)).toMatchObject(request);
});
