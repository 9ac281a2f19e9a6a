import { type Check, found, onlyInProduction } from '../check.ts';
import { isInForce } from '../is-in-force.ts';

/** Lines of Node that get fixes; after that day a newer one is due. */
const NODE_ENDS: { readonly [major: number]: string } = { 24: '2028-04-30', 26: '2029-04-30' };
const NODE_MAJOR_MIN = 24;

const KEPT = [
  { setting: 'traces_days', what: 'Traces' },
  { setting: 'conversations_days', what: 'Conversations that nobody uses' },
] as const;

export const operationChecks: readonly Check[] = [
  {
    name: 'providers',
    area: 'operation',
    title: 'There is a provider.',
    why: 'Only test keys get an answer until then.',
    run: ({ config }) =>
      config.file.providers.length === 0
        ? [found('notice', 'No provider is configured.', 'Add one under "providers" in tokenrouter.yaml.')]
        : [],
  },
  {
    name: 'mail',
    area: 'operation',
    title: 'There is a mail server.',
    why: 'Invitations and resets of passwords go by hand, and no alert comes by e-mail.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.config.file.mail === undefined
          ? [
              found(
                'notice',
                'No mail server is configured.',
                'Set "mail" in tokenrouter.yaml, then: tokenrouter mail test ADDRESS',
              ),
            ]
          : [],
      ),
  },
  {
    name: 'retention',
    area: 'operation',
    title: 'What was stored is deleted one day.',
    why: 'What is not there cannot be stolen.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        KEPT.filter(({ setting }) => facts.config.file.retention[setting] === undefined).map(
          ({ setting, what }) =>
            found('notice', `${what} are kept for ever.`, `Set retention.${setting} in tokenrouter.yaml.`),
        ),
      ),
  },
  {
    name: 'backups',
    area: 'operation',
    title: 'The stores are databases that are backed up as such.',
    why: 'Where the disk of this machine is lost, everything in the embedded stores is.',
    run: (facts) =>
      onlyInProduction(facts, () => {
        const { DATABASE_URL, TOKENROUTER_DATA_DIR: dataDir } = facts.config.environment;
        if (DATABASE_URL !== undefined) return [];
        const remedy = `Copy ${dataDir} elsewhere while the server is stopped, often, and keep the master key apart; or set DATABASE_URL.`;
        return [found('notice', 'The embedded stores are on this machine alone.', remedy)];
      }),
  },
  {
    name: 'node-version',
    area: 'operation',
    title: 'Node gets security fixes.',
    why: 'Holes in the runtime are holes in everything.',
    needs: ['runtime'],
    run: ({ runtime, nowMs }) => {
      const version = runtime?.nodeVersion ?? '';
      const major = Number(/^v?(\d+)/.exec(version)?.[1]);
      const end = NODE_ENDS[major];
      const isSupported = end === undefined ? major > NODE_MAJOR_MIN : isInForce({ until: end }, nowMs);
      return isSupported
        ? []
        : [
            found(
              'warning',
              `Node ${version} gets no security fixes.`,
              'Install the current long-term version of Node.',
            ),
          ];
    },
  },
  {
    name: 'accepted-findings',
    area: 'operation',
    title: 'No acceptance of a finding has ended.',
    why: 'A finding whose time is over counts again, and may stop the next start.',
    run: ({ config, nowMs }) =>
      config.file.accepted_findings
        .filter((entry) => !isInForce(entry, nowMs))
        .map(({ check, until }) =>
          found('notice', `${check} was accepted until ${until}.`, 'Do what it asks for, or accept it anew.'),
        ),
  },
];
