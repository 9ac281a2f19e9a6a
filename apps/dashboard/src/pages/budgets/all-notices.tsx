import { useInfiniteQuery } from '@tanstack/react-query';
import { budgetsQuery } from '../../api/budgets.ts';
import { Card } from '../../ui/card.tsx';
import { NoticeList } from './notice-list.tsx';

/** What all budgets of the project did. */
export function AllNotices({ project }: { project: string }) {
  const { data } = useInfiniteQuery(budgetsQuery(project));
  const budgets = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Card className="flex flex-col px-4 py-2 lg:px-5">
      <NoticeList project={project} names={new Map(budgets.map(({ id, name }) => [id, name]))} />
    </Card>
  );
}
