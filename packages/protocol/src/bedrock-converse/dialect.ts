import type { ProviderDialect } from '../dialect.ts';
import { GatewayError } from '../error.ts';

function unbuilt(): never {
  throw new GatewayError('internal_error', 'This dialect is not built yet.');
}

export const bedrockConverse: ProviderDialect = {
  id: 'bedrock-converse',
  outbound: {
    paths: { whole: '/', stream: '/' },
    writeCall: unbuilt,
    readReply: unbuilt,
    openReader: unbuilt,
    readError: unbuilt,
    isUsageOnlyFrame: () => false,
  },
};
