import type { JsonObject } from '@app/protocol';
import type { FastifyInstance } from 'fastify';
import { nameItems } from '../../responses/name-items.ts';
import type { Responses } from '../../responses/open-responses.ts';
import { readMetadata } from '../../responses/read-state-fields.ts';
import type { InputItem, Owner } from '../../responses/stored-turn.ts';
import { type AnswerDeps, createAnswerKey, type KeyRequest } from './answer-key.ts';
import { pathParam, readPage, writePage } from './read-page.ts';
import { invalid } from './routing-fields.ts';

export type ConversationRouteDeps = AnswerDeps & {
  responses: Pick<Responses, 'conversations' | 'newId'>;
};

/** As OpenAI has it. */
const ITEMS_MAX = 20;

/** The Conversations API. Source: OpenAI's reference, "Conversations". */
export function addConversationRoutes(app: FastifyInstance, deps: ConversationRouteDeps): void {
  const answer = createAnswerKey(deps);
  const { conversations } = deps.responses;
  const root = '/v1/conversations';
  const one = `${root}/:id`;

  app.post(
    root,
    answer('inference:call', async (asked) => {
      const { metadata, items } = await asked.readJson();
      const given = { metadata: readMetadata(metadata), items: readItems(deps, items ?? []) };
      return conversations.create(ownerOf(asked), given);
    }),
  );
  app.get(
    one,
    answer('responses:read', (asked) => conversations.get(ownerOf(asked), idOf(asked))),
  );
  app.post(
    one,
    answer('inference:call', async (asked) => {
      const { metadata } = await asked.readJson();
      if (metadata === undefined) throw invalid('metadata', 'is required');
      return conversations.update(ownerOf(asked), idOf(asked), readMetadata(metadata));
    }),
  );
  app.delete(
    one,
    answer('inference:call', async (asked) => {
      const id = idOf(asked);
      await conversations.delete(ownerOf(asked), id);
      return { id, object: 'conversation.deleted', deleted: true };
    }),
  );
  addItemRoutes(app, deps, `${one}/items`);
}

function addItemRoutes(app: FastifyInstance, deps: ConversationRouteDeps, root: string): void {
  const answer = createAnswerKey(deps);
  const { conversations } = deps.responses;
  app.post(
    root,
    answer('inference:call', async (asked) => {
      const { items } = await asked.readJson();
      const added = await conversations.addItems(ownerOf(asked), idOf(asked), readItems(deps, items));
      return writePage(added, added.length);
    }),
  );
  app.get(
    root,
    answer('responses:read', async (asked) => {
      const page = readPage(asked.request.query);
      return writePage(await conversations.listItems(ownerOf(asked), idOf(asked), page), page.limit);
    }),
  );
  app.get(
    `${root}/:item`,
    answer('responses:read', (asked) => conversations.getItem(ownerOf(asked), idOf(asked), itemOf(asked))),
  );
  app.delete(
    `${root}/:item`,
    answer('inference:call', (asked) => conversations.deleteItem(ownerOf(asked), idOf(asked), itemOf(asked))),
  );
}

function readItems({ responses }: ConversationRouteDeps, value: JsonObject[string]): InputItem[] {
  const items = Array.isArray(value) ? nameItems(value, responses.newId) : undefined;
  const isGood = items?.every(
    ({ item }) => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
  if (items === undefined || !isGood || items.length > ITEMS_MAX) {
    throw invalid('items', `must be a list of at most ${ITEMS_MAX} items`);
  }
  return items;
}

function ownerOf({ principal: { projectId, mode, keyId } }: KeyRequest): Owner {
  return { projectId, mode, keyId };
}

const idOf = ({ request }: KeyRequest): string => pathParam(request.params, 'id');
const itemOf = ({ request }: KeyRequest): string => pathParam(request.params, 'item');
