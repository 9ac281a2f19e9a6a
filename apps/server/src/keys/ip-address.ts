import { isIP } from 'node:net';

/** An address as 32-bit words: one for IPv4, four for IPv6. */
export type IpAddress = readonly [number] | readonly [number, number, number, number];

/**
 * Reads an address. One that maps IPv4 (`::ffff:192.0.2.1`), as sockets that take both families tell it, is the IPv4
 * address. `undefined` for anything else, names with a zone (`fe80::1%eth0`) included: a zone means something only to
 * the machine that wrote it.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  const family = text.includes('%') ? 0 : isIP(text);
  if (family === 4) return [wordOfV4(text)];
  if (family === 0) return undefined;
  const words = wordsOfV6(text);
  return words[0] === 0 && words[1] === 0 && words[2] === MAPPED ? [words[3]] : words;
}

const MAPPED = 0xffff;

function wordOfV4(text: string): number {
  let word = 0;
  for (const octet of text.split('.')) word = word * 256 + Number(octet);
  return word;
}

function wordsOfV6(text: string): [number, number, number, number] {
  const [head = '', tail] = text.split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  const word = (at: number) => (groups[at] ?? 0) * 65_536 + (groups[at + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

/** The 16-bit groups of a part without `::`; an IPv4 address at its end is two of them. */
function groupsOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const word = wordOfV4(group);
    return [Math.floor(word / 65_536), word % 65_536];
  });
}
