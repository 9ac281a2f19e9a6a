import { inventId } from './wire.ts';

/** Gives every call of a conversation its id, and every result the id of the call that it answers. */
export type CallIds = {
  /** A turn of the model begins or goes on. */
  beginTurn(): void;
  endTurn(): void;
  ask(id: string | undefined, call: { name: string; at: number; place: number }): string;
  answer(id: string | undefined, name: string): string;
};

type Waiting = { id: string; name: string };

/**
 * Gemini's calls may have no id. Theirs is made of their place in the conversation, which only grows, so it is the same
 * in every later request. A result without an id answers the first call of its name that has no answer yet, or the first
 * of all where a name is unknown.
 */
export function openCallIds(): CallIds {
  let waiting: Waiting[] = [];
  let isTurn = false;
  return {
    beginTurn() {
      if (!isTurn) waiting = [];
      isTurn = true;
    },
    endTurn() {
      isTurn = false;
    },
    ask(given, { name, at, place }) {
      const id = given === undefined || given === '' ? inventId(at, place) : given;
      waiting.push({ id, name });
      return id;
    },
    answer(given, name) {
      const isGiven = given !== undefined && given !== '';
      const found = isGiven
        ? waiting.find((call) => call.id === given)
        : (waiting.find((call) => call.name === name) ?? waiting[0]);
      waiting = waiting.filter((call) => call !== found);
      return isGiven ? given : (found?.id ?? name);
    },
  };
}
