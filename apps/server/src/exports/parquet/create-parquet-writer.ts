import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { TraceSummary } from '@app/contract';
import { exportColumns } from '../export-columns.ts';
import { writeColumn } from './write-column.ts';
import { type ColumnChunk, type RowGroup, writeFooter, writePageHead } from './write-footer.ts';

const compress = promisify(zstdCompress);

export type ParquetWriter = {
  /** The bytes of a group of rows; the first come with the file's head. */
  write(lines: readonly TraceSummary[]): Promise<Buffer>;
  /** The rest of the file. Without it no reader takes the file for whole. */
  end(): Buffer;
};

const MAGIC = Buffer.from('PAR1');

/** Writes a Parquet file piece by piece. Of what was written it keeps where it is, not what it was. */
export function createParquetWriter(): ParquetWriter {
  const groups: RowGroup[] = [];
  let at = 0;
  const begin = (): Buffer[] => {
    if (at > 0) return [];
    at = MAGIC.length;
    return [MAGIC];
  };
  return {
    write: async (lines) => {
      const parts = begin();
      if (lines.length === 0) return Buffer.concat(parts);
      const chunks: ColumnChunk[] = [];
      for (const column of exportColumns) {
        const plain = writeColumn(column, lines);
        const body = await compress(plain);
        const head = writePageHead({
          valueCount: lines.length,
          plainBytes: plain.length,
          bytes: body.length,
        });
        const bytes = head.length + body.length;
        chunks.push({ column, at, plainBytes: head.length + plain.length, bytes });
        parts.push(head, body);
        at += bytes;
      }
      groups.push({ rowCount: lines.length, chunks });
      return Buffer.concat(parts);
    },
    end: () => Buffer.concat([...begin(), writeFooter(groups)]),
  };
}
