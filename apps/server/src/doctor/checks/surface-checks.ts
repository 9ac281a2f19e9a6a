import { isIP } from 'node:net';
import { classifyAddress } from '../../outbound/classify-address.ts';
import { type Check, found, inProduction } from '../check.ts';

/** More hosts than this are a network, not a list of providers. */
const PRIVATE_HOSTS_MAX = 20;
const METADATA_NAMES = ['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data'];

export const surfaceChecks: readonly Check[] = [
  {
    name: 'shared-objects',
    area: 'surface',
    title: 'Projects do not reach each other’s objects at providers.',
    why: 'Vector stores, containers and prompts of one project are read and changed by every other.',
    run: ({ config }) =>
      config.file.defaults.shared_provider_objects
        ? [
            found(
              'warning',
              'Every project reaches what all projects keep at providers.',
              'Set defaults.shared_provider_objects to false.',
            ),
          ]
        : [],
  },
  {
    name: 'unlimited-batches',
    area: 'surface',
    title: 'Batches do not begin where money or tokens are limited.',
    why: 'A batch is counted when it ends: a budget can be spent many times over until then.',
    run: ({ config }) =>
      config.file.defaults.batches_beyond_limits
        ? [
            found(
              'warning',
              'Batches may go beyond limits and budgets.',
              'Set defaults.batches_beyond_limits to false.',
            ),
          ]
        : [],
  },
  {
    name: 'private-hosts',
    area: 'surface',
    title: 'Few private hosts may be called, and no metadata service.',
    why: 'Each is a door into your network for whoever may choose an address; a metadata service hands out the machine’s own credentials.',
    run: (facts) => {
      const hosts = facts.config.file.allow_private_hosts;
      const remedy = 'Take it off allow_private_hosts.';
      return [
        ...hosts
          .filter(isMetadata)
          .map((host) =>
            found(
              inProduction(facts, 'critical'),
              `allow_private_hosts lists the metadata service ${host}.`,
              remedy,
            ),
          ),
        ...(hosts.length > PRIVATE_HOSTS_MAX
          ? [
              found(
                'warning',
                `allow_private_hosts lists ${hosts.length} hosts.`,
                'List the hosts that providers live on, and no more.',
              ),
            ]
          : []),
      ];
    },
  },
  {
    name: 'inline-keys',
    area: 'surface',
    title: 'Callers bring provider keys only where that was decided.',
    why: 'With keys of their own, callers reach accounts that nobody here looks after.',
    run: ({ config }) =>
      config.mode === 'production' &&
      config.file.inline_keys.enabled &&
      config.file.inline_keys.providers === undefined
        ? [
            found(
              'notice',
              'Callers may bring keys of every known provider.',
              'Set inline_keys.enabled to false, or list inline_keys.providers.',
            ),
          ]
        : [],
  },
  {
    name: 'open-organizations',
    area: 'surface',
    title: 'Owners decide who makes organizations.',
    why: 'Whoever makes one owns it, with keys and destinations of its own.',
    run: ({ config }) =>
      config.file.defaults.organizations_created_by === 'everyone'
        ? [
            found(
              'notice',
              'Everybody who is signed in may make organizations.',
              'Set defaults.organizations_created_by to owners.',
            ),
          ]
        : [],
  },
  {
    name: 'assumed-emails',
    area: 'surface',
    title: 'E-mail addresses are believed only where their provider verified them.',
    why: 'Whoever may choose an address there takes over the account that it belongs to here.',
    run: ({ config }) =>
      config.file.sign_in.providers
        .filter((provider) => provider.assume_email_verified)
        .map(({ id }) =>
          found(
            'notice',
            `Every e-mail address of the sign-in provider ${id} is believed.`,
            'Remove assume_email_verified unless nobody can choose their own address there.',
          ),
        ),
  },
  {
    name: 'inspector',
    area: 'surface',
    title: 'No debugger listens.',
    why: 'Whoever reaches its port runs code in the server and reads every key in its memory.',
    needs: ['runtime'],
    run: (facts) =>
      (facts.runtime?.options ?? []).some((option) => /^--(inspect|debug)/.test(option))
        ? [
            found(
              inProduction(facts, 'critical'),
              'Node was started with its inspector.',
              'Remove --inspect from NODE_OPTIONS and the command line.',
            ),
          ]
        : [],
  },
];

/** Named by a literal address, or by a name that clouds give it. */
function isMetadata(entry: string): boolean {
  const host = entry.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const text = isIP(entry) === 0 ? host : entry;
  return (
    METADATA_NAMES.includes(text.toLowerCase()) || (isIP(text) !== 0 && classifyAddress(text) === 'reserved')
  );
}
