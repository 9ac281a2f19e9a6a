import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { AlertPlace } from '../../api/alerts.ts';
import { mayInOrganization, useOrganization } from '../../api/use-organization.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { AlertEditor } from './alert-editor.tsx';
import { AlertEvents } from './alert-events.tsx';
import { AlertList } from './alert-list.tsx';
import { DestinationEditor } from './destination-editor.tsx';
import { DestinationList } from './destination-list.tsx';

const route = getRouteApi('/shell/alerts');

const shows = [
  { value: 'alerts', label: 'Alerts' },
  { value: 'history', label: 'History' },
  { value: 'destinations', label: 'Destinations' },
] as const;

/** What people are told about, what they were told, and where. */
export function AlertsPage() {
  const { show, of } = route.useSearch();
  const navigate = useNavigate({ from: '/alerts' });
  const project = useProject();
  const organization = useOrganization();
  const mayWriteHere = usePermission('settings:write');
  const [creates, setCreates] = useState<'alert' | 'destination'>();
  const isWhole = of === 'organization' && organization !== undefined;
  const place: AlertPlace = isWhole
    ? { kind: 'organizations', id: organization.id }
    : { kind: 'projects', id: project.id };
  const mayWriteWhole = mayInOrganization(organization, 'settings:write');
  const mayWrite = show === 'destinations' || isWhole ? mayWriteWhole : mayWriteHere;
  const create = () => setCreates(show === 'destinations' ? 'destination' : 'alert');
  const offered = mayWrite ? create : undefined;
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Alerts">
        <Segmented
          label="Show"
          value={show}
          options={organization === undefined ? shows.slice(0, 2) : shows}
          onChange={(chosen) => navigate({ search: (kept) => ({ ...kept, show: chosen }) })}
        />
        {offered === undefined || show === 'history' ? null : (
          <Button look="primary" onClick={offered}>
            <Plus aria-hidden="true" className="size-4" />{' '}
            {show === 'destinations' ? 'New destination' : 'New alert'}
          </Button>
        )}
      </PageTitle>
      {show === 'destinations' || organization === undefined ? null : (
        <div>
          {' '}
          <Segmented
            label="Of what"
            value={isWhole ? 'organization' : 'project'}
            options={[
              { value: 'project', label: project.name },
              { value: 'organization', label: `All of ${organization.name}` },
            ]}
            onChange={(chosen) => navigate({ search: (kept) => ({ ...kept, of: chosen }) })}
          />
        </div>
      )}
      <Content show={show} place={place} organization={organization?.id} onCreate={offered} />
      {creates === 'alert' ? (
        <AlertEditor
          place={place}
          organization={organization?.id}
          alert={undefined}
          onClose={() => setCreates(undefined)}
        />
      ) : null}
      {creates === 'destination' && organization !== undefined ? (
        <DestinationEditor
          organization={organization.id}
          destination={undefined}
          onClose={() => setCreates(undefined)}
        />
      ) : null}
    </div>
  );
}

type ContentProps = {
  show: (typeof shows)[number]['value'];
  place: AlertPlace;
  organization: string | undefined;
  onCreate: (() => void) | undefined;
};

function Content({ show, place, organization, onCreate }: ContentProps) {
  if (show === 'history') return <AlertEvents place={place} />;
  if (show === 'alerts') return <AlertList place={place} organization={organization} onCreate={onCreate} />;
  return organization === undefined ? null : (
    <DestinationList organization={organization} onCreate={onCreate} />
  );
}
