import type { IncomingHttpHeaders } from 'node:http';
import type { Asked, Outcome } from '@app/gateway';
import { invalid } from './routing-fields.ts';

type Wish = NonNullable<Asked['unsupported']>;

/** What the caller wants done with what a target cannot say: `x-tokenrouter-unsupported`, `warn` when it says nothing. */
export function readUnsupported(headers: IncomingHttpHeaders): Outcome<Wish> {
  const { 'x-tokenrouter-unsupported': wish = 'warn' } = headers;
  if (wish === 'warn' || wish === 'drop' || wish === 'reject') return { ok: true, value: wish };
  return { ok: false, error: invalid('x-tokenrouter-unsupported', 'must be warn, drop or reject') };
}
