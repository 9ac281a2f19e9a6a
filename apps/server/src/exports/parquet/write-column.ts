import type { TraceSummary } from '@app/contract';
import type { ExportColumn } from '../export-columns.ts';
import { writeVarint } from './thrift-struct.ts';

/**
 * The page of one column: which of its values are there, then those that are, in Parquet's plain encoding
 * (https://github.com/apache/parquet-format/blob/master/Encodings.md).
 */
export function writeColumn(column: ExportColumn, lines: readonly TraceSummary[]): Buffer {
  const values = lines.map((line) => column.read(line));
  const present = values.filter((value) => value !== null);
  const body = column.kind === 'flag' ? writeFlags(present) : Buffer.concat(present.map(writerOf(column)));
  return column.isRequired ? body : Buffer.concat([writeLevels(values), body]);
}

type Value = string | number | bigint | boolean;

function writerOf({ kind }: ExportColumn): (value: Value) => Buffer {
  if (kind === 'number') return writeDouble;
  return kind === 'text' ? writeText : writeWhole;
}

function writeText(value: Value): Buffer {
  const bytes = Buffer.from(String(value));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
}

function writeWhole(value: Value): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

function writeDouble(value: Value): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(value));
  return bytes;
}

/** Eight to a byte, the first in the lowest bit. */
function writeFlags(values: readonly unknown[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries()) {
    if (value === true) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bytes;
}

/** One bit a value as a single packed run, with its length before it. */
function writeLevels(values: readonly unknown[]): Buffer {
  const bits = writeFlags(values.map((value) => value !== null));
  const run = Buffer.concat([writeVarint(bits.length * 2 + 1), bits]);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(run.length);
  return Buffer.concat([head, run]);
}
