import type { Session } from '@app/contract';
import {
  Activity,
  Bell,
  Gauge,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Plug,
  Radar,
  ScrollText,
  Settings,
  ShieldCheck,
  Users,
} from 'lucide-react';
import { mayInOrganization } from '../../api/use-organization.ts';
import { mayDo } from '../../api/use-permission.ts';

type PlacePath =
  | '/'
  | '/traces'
  | '/anomalies'
  | '/alerts'
  | '/keys'
  | '/budgets'
  | '/providers'
  | '/team'
  | '/audit'
  | '/security'
  | '/settings';

export type Place = { to: PlacePath; label: string; Icon: LucideIcon };
export type PlaceGroup = { title: string; places: Place[] };

type Viewer = { session: Session; project: Session['projects'][number] | undefined };

/** The pages that somebody may see, in groups; those that a phone shows first come first. */
export function listPlaces({ session, project }: Viewer): PlaceGroup[] {
  const organization = session.organizations?.find(({ id }) => id === project?.organization_id);
  const may = (permission: Parameters<typeof mayInOrganization>[1]) =>
    mayInOrganization(organization, permission);
  const when = (condition: boolean, place: Place) => (condition ? [place] : []);
  return [
    {
      title: 'Observe',
      places: [
        { to: '/', label: 'Overview', Icon: LayoutDashboard },
        { to: '/traces', label: 'Traces', Icon: Activity },
        { to: '/anomalies', label: 'Anomalies', Icon: Radar },
        { to: '/alerts', label: 'Alerts', Icon: Bell },
      ],
    },
    {
      title: 'Control',
      places: [
        { to: '/keys', label: 'API keys', Icon: KeyRound },
        { to: '/budgets', label: 'Budgets', Icon: Gauge },
        ...when(mayDo(session, project, 'credentials:write'), {
          to: '/providers',
          label: 'Providers',
          Icon: Plug,
        }),
      ],
    },
    {
      title: 'Organization',
      places: [
        ...when(may('keys:read') || mayDo(session, project, 'keys:read'), {
          to: '/team',
          label: 'Team',
          Icon: Users,
        }),
        ...when(may('audit:read'), { to: '/audit', label: 'Audit', Icon: ScrollText }),
        ...when(organization?.is_operator === true && may('settings:write'), {
          to: '/security',
          label: 'Security',
          Icon: ShieldCheck,
        }),
        { to: '/settings', label: 'Settings', Icon: Settings },
      ],
    },
  ];
}
