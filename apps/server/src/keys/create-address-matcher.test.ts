import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAddressMatcher } from './create-address-matcher.ts';
import { isWithin, parseIpRange, writeIpRange } from './ip-range.ts';

const fixed = { seed: 23, numRuns: 2_000 };
const octet = fc.integer({ min: 0, max: 255 });
const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
// Few values, so that groups repeat, zeros run together and ranges overlap.
const group = fc.constantFrom(0, 0, 0, 1, 0xff, 0x2001, 0xdb8, 0xffff, 0xfe80, 0x8000);
const v6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .filter((groups) => !isMapped(groups))
  .map((groups) => groups.map((each) => each.toString(16)).join(':'));
const rangeOf = (address: fc.Arbitrary<string>, bitsMax: number) =>
  fc.tuple(address, fc.integer({ min: 0, max: bitsMax })).map(([network, bits]) => aligned(network, bits));
const range = fc.oneof(rangeOf(v4, 32), rangeOf(v6, 128));
const address = fc.oneof(v4, v6);

function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((each) => each === 0) && groups[5] === 0xffff;
}

/** The range that holds an address, its other bits cleared: what the message about loose bits proposes. */
function aligned(network: string, bits: number): string {
  const text = `${network}/${bits}`;
  const parsed = parseIpRange(text);
  if (parsed.ok) return text;
  return /write (\S+)$/.exec(parsed.problem)?.[1] ?? text;
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ranges) {
    const [network = '', prefix] = text.split('/');
    const family = isIPv4(network) ? 'ipv4' : 'ipv6';
    list.addSubnet(network, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family);
  }
  return list;
}

describe('a list of ranges', () => {
  test('holds exactly the addresses that the block list of Node holds', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), address, (ranges, ip) => {
        const family = isIPv4(ip) ? 'ipv4' : 'ipv6';
        const ofFamily = ranges.filter((text) => isIPv4(text.split('/')[0] ?? '') === (family === 'ipv4'));
        expect(createAddressMatcher(ranges)(ip)).toBe(blockListOf(ofFamily).check(ip, family));
      }),
      fixed,
    );
  });

  test('holds the addresses at both ends of a range and not their neighbours', () => {
    const has = createAddressMatcher(['192.0.2.64/26', '2001:db8:0:8000::/49', '203.0.113.7', '::1']);
    for (const ip of [
      '192.0.2.64',
      '192.0.2.127',
      '2001:db8:0:8000::',
      '2001:db8:0:ffff:ffff:ffff:ffff:ffff',
    ]) {
      expect([ip, has(ip)]).toEqual([ip, true]);
    }
    for (const ip of [
      '192.0.2.63',
      '192.0.2.128',
      '2001:db8:0:7fff::',
      '2001:db8:1::',
      '203.0.113.8',
      '::2',
    ]) {
      expect([ip, has(ip)]).toEqual([ip, false]);
    }
  });

  test('takes an IPv4 address in each of its mapped forms for the same address', () => {
    const has = createAddressMatcher(['192.0.2.0/24']);
    for (const ip of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:C000:201', '0:0:0:0:0:ffff:192.0.2.1']) {
      expect([ip, has(ip)]).toEqual([ip, true]);
    }
    for (const ip of ['::192.0.2.1', '64:ff9b::192.0.2.1', '2002:c000:201::', '::fffe:192.0.2.1']) {
      expect([ip, has(ip)]).toEqual([ip, false]);
    }
    expect(createAddressMatcher(['::ffff:192.0.2.0/120'])('192.0.2.9')).toBe(true);
    expect(createAddressMatcher(['::/0'])('192.0.2.9')).toBe(false);
    expect(createAddressMatcher(['0.0.0.0/0'])('2001:db8::1')).toBe(false);
  });

  test.each([
    '',
    'unknown',
    '192.0.2.1:443',
    '[::1]',
    'fe80::1%eth0',
    '192.0.2',
    '0300.0.2.1',
    '192.0.2.1 ',
    '192.0.2.1, 10.0.0.1',
  ])('does not hold %j, which is no address', (ip) => {
    expect(createAddressMatcher(['0.0.0.0/0', '::/0'])(ip)).toBe(false);
  });

  test('that cannot be read holds nothing', () => {
    expect(createAddressMatcher(['10.0.0.0/33'])('10.0.0.1')).toBe(false);
    expect(createAddressMatcher([])('10.0.0.1')).toBe(false);
  });
});

describe('a range', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:0DB8:0000::/32', '2001:db8::/32'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['2001:db8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
  ])('%s is kept as %s', (text, kept) => {
    const parsed = parseIpRange(text);
    expect(parsed.ok && writeIpRange(parsed.range)).toBe(kept);
  });

  test('that is written and read again is the same', () => {
    fc.assert(
      fc.property(range, (text) => {
        const parsed = parseIpRange(text);
        if (!parsed.ok) throw new Error(parsed.problem);
        expect(parseIpRange(writeIpRange(parsed.range))).toEqual(parsed);
      }),
      fixed,
    );
  });

  test.each([
    ['10.0.0.1/8', 'write 10.0.0.0/8'],
    ['2001:db8::1/64', 'write 2001:db8::/64'],
    ['10.0.0.0/33', '0 to 32'],
    ['2001:db8::/129', '0 to 128'],
    ['10.0.0.0/08', '0 to 32'],
    ['10.0.0.0/', '0 to 32'],
    ['10.0.0.0/-1', '0 to 32'],
    ['10.0.0.0/8/8', 'neither'],
    ['10.0.0', 'neither'],
    ['010.0.0.0/8', 'neither'],
    ['0x0a.0.0.0/8', 'neither'],
    ['fe80::1%eth0', 'neither'],
    ['fe80::%1/64', 'neither'],
    ['::ffff:0.0.0.0/90', 'mapped'],
    ['office.example', 'neither'],
    ['*', 'neither'],
  ])('%s is refused with what to write instead', (text, words) => {
    const parsed = parseIpRange(text);
    expect(!parsed.ok && parsed.problem).toContain(words);
  });

  test('lies within another exactly when all its addresses do', () => {
    fc.assert(
      fc.property(range, range, address, (innerText, outerText, ip) => {
        const [inner, outer] = [parseIpRange(innerText), parseIpRange(outerText)];
        if (!inner.ok || !outer.ok) throw new Error('The generator made a range that cannot be read.');
        if (!isWithin(inner.range, outer.range)) return;
        if (createAddressMatcher([innerText])(ip)) expect(createAddressMatcher([outerText])(ip)).toBe(true);
      }),
      fixed,
    );
    const within = (inner: string, outer: string) => {
      const [a, b] = [parseIpRange(inner), parseIpRange(outer)];
      return a.ok && b.ok && isWithin(a.range, b.range);
    };
    expect(within('10.1.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(within('10.0.0.0/8', '10.1.0.0/16')).toBe(false);
    expect(within('10.0.0.0/8', '::/0')).toBe(false);
  });
});
