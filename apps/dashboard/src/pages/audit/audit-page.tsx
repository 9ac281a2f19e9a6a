import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { type AuditFilter, auditExportAddress } from '../../api/audit.ts';
import { mayInOrganization, useOrganization } from '../../api/use-organization.ts';
import { Card } from '../../ui/card.tsx';
import { Empty } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditList } from './audit-list.tsx';
import { VerifyAudit } from './verify-audit.tsx';

const route = getRouteApi('/shell/audit');

/** What people, keys and the operator did in the organization, and whether anybody changed that afterwards. */
export function AuditPage() {
  const { project: _named, event: openId, ...filter } = route.useSearch();
  const navigate = useNavigate({ from: '/audit' });
  const organization = useOrganization();
  if (organization === undefined || !mayInOrganization(organization, 'audit:read')) return <NotForYou />;
  const change = (changed: AuditFilter) =>
    navigate({ search: (kept) => ({ ...kept, ...changed }), replace: true, resetScroll: false });
  const open = (event: string | undefined) =>
    navigate({ search: (kept) => ({ ...kept, event }), resetScroll: false });
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      <PageTitle title="Audit">
        <VerifyAudit organization={organization.id} />
        <a
          href={auditExportAddress(organization.id, filter)}
          download={`audit-${organization.slug}.ndjson`}
          className="inline-flex h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm transition-colors hover:bg-sunken"
        >
          <Download aria-hidden="true" className="size-4" /> Export
        </a>
      </PageTitle>
      <AuditFilters filter={filter} hasShortcut={openId === undefined} onChange={change} />
      <AuditList
        organization={organization.id}
        filter={filter}
        openId={openId}
        onOpen={open}
        onFilter={change}
      />
    </div>
  );
}

function NotForYou() {
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-5">
      <PageTitle title="Audit" />
      <Card>
        <Empty title="Not for your role">
          <p>Owners and admins of the organization see what was done in it. Ask one of them.</p>
        </Empty>
      </Card>
    </div>
  );
}
