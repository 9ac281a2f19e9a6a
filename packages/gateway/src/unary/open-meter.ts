import { isObject, type JsonObject, parseJson } from '@app/protocol';
import { meterOf } from './read-usage.ts';
import type { Metered, ReadUsage } from './unary-operation.ts';

/** Reads usage from bytes that pass by. */
export type Meter = {
  see(bytes: Uint8Array): void;
  /** What the answer said, once it is complete. */
  read(): Metered;
  /** The whole answer as text, when it was small enough to keep. */
  text(): string | undefined;
};

/** Answers up to this size are parsed; of longer ones only the end is looked at, where usage stands. */
const PARSED_BYTES_MAX = 1_048_576;
const TAIL_BYTES = 65_536;

/** `isJson` says whether the bytes are one JSON text; else they are a stream of events, or no text at all. */
export function openMeter({ isJson, readUsage }: { isJson: boolean; readUsage: ReadUsage }): Meter {
  let pieces: Uint8Array[] = [];
  // How many of them, from the first on, are not needed any more.
  let passed = 0;
  let kept = 0;
  let length = 0;
  const keptMax = isJson ? PARSED_BYTES_MAX : TAIL_BYTES;
  const whole = () => (length === kept ? Buffer.concat(pieces) : undefined);
  return {
    see(bytes) {
      pieces.push(bytes);
      kept += bytes.length;
      length += bytes.length;
      // The end is kept: whole pieces, as many as it takes.
      for (
        let first = pieces[passed];
        first !== undefined && kept - first.length >= keptMax;
        first = pieces[passed]
      ) {
        kept -= first.length;
        passed += 1;
      }
      // Now and then, as a provider may send a byte at a time.
      if (passed * 2 > pieces.length) {
        pieces = pieces.slice(passed);
        passed = 0;
      }
    },
    read() {
      const all = isJson ? whole() : undefined;
      const body = all === undefined ? undefined : parseJson(all.toString('utf8'));
      if (body !== undefined) return meterOf(body, readUsage);
      const stated = lastUsage(Buffer.concat(pieces.slice(passed)).subarray(-TAIL_BYTES).toString('utf8'));
      return stated === undefined ? { usage: {} } : readUsage(stated);
    },
    text: () => whole()?.toString('utf8'),
  };
}

/** The last `"usage": {...}` of a text that may begin anywhere. A quoted one has its quotes escaped. */
function lastUsage(text: string): JsonObject | undefined {
  const found = [...text.matchAll(/(?<!\\)"usage"\s*:\s*(?=\{)/g)].at(-1);
  if (found === undefined) return undefined;
  const start = found.index + found[0].length;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth > 0) continue;
    const stated = parseJson(text.slice(start, at + 1));
    return isObject(stated) ? stated : undefined;
  }
  return undefined;
}
