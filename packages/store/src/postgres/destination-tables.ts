import type { Database } from './open-postgres.ts';
import { deleteDestination } from './queries/delete-destination.ts';
import { insertDestination } from './queries/insert-destination.ts';
import { listDestinations } from './queries/list-destinations.ts';
import { noteDelivery } from './queries/note-delivery.ts';
import { updateDestination } from './queries/update-destination.ts';

/** Where organizations' messages go. */
export function destinationTables(postgres: Database) {
  return {
    destinations: {
      insertDestination: insertDestination(postgres),
      listDestinations: listDestinations(postgres),
      updateDestination: updateDestination(postgres),
      deleteDestination: deleteDestination(postgres),
      noteDelivery: noteDelivery(postgres),
    },
  };
}
