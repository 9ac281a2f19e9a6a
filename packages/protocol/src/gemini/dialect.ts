import type { Dialect } from '../dialect.ts';
import { readError, writeError } from './errors.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { PATHS } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

/** Google's `generateContent` and `streamGenerateContent`, of the Gemini API and of Vertex AI. */
export const gemini: Dialect = {
  id: 'gemini',
  inbound: { readCall, writeReply, openWriter, writeError },
  // Usage comes in every stream unasked, inside responses that say more.
  outbound: { paths: PATHS, writeCall, readReply, openReader, readError, isUsageOnlyFrame: () => false },
};
