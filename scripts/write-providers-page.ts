/** Writes docs/providers/README.md from the rows of providers. `--check` only tells whether it is current. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findPricedProvider } from '../packages/providers/src/find-priced-provider.ts';
import { hosts } from '../packages/providers/src/rows/hosts.ts';
import type { KnownProvider, KnownProviders } from '../packages/providers/src/rows/known-provider.ts';
import { localServers } from '../packages/providers/src/rows/local-servers.ts';
import { makers } from '../packages/providers/src/rows/makers.ts';

const path = join(resolve(import.meta.dirname, '..'), 'docs/providers/README.md');
const page = providersPage();
if (!process.argv.includes('--check')) writeFileSync(path, page);
else if (readFileSync(path, 'utf8') !== page) {
  process.stdout.write('docs/providers/README.md is not what the rows say; run "npm run docs"\n');
  process.exitCode = 1;
}

function providersPage(): string {
  return [
    '# Known providers',
    '',
    'Written from the rows by `npm run docs`. Each of these needs an `id` and a key in `tokenrouter.yaml`, nothing else; a server of your',
    'own needs no key. How to configure them: [Connect providers](../providers.md). What differs, by family:',
    '[OpenAI and compatible](openai-compatible.md), [Anthropic](anthropic.md), [Google](google.md), [clouds](clouds.md),',
    '[local servers](local-servers.md).',
    '',
    'A caller whose dialect the provider speaks gets the provider\u2019s own bytes; other callers are translated to the dialect named first. An address',
    'with braces has your account in it: write it out as `base_url`. A check mark under *prices* means that the price table knows its models.',
    '',
    '## Makers of models',
    '',
    ...table(makers),
    '',
    '## Hosts of models',
    '',
    ...table(hosts),
    '',
    '## Servers of your own',
    '',
    ...table(localServers),
    '',
  ].join('\n');
}

function table(rows: KnownProviders): string[] {
  return [
    '| id | speaks | address | prices | documentation |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(rows).map(([id, known]) => row(id, known)),
  ];
}

function row(id: string, known: KnownProvider): string {
  const hasPrices = findPricedProvider(id, known.baseUrl) !== undefined;
  const cells = [
    `\`${id}\``,
    speaks(known),
    `\`${known.baseUrl}\``,
    hasPrices ? '\u2713' : '',
    `<${known.docs}>`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Each dialect once; some models only is told, since other models of the provider do not speak it. */
function speaks({ dialect, also = [] }: KnownProvider): string {
  const whole = new Set([
    dialect,
    ...also.filter((way) => way.models === undefined).map((way) => way.dialect),
  ]);
  const partly = also.map((way) => way.dialect).filter((one) => !whole.has(one));
  return [...whole, ...[...new Set(partly)].map((one) => `${one} (some models)`)].join(', ');
}
