import type { Dialect } from '../dialect.ts';
import { doneClosing } from '../done-frame.ts';
import { readError, writeError } from './errors.ts';
import { isUsageOnlyFrame } from './is-usage-only-frame.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { PATH } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

/** OpenAI's chat completions, and what dozens of providers made of it. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
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
    isUsageOnlyFrame,
  },
};
