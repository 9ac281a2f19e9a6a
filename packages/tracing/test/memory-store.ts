import type { ContentRow, LoadedSegment, OnRefused, SpanRow, TraceIndexRow } from '../src/ports.ts';

/** A trace store in memory with the one promise that the loader builds on: a token that it knows changes nothing. */
export function createMemoryStore() {
  const tokens: string[] = [];
  const spans: SpanRow[] = [];
  const contents: ContentRow[] = [];
  const traceIndex: TraceIndexRow[] = [];
  let before: (segment: LoadedSegment) => void = () => {};
  let after: () => Promise<void> = async () => {};
  let refused: Parameters<OnRefused>[0] | undefined;
  return {
    tokens,
    spans,
    contents,
    traceIndex,
    /** Runs before a segment is stored; throws to refuse it. */
    beforeStoring(run: (segment: LoadedSegment) => void) {
      before = run;
    },
    /** Runs when a segment is stored and before that is said. */
    afterStoring(run: () => Promise<void>) {
      after = run;
    },
    contentOf: (digest: string) => contents.find((row) => row.digest === digest)?.content,
    /** The next load tells of such a row. */
    refuse(row: Parameters<OnRefused>[0]) {
      refused = row;
    },
    async load(segment: LoadedSegment, onRefused?: OnRefused): Promise<void> {
      before(segment);
      if (refused !== undefined) onRefused?.(refused);
      refused = undefined;
      if (!tokens.includes(segment.token)) {
        tokens.push(segment.token);
        contents.push(...rowsOf<ContentRow>(segment.contents));
        spans.push(...rowsOf<SpanRow>(segment.spans));
        traceIndex.push(...rowsOf<TraceIndexRow>(segment.traceIndex));
      }
      await after();
    },
  };
}

/** The rows of an NDJSON buffer. */
export function rowsOf<Row>(ndjson: Buffer): Row[] {
  const text = ndjson.toString();
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line of NDJSON must end.');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));
}
