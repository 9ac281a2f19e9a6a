import type { SignInPolicy } from '@app/contract';
import { Plus, X } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';

type Domain = SignInPolicy['domains'][number];

type Props = {
  domains: readonly Domain[];
  providers: readonly { value: string; label: string }[];
  mayWrite: boolean;
  onChange: (domains: Domain[]) => void;
};

const roles = [
  { value: 'member', label: 'Member' },
  { value: 'admin', label: 'Admin' },
] as const;

/** Whose addresses let people in without an invitation. */
export function SignInDomains({ domains, providers, mayWrite, onChange }: Props) {
  const change = (at: number, changed: Partial<Domain>) =>
    onChange(domains.map((each, place) => (place === at ? { ...each, ...changed } : each)));
  const first = providers[0]?.value;
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="font-medium text-sm">Domains</legend>
      <p className="text-faint text-xs">
        {first === undefined
          ? 'People of a domain can join by themselves once a provider is configured, which vouches for their address.'
          : 'People whose provider vouches for an address of such a domain join by themselves.'}
      </p>
      {domains.map(({ domain, provider, role }, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no other identity than its place.
          key={at}
          className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,12rem)_8rem_2.5rem]"
        >
          <Field
            label="Domain"
            required
            placeholder="example.com"
            disabled={!mayWrite}
            value={domain}
            onChange={(event) => change(at, { domain: event.target.value })}
          />
          <SelectField
            label="Vouched for by"
            value={provider}
            options={providers}
            disabled={!mayWrite}
            onChange={(chosen) => change(at, { provider: chosen })}
          />
          <SelectField
            label="As"
            value={role === 'admin' ? 'admin' : 'member'}
            options={roles}
            disabled={!mayWrite}
            onChange={(chosen) => change(at, { role: chosen })}
          />
          {mayWrite ? (
            <Button
              look="quiet"
              isSquare
              aria-label={`Remove the domain ${domain}`}
              onClick={() => onChange(domains.filter((_each, place) => place !== at))}
            >
              <X aria-hidden="true" className="size-4" />
            </Button>
          ) : null}
        </div>
      ))}
      {mayWrite && first !== undefined ? (
        <Button
          className="self-start"
          onClick={() => onChange([...domains, { domain: '', provider: first, role: 'member' }])}
        >
          <Plus aria-hidden="true" className="size-4" /> Add a domain
        </Button>
      ) : null}
    </fieldset>
  );
}
