import type { Budget } from '@app/contract';
import { Modal } from '../../ui/modal.tsx';
import { NoticeList } from './notice-list.tsx';

/** What a budget did, and who was told. */
export function BudgetHistory(props: { project: string; budget: Budget; onClose: () => void }) {
  const { project, budget, onClose } = props;
  return (
    <Modal title={budget.name} lead="What this budget did, newest first." onClose={onClose} closes>
      <NoticeList project={project} budgetId={budget.id} />
    </Modal>
  );
}
