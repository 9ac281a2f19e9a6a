import { openMessagesReader } from '../read/messages-reader.ts';
import type { CallRoute } from './call-route.ts';

const MESSAGES: CallRoute = {
  name: 'messages',
  type: 'generation',
  dialect: 'anthropic-messages',
  openReader: openMessagesReader,
};

/** The calls of Anthropic's API that a model answers. Counting tokens and batches are not. */
export const anthropicRoutes: ReadonlyMap<string, CallRoute> = new Map([['/v1/messages', MESSAGES]]);

/** The same by the name of the method. */
export const anthropicMethods: ReadonlyMap<string, CallRoute> = new Map([['messages.create', MESSAGES]]);
