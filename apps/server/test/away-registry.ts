import type { ObjectRegistry } from '@app/gateway';
import { GatewayError } from '@app/protocol';

const away = () => Promise.reject(new GatewayError('store_unavailable', 'The store is away.'));

/** A registry whose store does not answer. */
export const awayRegistry: ObjectRegistry = {
  keep: away,
  find: away,
  findFiles: away,
  list: away,
  remove: away,
  claimUsage: away,
};
