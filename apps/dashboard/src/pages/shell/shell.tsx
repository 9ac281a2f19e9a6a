import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { Activity, Gauge, KeyRound, LayoutDashboard, Plug } from 'lucide-react';
import type { ReactNode } from 'react';
import { sessionQuery } from '../../api/session.ts';
import { mayDo } from '../../api/use-permission.ts';
import { findProject } from '../../api/use-project.ts';
import { AccountMenu } from './account-menu.tsx';
import { IngestIndicator } from './ingest-indicator.tsx';
import { IngestWarning } from './ingest-warning.tsx';
import { Logo } from './logo.tsx';
import { ProjectSwitch } from './project-switch.tsx';

const route = getRouteApi('/shell');

/** The frame of every page behind the sign-in: navigation at the left, on a phone at the bottom. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const { project: named } = route.useSearch();
  const project = findProject(session?.projects ?? [], named);
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
        <Navigation hasProviders={mayDo(session, project, 'credentials:write')} />
        <div className="ml-auto flex flex-col gap-3 lg:mt-auto lg:ml-0">
          {project === undefined ? null : (
            <div className="hidden lg:block">
              <IngestIndicator project={project.id} />
            </div>
          )}
          {session ? <AccountMenu user={session.user} /> : null}
        </div>
      </aside>
      <main
        id="content"
        tabIndex={-1}
        className="min-w-0 px-4 pt-6 pb-24 focus:outline-none lg:px-8 lg:pb-10"
      >
        {project === undefined ? null : <IngestWarning project={project.id} />}
        <Outlet />
      </main>
    </div>
  );
}

function Navigation({ hasProviders }: { hasProviders: boolean }) {
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex justify-around border-line border-t bg-surface px-2 py-1.5 lg:static lg:flex-col lg:justify-start lg:gap-1 lg:border-0 lg:p-0"
    >
      <Entry to="/" label="Overview" icon={<LayoutDashboard aria-hidden="true" className="size-4.5" />} />
      <Entry to="/traces" label="Traces" icon={<Activity aria-hidden="true" className="size-4.5" />} />
      <Entry to="/keys" label="API keys" icon={<KeyRound aria-hidden="true" className="size-4.5" />} />
      <Entry to="/budgets" label="Budgets" icon={<Gauge aria-hidden="true" className="size-4.5" />} />
      {hasProviders ? (
        <Entry to="/providers" label="Providers" icon={<Plug aria-hidden="true" className="size-4.5" />} />
      ) : null}
    </nav>
  );
}

type Place = '/' | '/traces' | '/keys' | '/budgets' | '/providers';

function Entry({ to, label, icon }: { to: Place; label: string; icon: ReactNode }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ className: 'bg-accent-soft text-accent-strong', 'aria-current': 'page' }}
      inactiveProps={{ className: 'text-soft hover:bg-sunken hover:text-text' }}
      className="flex flex-col items-center gap-0.5 rounded-lg px-2 py-1 font-medium text-xs transition-colors lg:flex-row lg:gap-3 lg:px-2.5 lg:py-2 lg:text-sm"
    >
      {icon}
      {label}
    </Link>
  );
}
