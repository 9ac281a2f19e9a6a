import { parseArgs } from 'node:util';
import { NewOrganization, NewProject } from '@app/contract';

/** What `tenancy` commands ask for, or why they cannot be understood, as a sentence. */
export type TenancyRequest =
  | { do: 'create-organization'; asked: NewOrganization; owner: string | undefined }
  | { do: 'list-organizations'; json: boolean }
  | { do: 'change-organization'; organization: string; change: { name?: string; zone?: string } }
  | { do: 'create-project'; organization: string; asked: NewProject }
  | { do: 'list-projects'; organization: string; json: boolean }
  | { do: 'rename-project'; organization: string; project: string; name: string }
  | { do: 'help' }
  | { do: 'refuse'; problem: string };

const options = {
  name: { type: 'string' },
  slug: { type: 'string' },
  zone: { type: 'string' },
  owner: { type: 'string' },
  capture: { type: 'string' },
  org: { type: 'string', default: 'default' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Name = keyof typeof options;

/** Per command, the options that mean something to it and the words that follow it. */
const COMMANDS: { [command: string]: { takes: readonly Name[]; words: readonly string[] } } = {
  'orgs create': { takes: ['name', 'slug', 'zone', 'owner'], words: [] },
  'orgs list': { takes: ['json'], words: [] },
  'orgs rename': { takes: ['name'], words: ['ORG'] },
  'orgs zone': { takes: [], words: ['ORG', 'ZONE'] },
  'projects create': { takes: ['org', 'name', 'slug', 'capture'], words: [] },
  'projects list': { takes: ['org', 'json'], words: [] },
  'projects rename': { takes: ['org', 'name'], words: ['PROJECT'] },
};

/** Reads what follows `tokenrouter orgs` and `tokenrouter projects`. */
export function readTenancyOptions(noun: 'orgs' | 'projects', args: readonly string[]): TenancyRequest {
  const [action, ...rest] = args;
  if (action === undefined || ['help', '--help', '-h'].includes(action)) return { do: 'help' };
  const command = `${noun} ${action}`;
  const known = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (known === undefined)
    return refuse(`There is no command "${command}"; ${noun} --help shows those there are.`);
  try {
    const taken = Object.fromEntries([...known.takes, 'help' as const].map((name) => [name, options[name]]));
    const { values, positionals } = parseArgs({ args: [...rest], options: taken, allowPositionals: true });
    if (values.help === true) return { do: 'help' };
    if (positionals.length !== known.words.length || positionals.includes('')) {
      const usage = ['tokenrouter', command, ...known.words].join(' ');
      return refuse(`This command is: ${usage}${known.words.length === 0 ? ' with options' : ''}.`);
    }
    return requestOf(command, { text: textOf(values), isJson: values.json === true, words: positionals });
  } catch (error) {
    // The parser's own sentences name the option.
    if (error instanceof TypeError && 'code' in error) return refuse(error.message);
    throw error;
  }
}

type Read = { text: { [name in Name]?: string }; isJson: boolean; words: readonly string[] };

function requestOf(command: string, { text, isJson, words }: Read): TenancyRequest {
  const { name, slug, zone, capture, org: organization = 'default', owner } = text;
  const [first = '', second = ''] = words;
  switch (command) {
    case 'orgs create': {
      const asked = NewOrganization.safeParse({ name, slug, zone });
      if (!asked.success) return refuse(remedyOf(asked.error.issues[0]?.path[0]));
      return { do: 'create-organization', asked: asked.data, owner };
    }
    case 'orgs list':
      return { do: 'list-organizations', json: isJson };
    case 'orgs rename':
      if (!isName(name)) return refuse(remedyOf('name'));
      return { do: 'change-organization', organization: first, change: { name } };
    case 'orgs zone':
      return { do: 'change-organization', organization: first, change: { zone: second } };
    case 'projects create': {
      const asked = NewProject.safeParse({ name, slug, capture });
      if (!asked.success) return refuse(remedyOf(asked.error.issues[0]?.path[0]));
      return { do: 'create-project', organization, asked: asked.data };
    }
    case 'projects list':
      return { do: 'list-projects', organization, json: isJson };
    default:
      if (!isName(name)) return refuse(remedyOf('name'));
      return { do: 'rename-project', organization, project: first, name };
  }
}

function isName(name: string | undefined): name is string {
  return NewProject.shape.name.safeParse(name).success;
}

function textOf(values: { [name: string]: unknown }): Read['text'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string'));
}

function remedyOf(field: PropertyKey | undefined): string {
  switch (field) {
    case 'slug':
      return '--slug has 1 to 48 lower-case letters, digits and single dashes: it stands in addresses.';
    case 'zone':
      return '--zone is the IANA name of a time zone, such as Europe/Berlin.';
    case 'capture':
      return '--capture is full, redacted or metadata.';
    default:
      return '--name is needed, 1 to 128 characters.';
  }
}

function refuse(problem: string): TenancyRequest {
  return { do: 'refuse', problem };
}
