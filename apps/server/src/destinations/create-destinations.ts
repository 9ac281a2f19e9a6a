import type {
  CreatedDestination,
  Destination,
  DestinationChange,
  DestinationList,
  DestinationTest,
  NewDestination,
} from '@app/contract';
import { GatewayError } from '@app/protocol';
import { type RelationalStore, type StoredDestination, StoreError } from '@app/store';
import { showAddress } from './address.ts';
import type { AddressCipher } from './create-address-cipher.ts';
import type { OpenDeliver } from './create-deliver.ts';
import { invalid, type ReadAddressDeps, readAddress } from './read-address.ts';
import { showDestination } from './show-destination.ts';

export type DestinationsDeps = ReadAddressDeps & {
  destinations: RelationalStore['destinations'];
  cipher: AddressCipher;
  deliverTo: OpenDeliver['deliverTo'];
  newId: (prefix: `${string}_`) => string;
  nowMs: () => number;
};

/** Where an organization's messages go. No answer but that of `create` holds a secret. */
export type Destinations = {
  list(organizationId: string): Promise<DestinationList>;
  /** Undefined when there is none; those below throw `not_found`. */
  find(organizationId: string, id: string): Promise<Destination | undefined>;
  /** Throws a 4xx `GatewayError` for what cannot be. */
  create(organizationId: string, input: NewDestination, createdBy: string): Promise<CreatedDestination>;
  change(organizationId: string, given: { id: string; change: DestinationChange }): Promise<Destination>;
  delete(organizationId: string, id: string): Promise<Destination>;
  /** Sends a message that says that it is a test, once. */
  test(organizationId: string, id: string): Promise<DestinationTest>;
};

const DESTINATIONS_MAX = 100;

export function createDestinations(deps: DestinationsDeps): Destinations {
  const { destinations, cipher } = deps;
  const find = async (organizationId: string, id: string) =>
    (await destinations.listDestinations(organizationId, { ids: [id] }))[0];
  const get = async (organizationId: string, id: string) => needed(await find(organizationId, id));

  return {
    list: async (organizationId) => {
      const rows = await destinations.listDestinations(organizationId, {});
      return { data: rows.map(showDestination), next_cursor: null };
    },
    find: async (organizationId, id) => {
      const found = await find(organizationId, id);
      return found && showDestination(found);
    },
    create: async (organizationId, input, createdBy) => {
      const { name, kind, budget_notices: budgetNotices = false } = input;
      const address = readAddress(deps, input);
      const id = deps.newId('dst_');
      const row = {
        ...{ id, name, kind, budgetNotices, createdBy },
        target: showAddress(address),
        sealed: cipher.seal({ id, organizationId, kind }, address),
        createdAtMs: deps.nowMs(),
        max: DESTINATIONS_MAX,
      };
      const made = await destinations.insertDestination(organizationId, row).catch(asNameTaken);
      if (made === undefined) throw conflict(`An organization may have ${DESTINATIONS_MAX} destinations.`);
      return { ...showDestination(made), secret: address.kind === 'webhook' ? address.secret : null };
    },
    change: async (organizationId, { id, change }) => {
      const found = await get(organizationId, id);
      const { name, budget_notices: budgetNotices } = change;
      const update = { id, name, budgetNotices, address: newAddress(deps, found, change) };
      return showDestination(
        needed(await destinations.updateDestination(organizationId, update).catch(asNameTaken)),
      );
    },
    delete: async (organizationId, id) =>
      showDestination(needed(await destinations.deleteDestination(organizationId, { id }))),
    test: async (organizationId, id) => {
      const destination = await get(organizationId, id);
      const { ok, error } = await deps.deliverTo(destination, testMessage(deps, destination), 1);
      return { ok, error };
    },
  };
}

/** Another address for a destination. A webhook goes on signing with its secret. */
function newAddress(deps: DestinationsDeps, found: StoredDestination, change: DestinationChange) {
  const { url, emails } = change;
  if (url === undefined && emails === undefined) return undefined;
  const before = deps.cipher.open(found, found.sealed);
  if (found.kind === 'webhook' && before === undefined) {
    throw invalid(
      'url',
      'Its secret does not open with the keys of this installation. Make a new destination.',
    );
  }
  const secret = before?.kind === 'webhook' ? before.secret : undefined;
  const address = readAddress(deps, { kind: found.kind, url, emails }, secret);
  return { sealed: deps.cipher.seal(found, address), target: showAddress(address) };
}

function testMessage({ newId, nowMs }: DestinationsDeps, { name, organizationId }: StoredDestination) {
  return {
    id: newId('msg_'),
    kind: 'test' as const,
    severity: 'info' as const,
    title: 'A test of TokenRouter',
    text: `Messages for the destination "${name}" arrive here.`,
    path: '/',
    organizationId,
    projectId: undefined,
    atMs: nowMs(),
    data: {},
  };
}

function needed<T>(found: T | undefined): T {
  if (found !== undefined) return found;
  throw new GatewayError('not_found', 'There is no such destination in this organization.', {
    retryable: false,
  });
}

/** The only row that a write can collide with is one of the same name. */
function asNameTaken(error: unknown): never {
  if (!(error instanceof StoreError) || error.code !== 'conflict') throw error;
  throw conflict('There is a destination of this name already. Choose another.', 'name');
}

function conflict(message: string, param?: string): GatewayError {
  return new GatewayError('conflict', message, { retryable: false, ...(param !== undefined && { param }) });
}
