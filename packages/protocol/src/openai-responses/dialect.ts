import type { Dialect } from '../dialect.ts';
import { doneClosing } from '../done-frame.ts';
import { readError, writeError } from './errors.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { ID, PATH } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

/** OpenAI's responses, and the servers that follow them. */
export const openaiResponses: Dialect = {
  id: ID,
  inbound: {
    readCall,
    writeReply,
    openWriter,
    writeError,
    closing: doneClosing,
  },
  outbound: {
    paths: { whole: PATH, stream: PATH },
    writeCall,
    readReply,
    openReader,
    readError,
    // Usage is part of the frame that ends a reply.
    isUsageOnlyFrame: () => false,
  },
};
