import { createHmac } from 'node:crypto';
import type { IngestScore, IngestSpan } from '@app/contract';
import type { Usage } from '@app/protocol';
import { expect, expectTypeOf, test } from 'vitest';
import { hmacSha256 } from './hmac-sha256.ts';
import type { DropReason, TokenUsage } from './tracer.ts';
import type { WireBatch, WireScore, WireSpan } from './wire-span.ts';

/** Every field may be said to be undefined too, which JSON leaves out. */
type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

test('what the SDK sends has the fields of the wire contract, no more and no fewer', () => {
  expectTypeOf<keyof WireSpan>().toEqualTypeOf<keyof IngestSpan>();
  expectTypeOf<keyof WireScore>().toEqualTypeOf<keyof IngestScore>();
  expectTypeOf<IngestSpan>().toExtend<WireSpan>();
  expectTypeOf<IngestScore>().toExtend<Loose<WireScore>>();
  expectTypeOf<WireSpan['type']>().toEqualTypeOf<IngestSpan['type']>();
  expectTypeOf<WireSpan['dialect']>().toEqualTypeOf<IngestSpan['dialect']>();
  expectTypeOf<keyof NonNullable<WireSpan['usage']>>().toEqualTypeOf<
    keyof NonNullable<IngestSpan['usage']>
  >();
  expectTypeOf<keyof TokenUsage>().toEqualTypeOf<keyof Usage>();
  expectTypeOf<keyof NonNullable<WireBatch['dropped']>>().toEqualTypeOf<DropReason>();
});

test('the keyed digest of a pseudonym is HMAC-SHA-256, whatever the lengths', () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 200])
    for (const text of ['', 'EMAIL:zoë@example.org', 'x'.repeat(size)]) {
      const key = 'k'.repeat(size);
      expect(hmacSha256(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }
});
