import type { IngestSpan } from '@app/contract';
import type { Json } from '@app/protocol';

/** What was parsed as JSON, as the contract names it. */
export type OwnJson = NonNullable<IngestSpan['input']>;

/** The same value: only an object that was built by hand could hold what JSON cannot. */
export function ownJson(value: Json): OwnJson {
  return value as OwnJson;
}

/** An object of a sender's own fields. */
export function ownFields(value: Json): NonNullable<IngestSpan['metadata']> {
  return value as NonNullable<IngestSpan['metadata']>;
}
