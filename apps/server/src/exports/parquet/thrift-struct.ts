/**
 * A struct in Thrift's compact protocol, in which Parquet writes what it says of itself
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Fields by their number, in order;
 * what is undefined is left out.
 */
export type ThriftValue =
  | { kind: 'i32' | 'i64'; value: number | bigint }
  | { kind: 'bool'; value: boolean }
  | { kind: 'text'; value: string }
  | { kind: 'struct'; value: ThriftStruct }
  | { kind: 'list'; value: readonly ThriftValue[] };

export type ThriftStruct = { readonly [field: number]: ThriftValue | undefined };

const types = { i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;
const BOOL_TRUE = 1;
const BOOL_FALSE = 2;

/** The bytes of a struct, with the zero that ends it. */
export function writeThriftStruct(fields: ThriftStruct): Buffer {
  const parts: Buffer[] = [];
  let before = 0;
  // Names that are whole numbers come in their order.
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const field = Number(name);
    if (field - before > 15) throw new RangeError(`Field ${field} is too far behind field ${before}.`);
    parts.push(Buffer.of(((field - before) << 4) | typeOf(value)));
    if (value.kind !== 'bool') parts.push(writeValue(value));
    before = field;
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
}

/** A number of any size, seven bits a byte, the lowest first. */
export function writeVarint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

function typeOf(value: ThriftValue): number {
  if (value.kind === 'bool') return value.value ? BOOL_TRUE : BOOL_FALSE;
  return types[value.kind];
}

function writeValue(value: ThriftValue): Buffer {
  switch (value.kind) {
    case 'i32':
    case 'i64':
      return writeVarint(zigzag(BigInt(value.value)));
    case 'bool':
      return Buffer.of(typeOf(value));
    case 'text': {
      const bytes = Buffer.from(value.value);
      return Buffer.concat([writeVarint(bytes.length), bytes]);
    }
    case 'struct':
      return writeThriftStruct(value.value);
    case 'list':
      return writeList(value.value);
  }
}

function writeList(values: readonly ThriftValue[]): Buffer {
  const [first] = values;
  const type = first === undefined ? types.i32 : typeOf(first);
  const head =
    values.length < 15
      ? Buffer.of((values.length << 4) | type)
      : Buffer.concat([Buffer.of(0xf0 | type), writeVarint(values.length)]);
  return Buffer.concat([head, ...values.map(writeValue)]);
}

const zigzag = (value: bigint): bigint => (value < 0n ? -value * 2n - 1n : value * 2n);
