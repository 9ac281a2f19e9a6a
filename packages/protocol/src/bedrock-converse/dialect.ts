import type { ProviderDialect } from '../dialect.ts';
import { readError } from './errors.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { ID, PATHS } from './wire.ts';
import { writeCall } from './write-call.ts';

/** Amazon Bedrock's Converse, which only providers speak. */
export const bedrockConverse: ProviderDialect = {
  id: ID,
  outbound: {
    paths: PATHS,
    writeCall,
    readReply,
    openReader,
    readError,
    // Usage comes in every stream unasked, and nobody gets these frames as they are.
    isUsageOnlyFrame: () => false,
  },
};
