export type { IngestSpan } from '@app/contract';
