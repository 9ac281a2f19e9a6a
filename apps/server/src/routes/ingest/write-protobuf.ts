/** What the few messages that we send need of protobuf's wire format: https://protobuf.dev/programming-guides/encoding/ */
export function writeVarintField(field: number, value: number): Buffer {
  return Buffer.concat([writeVarint(field << 3), writeVarint(value)]);
}

export function writeBytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([writeVarint((field << 3) | 2), writeVarint(bytes.length), bytes]);
}

export function writeTextField(field: number, text: string): Buffer {
  return writeBytesField(field, Buffer.from(text));
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
