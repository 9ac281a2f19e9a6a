import { collect, type Json, providerDialects } from '@app/protocol';

/**
 * A provider's reply as a sender kept it, in the form in which our own calls are kept; as it is where it is none of this
 * dialect, because a sender may have put anything there.
 */
export function readSentReply(dialect: string, reply: Json): Json {
  const known = Object.values(providerDialects).find(({ id }) => id === dialect);
  if (known === undefined || reply === null) return reply;
  try {
    const read = collect(known.outbound.readReply(reply));
    return JSON.parse(JSON.stringify(read));
  } catch {
    return reply;
  }
}
