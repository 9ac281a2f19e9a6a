import { type ExportColumn, exportColumns } from '../export-columns.ts';
import { type ThriftStruct, type ThriftValue, writeThriftStruct } from './thrift-struct.ts';

/** Where a column of a group of rows stands in the file, and how large it is with and without compression. */
export type ColumnChunk = { column: ExportColumn; at: number; plainBytes: number; bytes: number };
export type RowGroup = { rowCount: number; chunks: readonly ColumnChunk[] };

const i32 = (value: number): ThriftValue => ({ kind: 'i32', value });
const i64 = (value: number): ThriftValue => ({ kind: 'i64', value });
const text = (value: string): ThriftValue => ({ kind: 'text', value });
const struct = (value: ThriftStruct): ThriftValue => ({ kind: 'struct', value });
const list = (value: readonly ThriftValue[]): ThriftValue => ({ kind: 'list', value });

const PHYSICAL = { boolean: 0, int64: 2, double: 5, bytes: 6 } as const;
const REQUIRED = 0;
const OPTIONAL = 1;
const ENCODING = { plain: 0, runLengths: 3 } as const;
const ZSTD = 6;
const DATA_PAGE = 0;

/** By what a column holds: how it is stored, and what its values mean in the older way and the newer way to say it. */
const kinds: { readonly [kind in ExportColumn['kind']]: { type: number; means: ThriftStruct } } = {
  text: { type: PHYSICAL.bytes, means: { 6: i32(0), 10: struct({ 1: struct({}) }) } },
  time: {
    type: PHYSICAL.int64,
    means: {
      6: i32(10),
      10: struct({ 8: struct({ 1: { kind: 'bool', value: true }, 2: struct({ 2: struct({}) }) }) }),
    },
  },
  money: {
    type: PHYSICAL.int64,
    means: { 6: i32(5), 7: i32(9), 8: i32(18), 10: struct({ 5: struct({ 1: i32(9), 2: i32(18) }) }) },
  },
  whole: { type: PHYSICAL.int64, means: {} },
  number: { type: PHYSICAL.double, means: {} },
  flag: { type: PHYSICAL.boolean, means: {} },
};

/** What stands before the page of a column. */
export function writePageHead(page: { valueCount: number; plainBytes: number; bytes: number }): Buffer {
  return writeThriftStruct({
    1: i32(DATA_PAGE),
    2: i32(page.plainBytes),
    3: i32(page.bytes),
    5: struct({
      1: i32(page.valueCount),
      2: i32(ENCODING.plain),
      3: i32(ENCODING.runLengths),
      4: i32(ENCODING.runLengths),
    }),
  });
}

/** The end of a file: its columns and where each piece of them is (https://github.com/apache/parquet-format). */
export function writeFooter(groups: readonly RowGroup[]): Buffer {
  const footer = writeThriftStruct({
    1: i32(1),
    2: list([struct({ 4: text('traces'), 5: i32(exportColumns.length) }), ...exportColumns.map(schemaOf)]),
    3: i64(groups.reduce((sum, { rowCount }) => sum + rowCount, 0)),
    4: list(groups.map(groupOf)),
    6: text('tokenrouter'),
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([footer, length, Buffer.from('PAR1')]);
}

function schemaOf(column: ExportColumn): ThriftValue {
  const { type, means } = kinds[column.kind];
  return struct({
    1: i32(type),
    3: i32(column.isRequired ? REQUIRED : OPTIONAL),
    4: text(column.name),
    ...means,
  });
}

function groupOf({ rowCount, chunks }: RowGroup): ThriftValue {
  return struct({
    1: list(chunks.map((chunk) => chunkOf(chunk, rowCount))),
    2: i64(chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0)),
    3: i64(rowCount),
  });
}

function chunkOf({ column, at, plainBytes, bytes }: ColumnChunk, rowCount: number): ThriftValue {
  return struct({
    2: i64(at),
    3: struct({
      1: i32(kinds[column.kind].type),
      2: list([i32(ENCODING.plain), i32(ENCODING.runLengths)]),
      3: list([text(column.name)]),
      4: i32(ZSTD),
      5: i64(rowCount),
      6: i64(plainBytes),
      7: i64(bytes),
      9: i64(at),
    }),
  });
}
