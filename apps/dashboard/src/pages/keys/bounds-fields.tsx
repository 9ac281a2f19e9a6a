import type { Key, NewKey } from '@app/contract';
import { ChevronRight } from 'lucide-react';
import { Field } from '../../ui/field.tsx';

/** As typed: lists with commas between. */
export type Bounds = {
  owner: string;
  tags: string;
  models: string;
  providers: string;
  ipRanges: string;
  requestsPerMinute: string;
  concurrency: string;
};

export const blankBounds: Bounds = {
  owner: '',
  tags: '',
  models: '',
  providers: '',
  ipRanges: '',
  requestsPerMinute: '',
  concurrency: '',
};

const fields = [
  { name: 'owner', param: 'owner', label: 'Owner', placeholder: 'ada@example.com', ofGateway: false },
  { name: 'tags', param: 'tags', label: 'Tags', placeholder: 'batch, team-search', ofGateway: false },
  {
    name: 'models',
    param: 'models',
    label: 'Only these models',
    placeholder: 'gpt-5-nano, anthropic/*',
    ofGateway: true,
  },
  {
    name: 'providers',
    param: 'providers',
    label: 'Only these providers',
    placeholder: 'openai, anthropic',
    ofGateway: true,
  },
  {
    name: 'ipRanges',
    param: 'ip_ranges',
    label: 'Only from these addresses',
    placeholder: '203.0.113.0/24, 2001:db8::/48',
    ofGateway: false,
  },
  {
    name: 'requestsPerMinute',
    param: 'requests_per_minute_max',
    label: 'Requests per minute',
    placeholder: 'the default',
    ofGateway: false,
  },
  {
    name: 'concurrency',
    param: 'concurrency_max',
    label: 'Calls at once',
    placeholder: 'the default',
    ofGateway: false,
  },
] as const satisfies {
  name: keyof Bounds;
  param: string;
  label: string;
  placeholder: string;
  ofGateway: boolean;
}[];

type Props = {
  bounds: Bounds;
  isGateway: boolean;
  isOpen?: boolean;
  problemOf: (param: string) => string | undefined;
  onChange: (bounds: Bounds) => void;
};

/** What a key is confined to and whose it is; folded, because most keys need none of it. */
export function BoundsFields({ bounds, isGateway, isOpen = false, problemOf, onChange }: Props) {
  const shown = fields.filter(({ ofGateway }) => isGateway || !ofGateway);
  const filled = shown.filter(({ name }) => bounds[name].trim() !== '').length;
  return (
    <details className="group rounded-lg border border-line" open={isOpen}>
      <summary className="flex cursor-pointer list-none items-center gap-2 px-3 py-2.5 text-sm">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-faint transition-transform group-open:rotate-90"
        />
        <span className="font-medium">Owner, limits and bounds</span>
        <span className="text-faint">{filled === 0 ? 'none' : `${filled} set`}</span>
      </summary>
      <div className="flex flex-col gap-4 border-line border-t p-3">
        {shown.map(({ name, param, label, placeholder }) => (
          <Field
            key={name}
            label={label}
            placeholder={placeholder}
            value={bounds[name]}
            problem={problemOf(param)}
            onChange={(event) => onChange({ ...bounds, [name]: event.target.value })}
          />
        ))}
      </div>
    </details>
  );
}

const listOf = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

const countOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));

/** The fields of a request for what is filled in. */
export function boundsOf(bounds: Bounds): Partial<NewKey> {
  const [tags, models, providers, ranges] = [
    bounds.tags,
    bounds.models,
    bounds.providers,
    bounds.ipRanges,
  ].map(listOf);
  const requests = countOf(bounds.requestsPerMinute);
  const concurrency = countOf(bounds.concurrency);
  return {
    ...(bounds.owner.trim() === '' ? {} : { owner: bounds.owner.trim() }),
    ...(tags?.length ? { tags } : {}),
    ...(models?.length ? { models } : {}),
    ...(providers?.length ? { providers } : {}),
    ...(ranges?.length ? { ip_ranges: ranges } : {}),
    ...(requests === undefined ? {} : { requests_per_minute_max: requests }),
    ...(concurrency === undefined ? {} : { concurrency_max: concurrency }),
  };
}

/** A key's bounds as they are typed. */
export function boundsOfKey(key: Key): Bounds {
  const join = (list: readonly string[] | null) => (list ?? []).join(', ');
  return {
    owner: key.owner ?? '',
    tags: join(key.tags),
    models: join(key.models),
    providers: join(key.providers),
    ipRanges: join(key.ip_ranges),
    requestsPerMinute: String(key.requests_per_minute_max),
    concurrency: String(key.concurrency_max),
  };
}
