import { parseArgs } from 'node:util';

type AlertsOf = { project: string; isWhole: boolean };

/** What a command line asks for, or why it cannot be understood, as a sentence that names the option. */
export type AlertsRequest =
  | ({ do: 'list'; json: boolean } & AlertsOf)
  | ({ do: 'test'; id: string } & AlertsOf)
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

export const alertsHelp = `tokenrouter alerts: what watches spend, errors, latency, keys and people

  alerts list                 show the alerts and how they stand
      --json                  as JSON
  alerts test ID              have a running server send a test message to the alert's destinations
      --project NAME          slug or id of the project (default: default)
      --whole-organization    not of the project alone, but of the organization that it belongs to

Alerts are made and changed on the page Alerts and over the API; docs/alerts.md tells how.
`;

const options = {
  project: { type: 'string', default: 'default' },
  'whole-organization': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads what follows `tokenrouter alerts`. */
export function readAlertsOptions(args: readonly string[]): AlertsRequest {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [action, id, ...more] = positionals;
    if (values.help || action === undefined || action === 'help') return { do: 'help' };
    const place = { project: values.project, isWhole: values['whole-organization'] };
    if (action === 'list' && id === undefined) return { do: 'list', json: values.json, ...place };
    if (action === 'test' && id !== undefined && more.length === 0) return { do: 'test', id, ...place };
    if (action === 'test') return { do: 'refuse', problem: 'alerts test: name one alert by its id.' };
    if (action === 'list') return { do: 'refuse', problem: `alerts list: "${id}" is not known here.` };
    return { do: 'refuse', problem: `There is no command "alerts ${action}"; use list or test.` };
  } catch (error) {
    return { do: 'refuse', problem: error instanceof Error ? error.message : String(error) };
  }
}
