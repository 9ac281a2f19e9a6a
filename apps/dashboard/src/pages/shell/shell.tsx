import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useMatches } from '@tanstack/react-router';
import { sessionQuery } from '../../api/session.ts';
import { findProject } from '../../api/use-project.ts';
import { AccountMenu } from './account-menu.tsx';
import { ClosedOrganizations } from './closed-organizations.tsx';
import { EnvironmentSwitch } from './environment-switch.tsx';
import { IngestIndicator } from './ingest-indicator.tsx';
import { IngestWarning } from './ingest-warning.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { Needs } from './needs.tsx';
import { listPlaces } from './places.tsx';
import { ProjectSwitch } from './project-switch.tsx';

const route = getRouteApi('/shell');

/** The frame of every page behind the sign-in: navigation at the left, on a phone at the bottom. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const { project: named } = route.useSearch();
  // What is drawn now, which is behind the address while a page is loading.
  const isAccount = useMatches().some(({ routeId }) => routeId === '/shell/account');
  const project = findProject(session?.projects ?? [], named);
  const organizations = session?.organizations ?? [];
  // Projects of an organization that asks for something are not told, so that there may be none at all.
  const organization =
    project === undefined
      ? organizations.find((each) => each.needs)
      : organizations.find(({ id }) => id === project.organization_id);
  // The account is the person's own: there they set up what is asked for.
  const needs = isAccount ? null : organization?.needs;
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_1fr]">
      <a
        href="#content"
        className="sr-only rounded-lg focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-raised focus:px-4 focus:py-3 focus:shadow-raised"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 z-20 flex items-center gap-4 border-line border-b bg-surface px-4 py-3 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-6 lg:border-r lg:border-b-0 lg:px-3 lg:py-5">
        <div className="lg:px-2">
          <Logo />
        </div>
        {project === undefined || session == null ? null : (
          <ProjectSwitch project={project} projects={session.projects} />
        )}
        {project === undefined ? null : <EnvironmentSwitch project={project.id} />}
        {session == null || project === undefined ? null : (
          <Navigation groups={listPlaces({ session, project })} />
        )}
        <div className="ml-auto flex flex-col gap-3 lg:mt-auto lg:ml-0">
          {project === undefined ? null : (
            <div className="hidden lg:block">
              <IngestIndicator project={project.id} />
            </div>
          )}
          {session && project !== undefined ? <ClosedOrganizations session={session} /> : null}
          {session ? <AccountMenu user={session.user} /> : null}
        </div>
      </aside>
      <main
        id="content"
        tabIndex={-1}
        className="min-w-0 px-4 pt-6 pb-24 focus:outline-none lg:px-8 lg:pb-10"
      >
        {organization === undefined || needs == null ? (
          <>
            {project === undefined ? null : <IngestWarning project={project.id} />}
            <Outlet />
          </>
        ) : (
          <Needs name={organization.name} needs={needs} />
        )}
      </main>
    </div>
  );
}
