/** The envelope is that of chat. */
export { readError, readErrorBody, writeError } from '../openai-chat/errors.ts';
