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
  inbound: {
    readCall,
    writeReply,
    openWriter,
    writeError,
    closing: {
      frame: { event: 'message_stop', data: '{"type":"message_stop"}' },
      is: ({ event }) => event === 'message_stop',
    },
  },
  // Usage comes in every stream unasked, inside events that say more.
  outbound: {
    paths: { whole: PATH, stream: PATH },
    writeCall,
    readReply,
    openReader,
    readError,
    isUsageOnlyFrame: () => false,
  },
};
