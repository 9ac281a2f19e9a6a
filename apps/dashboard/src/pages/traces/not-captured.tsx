import { Empty } from '../../ui/page-status.tsx';

/** Why there is no content to show. */
export function NotCaptured({
  what,
  capture,
}: {
  what: 'request' | 'response';
  capture: 'full' | 'metadata';
}) {
  return (
    <Empty title={`No ${what}`}>
      {capture === 'metadata'
        ? 'This call was recorded without its content.'
        : `The call ended before there was a ${what}.`}
    </Empty>
  );
}
