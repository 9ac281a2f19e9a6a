import { expect, test } from 'vitest';
import { readDataOptions } from './data-options.ts';

const place = { organization: 'default', project: 'default' };

test('what is named narrows a deletion down, days begin at midnight UTC', () => {
  expect(readDataOptions(['delete', '--user', 'ann', '--from', '2026-05-01', '--dry-run'])).toEqual({
    ...place,
    ...{ do: 'delete', isDryRun: true, filter: { user: 'ann', from: '2026-05-01T00:00:00Z' } },
  });
  expect(readDataOptions(['export', '--session', 's', '--project', 'p'])).toEqual({
    ...{ do: 'export', organization: 'default', project: 'p', filter: { session: 's' } },
  });
});

test('days are a number or forever, and only what is named changes', () => {
  expect(readDataOptions(['retention', '--traces-days', '90', '--responses-days', 'forever'])).toEqual({
    ...place,
    ...{ do: 'retention', change: { traces_days: 90, responses_days: null } },
  });
  expect(readDataOptions(['retention'])).toEqual({ ...place, do: 'retention', change: {} });
});

test.each([
  [['delete', '--trace', 'x'], '--trace'],
  [['delete', '--from', 'yesterday'], '--from'],
  [['retention', '--traces-days', 'many'], '--traces-days'],
  [['retention', '--traces-days', '0'], '--traces-days'],
  [['export', '--trace', '0'.repeat(32)], '--trace'],
  [['export', '--colour', 'red'], '--colour'],
  [['verify-receipt', 'a.json'], '--key'],
  [['verify-receipt', '--key', 'k.pem'], 'file'],
  [['burn'], 'data burn'],
])('%j is refused with a sentence that names what is wrong', (args, named) => {
  const read = readDataOptions(args);
  expect(read.do).toBe('refuse');
  expect('problem' in read ? read.problem : '').toContain(named);
});
