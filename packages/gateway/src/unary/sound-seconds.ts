/**
 * How many seconds a file of sound lasts at most: by its head where it is a wave file, else by its bytes. Compressed
 * speech seldom has less than two kilobytes a second; strict, one. Source of the head: RFC 2361 and Microsoft's
 * "Multimedia Programming Interface and Data Specifications", the RIFF form `WAVE`.
 */
export function soundSeconds(bytes: Buffer, isStrict: boolean): number {
  const bytesPerS = waveBytesPerS(bytes) ?? (isStrict ? 1_000 : 2_000);
  return Math.ceil(bytes.length / bytesPerS);
}

const RATE_AT = 28;
const RATE_MIN = 1_000;

function waveBytesPerS(bytes: Buffer): number | undefined {
  if (bytes.length < RATE_AT + 4) return undefined;
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 16) !== 'WAVEfmt ')
    return undefined;
  const rate = bytes.readUInt32LE(RATE_AT);
  // Whoever writes a rate into the head that is no rate does not get it cheaper.
  return rate >= RATE_MIN && rate <= RATE_MAX ? rate : undefined;
}

/** Two channels of 24 bits, 48,000 times a second. */
const RATE_MAX = 288_000;
