export type Needle = { name: string; form: string; bytes: Buffer };

const START_BYTES = 4;

/**
 * Every needle that the bytes hold, each once. One pass, whatever the number of needles: at each place the next four
 * bytes are looked up among the beginnings of the needles, which have at least as many.
 */
export function createFindInBytes(needles: readonly Needle[]): (haystack: Buffer) => Needle[] {
  const byStart = Map.groupBy(needles, ({ bytes }) => bytes.readUInt32BE(0));
  const mayStart = new Uint8Array(65_536);
  for (const start of byStart.keys()) mayStart[slotOf(start)] = 1;
  return (haystack) => {
    const found = new Set<Needle>();
    let next = 0;
    for (let at = 0; at < haystack.length; at += 1) {
      next = ((next << 8) | (haystack[at] ?? 0)) >>> 0;
      if (mayStart[slotOf(next)] === 0) continue;
      const from = at + 1 - START_BYTES;
      for (const needle of byStart.get(next) ?? []) {
        const { bytes } = needle;
        if (from >= 0 && haystack.subarray(from, from + bytes.length).equals(bytes)) found.add(needle);
      }
    }
    return [...found];
  };
}

const slotOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> 16;
