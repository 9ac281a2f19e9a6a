import type { Session } from '@app/contract';
import {
  Activity,
  Bell,
  BookOpen,
  Boxes,
  ChartColumnStacked,
  ClipboardList,
  Gauge,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  MessagesSquare,
  Plug,
  Radar,
  ScrollText,
  Settings,
  ShieldCheck,
  UserRound,
  Users,
} from 'lucide-react';
import { mayInOrganization } from '../../api/use-organization.ts';
import { mayDo } from '../../api/use-permission.ts';

type PlacePath =
  | '/'
  | '/traces'
  | '/sessions'
  | '/users'
  | '/prompts'
  | '/model-usage'
  | '/spend'
  | '/connect'
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
        { to: '/sessions', label: 'Sessions', Icon: MessagesSquare },
        { to: '/users', label: 'Users', Icon: UserRound },
        { to: '/prompts', label: 'Prompts', Icon: ScrollText },
      ],
    },
    {
      title: 'Analyse',
      places: [
        { to: '/spend', label: 'Spend', Icon: ChartColumnStacked },
        { to: '/model-usage', label: 'Models', Icon: Boxes },
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
        ...when(may('audit:read'), { to: '/audit', label: 'Audit', Icon: ClipboardList }),
        ...when(organization?.is_operator === true && may('settings:write'), {
          to: '/security',
          label: 'Security',
          Icon: ShieldCheck,
        }),
        { to: '/settings', label: 'Settings', Icon: Settings },
        { to: '/connect', label: 'Docs', Icon: BookOpen },
      ],
    },
  ];
}
