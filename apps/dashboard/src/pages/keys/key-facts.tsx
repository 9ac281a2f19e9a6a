import type { Key } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { keyNamesQuery } from '../../api/keys.ts';
import { sessionQuery } from '../../api/session.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatCount, formatMoment } from '../../ui/format.ts';
import { KeyLink } from './key-link.tsx';

const linkLook =
  'text-accent-strong underline decoration-line-strong underline-offset-4 hover:decoration-accent';

/** Whose a key is, what it may do, and what came before and after it. */
export function KeyFacts({ project, apiKey }: { project: string; apiKey: Key }) {
  return (
    <>
      <Life project={project} apiKey={apiKey} />
      <FactList title="Whose it is">
        <Fact name="Id" copies={apiKey.id}>
          {apiKey.id}
        </Fact>
        <Fact name="Environment">{apiKey.environment}</Fact>
        <Fact name="Owner">
          {apiKey.owner === null ? (
            'nobody named'
          ) : (
            <Filtering owner={apiKey.owner}>{apiKey.owner}</Filtering>
          )}
        </Fact>
        <Fact name="Tags">
          {apiKey.tags.length === 0 ? 'none' : null}
          {apiKey.tags.map((tag, at) => (
            <span key={tag}>
              {at === 0 ? '' : ', '}
              <Filtering tag={tag}>{tag}</Filtering>
            </span>
          ))}
        </Fact>
      </FactList>
      <FactList title="What it may do">
        <Fact name="Permissions">{apiKey.permissions.join(', ')}</Fact>
        <Fact name="Models">{apiKey.models?.join(', ') ?? 'all'}</Fact>
        <Fact name="Providers">{apiKey.providers?.join(', ') ?? 'all'}</Fact>
        <Fact name="From addresses">{apiKey.ip_ranges?.join(', ') ?? 'anywhere'}</Fact>
        <Fact name="Requests per minute">{formatCount(apiKey.requests_per_minute_max)}</Fact>
        <Fact name="Calls at once">{formatCount(apiKey.concurrency_max)}</Fact>
      </FactList>
    </>
  );
}

function Life({ project, apiKey }: { project: string; apiKey: Key }) {
  const { data: session } = useQuery(sessionQuery);
  const maker = apiKey.created_by === session?.user.id ? 'you' : (apiKey.created_by ?? 'the operator');
  const { last_used_at: usedAt, last_used_ip: ip, expires_at: end, revoked_at: revoked } = apiKey;
  return (
    <FactList title="Its life">
      <Fact name="Created">
        {formatMoment(apiKey.created_at)} by {maker}
      </Fact>
      <Fact name="Last used">
        {usedAt === null ? 'never' : `${formatMoment(usedAt)}${ip === null ? '' : ` from ${ip}`}`}
      </Fact>
      {revoked === null ? (
        <Fact name="Ends">{end === null ? 'never' : formatMoment(end)}</Fact>
      ) : (
        <Fact name="Revoked">{formatMoment(revoked)}</Fact>
      )}
      {apiKey.replaced_by === null ? null : (
        <Fact name="Replaced by">
          <Other project={project} id={apiKey.replaced_by} />
        </Fact>
      )}
      {apiKey.replaces === null ? null : (
        <Fact name="Replaces">
          <Other project={project} id={apiKey.replaces} />
        </Fact>
      )}
    </FactList>
  );
}

function Other({ project, id }: { project: string; id: string }) {
  const { data: names } = useQuery(keyNamesQuery(project));
  const name = names?.get(id);
  return (
    <KeyLink id={id} className={linkLook}>
      {name === undefined ? id : `${name} (${id})`}
    </KeyLink>
  );
}

/** Leads to all keys that share this. */
function Filtering({ children, ...search }: { owner?: string; tag?: string; children: ReactNode }) {
  return (
    <Link to="/keys" search={search} title="Show all keys of it" className={linkLook}>
      {children}
    </Link>
  );
}
