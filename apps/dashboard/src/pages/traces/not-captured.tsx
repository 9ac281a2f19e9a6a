import { Empty } from '../../ui/page-status.tsx';

type Props = {
  what: 'request' | 'response';
  capture: 'full' | 'redacted' | 'metadata';
  /** Why calls of this kind never have one. */
  because: string | undefined;
};

/** Why there is no content to show. */
export function NotCaptured({ what, capture, because }: Props) {
  return (
    <Empty title={`No ${what}`}>
      {because ??
        (capture === 'metadata'
          ? 'This call was recorded without its content.'
          : `The call ended before there was a ${what}.`)}
    </Empty>
  );
}
