import type { Key } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';

/** What a key may do and what it is confined to, in few words; the lists are in the tooltips and in its drawer. */
export function KeyMay({ apiKey }: { apiKey: Key }) {
  const { models, providers, ip_ranges: ranges, permissions } = apiKey;
  const bounds = [
    { one: 'model', many: 'models', list: models },
    { one: 'provider', many: 'providers', list: providers },
    { one: 'address', many: 'addresses', list: ranges },
  ];
  return (
    <span className="flex flex-wrap gap-1.5">
      <Badge tone={apiKey.mode === 'live' ? 'accent' : 'neutral'}>{apiKey.mode}</Badge>
      {apiKey.kind === 'ingest' ? (
        <Badge>send traces</Badge>
      ) : (
        <span className="inline-flex" title={permissions.join(', ')}>
          <Badge>{permissions.length === 1 ? '1 permission' : `${permissions.length} permissions`}</Badge>
        </span>
      )}
      {bounds.map(({ one, many, list }) =>
        list === null ? null : (
          <span key={one} className="inline-flex" title={list.join(', ')}>
            <Badge>
              only {list.length} {list.length === 1 ? one : many}
            </Badge>
          </span>
        ),
      )}
    </span>
  );
}
