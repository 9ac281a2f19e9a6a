import type { Dialect } from '../dialect.ts';
import { readError, writeError } from './errors.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { PATH } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

/** Anthropic's Messages. */
export const anthropicMessages: Dialect = {
  id: 'anthropic-messages',
  inbound: { readCall, writeReply, openWriter, writeError },
  // Usage comes in every stream unasked, inside events that say more.
  outbound: { path: PATH, writeCall, readReply, openReader, readError, isUsageOnlyFrame: () => false },
};
