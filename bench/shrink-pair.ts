import type { FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';

/**
 * The shortest answer found that breaks the same law: frames, or thirds of a body, are left out one by one for as long as
 * that changes nothing. As text, for a person.
 */
export async function shrinkPair(
  given: FuzzCase,
  breachesOf: (given: FuzzCase) => Promise<string[]>,
): Promise<string | undefined> {
  const law = lawOf(await breachesOf(given));
  if (law === undefined) return undefined;
  const isSame = async (parts: readonly string[]): Promise<boolean> => {
    const pieces = [Buffer.from(parts.join(''), 'latin1')];
    return lawOf(await breachesOf({ ...given, pieces })) === law;
  };
  let parts = partsOf(Buffer.concat(given.pieces).toString('latin1'));
  if (!(await isSame(parts))) return undefined;
  for (let at = 0; at < parts.length && at < PARTS_MAX; ) {
    const fewer = parts.toSpliced(at, 1);
    if (await isSame(fewer)) parts = fewer;
    else at += 1;
  }
  return Buffer.from(parts.join(''), 'latin1').toString('utf8').slice(0, CHARS_MAX);
}

const PARTS_MAX = 300;
const CHARS_MAX = 3_000;

/** The breach without its figures. */
function lawOf([first]: readonly string[]): string | undefined {
  return first?.replace(/[0-9]+/g, '').slice(0, 40);
}

function partsOf(text: string): string[] {
  const frames = text.split(/(?<=\n\n)/);
  if (frames.length > 2) return frames;
  const size = Math.max(1, Math.ceil(text.length / 3));
  return [text.slice(0, size), text.slice(size, 2 * size), text.slice(2 * size)];
}
