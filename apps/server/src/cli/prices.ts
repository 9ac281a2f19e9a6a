import { parseArgs } from 'node:util';

import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { createLiveModels } from '../snapshot/create-models.ts';
import { lookUpPrice } from '../snapshot/look-up-price.ts';
import { readModels } from '../start/read-models.ts';
import type { World } from './world.ts';
import { writePrice } from './write-price.ts';

const usage = `tokenrouter prices: what models cost, by your own prices, the price table and your contracts

  prices show MODEL     of every place that would answer this name
      --at TIME         on that day, such as 2026-03-01 (default: now)
      --json
`;

/** `tokenrouter prices ...`. Needs no store and no network. Resolves to the exit status. */
export async function runPrices(args: readonly string[], world: World): Promise<number> {
  const [action, ...rest] = args;
  if (action === undefined || ['help', '--help', '-h'].includes(action) || rest.includes('--help')) {
    world.print(usage);
    return 0;
  }
  const request = action === 'show' ? readShow(rest) : { problem: `There is no command "prices ${action}".` };
  if ('problem' in request) {
    world.warn(`${request.problem}\n\n${usage}`);
    return 2;
  }
  return show(request, world);
}

type Request = { model: string; atMs: number | undefined; json: boolean };

function readShow(args: string[]): Request | { problem: string } {
  try {
    const options = { at: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [model, more] = positionals;
    if (model === undefined || more !== undefined) return { problem: 'Name one model.' };
    const atMs = values.at === undefined ? undefined : Date.parse(values.at);
    if (Number.isNaN(atMs)) return { problem: `--at: "${values.at}" is no day and no time.` };
    return { model, atMs, json: values.json };
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) return { problem: error.message };
    throw error;
  }
}

function show({ model, atMs = Date.now(), json }: Request, world: World): number {
  const models = readModels(readConfig(world.variables, readTextFile));
  const targets = createLiveModels(models, atMs).findTargets(model);
  if (targets.length === 0) {
    world.warn(`No configured provider answers "${model}".\n`);
    return 1;
  }
  const prices = targets.map(({ provider, model: name }) => ({
    name: `${provider.id}/${name}`,
    price: lookUpPrice(models, { provider, model: name, atMs }),
  }));
  world.print(
    json
      ? `${JSON.stringify(prices, null, 2)}\n`
      : prices.map(({ name, price }) => writePrice(name, price)).join('\n'),
  );
  return 0;
}
