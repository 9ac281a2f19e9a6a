import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { mayInOrganization, useOrganization } from '../../api/use-organization.ts';
import { usePermission } from '../../api/use-permission.ts';
import { useProject } from '../../api/use-project.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Deletions } from './deletions.tsx';
import { ExportData } from './export-data.tsx';
import { RetentionForm } from './retention-form.tsx';
import { SignInSettings } from './sign-in-settings.tsx';
import { StorageFacts } from './storage-facts.tsx';

const route = getRouteApi('/shell/settings');
const shows = [
  { value: 'data', label: 'Data' },
  { value: 'sign-in', label: 'Sign-in' },
] as const;

/** How long a project's data is kept, and how people of its organization sign in. */
export function SettingsPage() {
  const { show } = route.useSearch();
  const navigate = useNavigate({ from: '/settings' });
  const organization = useOrganization();
  const hasSignIn = mayInOrganization(organization, 'keys:read');
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Settings">
        {hasSignIn ? (
          <Segmented
            label="Show"
            value={show}
            options={shows}
            onChange={(chosen) => navigate({ search: { show: chosen } })}
          />
        ) : null}
      </PageTitle>
      {show === 'sign-in' && organization !== undefined && hasSignIn ? (
        <SignInSettings organization={organization} />
      ) : (
        <DataSettings />
      )}
    </div>
  );
}

function DataSettings() {
  const { id: project } = useProject();
  const mayWrite = usePermission('settings:write');
  const mayRead = usePermission('traces:read');
  return (
    <>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <RetentionForm project={project} mayWrite={mayWrite} />
        <StorageFacts project={project} />
      </div>
      <Deletions project={project} mayWrite={mayWrite} />
      {mayWrite && mayRead ? <ExportData project={project} /> : null}
    </>
  );
}
