import type { TraceExport, TraceSummary } from '@app/contract';
import type { FindSpanDetails } from '../traces/create-find-span-details.ts';
import { createParquetWriter } from './parquet/create-parquet-writer.ts';
import { csvHead, writeCsv } from './write-csv.ts';

type Pages = AsyncIterable<readonly TraceSummary[]>;

export type WriteDeps = { findDetails: FindSpanDetails; projectId: string };

/** Rows of a group of a Parquet file, and how many characters of them are gathered at most. */
const GROUP_ROWS_MAX = 20_000;
const GROUP_CHARS_MAX = 8_000_000;

/** A file's bytes, piece by piece. */
export function writePages(
  pages: Pages,
  { format, content }: Pick<TraceExport, 'format' | 'content'>,
  deps: WriteDeps,
): AsyncGenerator<string | Buffer, void, undefined> {
  if (format === 'csv') return writeTable(pages);
  if (format === 'parquet') return writeParquet(pages);
  return content ? writeContents(pages, deps) : writeLines(pages);
}

const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;

async function* writeLines(pages: Pages): AsyncGenerator<string, void, undefined> {
  for await (const page of pages) yield page.map(lineOf).join('');
}

/** Contents may be large, so they are read one after the other and sent at once. */
async function* writeContents(
  pages: Pages,
  { findDetails, projectId }: WriteDeps,
): AsyncGenerator<string, void, undefined> {
  for await (const page of pages) {
    for (const line of page) {
      const found = await findDetails(projectId, line.trace_id, line.span_id);
      yield lineOf({ ...line, request: found?.request ?? null, reply: found?.reply ?? null });
    }
  }
}

async function* writeTable(pages: Pages): AsyncGenerator<string, void, undefined> {
  yield csvHead;
  for await (const page of pages) yield writeCsv(page);
}

async function* writeParquet(pages: Pages): AsyncGenerator<Buffer, void, undefined> {
  const writer = createParquetWriter();
  let gathered: TraceSummary[] = [];
  let chars = 0;
  for await (const page of pages) {
    gathered.push(...page);
    chars += page.reduce((sum, line) => sum + line.input_preview.length + line.output_preview.length, 0);
    if (gathered.length < GROUP_ROWS_MAX && chars < GROUP_CHARS_MAX) continue;
    yield await writer.write(gathered);
    gathered = [];
    chars = 0;
  }
  if (gathered.length > 0) yield await writer.write(gathered);
  yield writer.end();
}
