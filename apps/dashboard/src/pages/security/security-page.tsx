import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { securityQuery } from '../../api/security.ts';
import { useOrganization } from '../../api/use-organization.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty, Failed, Skeleton } from '../../ui/page-status.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { SecurityFindings } from './security-findings.tsx';

/** How safe this installation is: what should be different, why, and what to do. */
export function SecurityPage() {
  const organization = useOrganization();
  return (
    <div className="mx-auto flex max-w-6xl flex-col items-stretch gap-5">
      {organization?.is_operator && organization.permissions?.includes('settings:write') ? (
        <Report organization={organization.id} />
      ) : (
        <NotForYou />
      )}
    </div>
  );
}

function Report({ organization }: { organization: string }) {
  const report = useQuery(securityQuery(organization));
  return (
    <>
      <PageTitle title="Security">
        <Button isBusy={report.isFetching} onClick={() => report.refetch()}>
          <RefreshCw aria-hidden="true" className="size-4" /> Check again
        </Button>
      </PageTitle>
      {report.isPending ? <Skeleton className="h-96 rounded-xl" /> : null}
      {report.isError && report.data === undefined ? (
        <Failed message={report.error.message} onRetry={() => report.refetch()} />
      ) : null}
      {report.data === undefined ? null : <SecurityFindings report={report.data} />}
    </>
  );
}

function NotForYou() {
  return (
    <>
      <PageTitle title="Security" />
      <Card>
        <Empty title="Not for your role">
          <p>
            Owners and admins of the organization that runs this installation see how it is set up. Choose a
            project of that organization, or ask one of them.
          </p>
        </Empty>
      </Card>
    </>
  );
}
