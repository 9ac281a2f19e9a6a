import type { AlertSubject, StoredAlertEvent } from './alert-event-row.ts';
import type { Postgres } from './open-postgres.ts';
import { addRefusedCalls } from './queries/add-refused-calls.ts';
import { claimAlertMessages } from './queries/claim-alert-messages.ts';
import { countAlerts } from './queries/count-alerts.ts';
import { deleteAlert } from './queries/delete-alert.ts';
import { deleteOldAlertEvents } from './queries/delete-old-alert-events.ts';
import { findAddressNewsEnd } from './queries/find-address-news-end.ts';
import { findAlert } from './queries/find-alert.ts';
import { findKeyNames } from './queries/find-key-names.ts';
import { forgetKeyAddresses } from './queries/forget-key-addresses.ts';
import { insertAlert } from './queries/insert-alert.ts';
import { insertAlertEvents } from './queries/insert-alert-events.ts';
import { type InsertAlertMessage, insertAlertMessage } from './queries/insert-alert-message.ts';
import { listAddressNews } from './queries/list-address-news.ts';
import { listAlertEvents } from './queries/list-alert-events.ts';
import { listAlertSubjects } from './queries/list-alert-subjects.ts';
import { listAlerts } from './queries/list-alerts.ts';
import { listEnabledAlerts } from './queries/list-enabled-alerts.ts';
import { lockAddressNews } from './queries/lock-address-news.ts';
import { type NoteKeyAddresses, noteKeyAddresses } from './queries/note-key-addresses.ts';
import { replaceAlertSubjects } from './queries/replace-alert-subjects.ts';
import { saveAlertDeliveries } from './queries/save-alert-deliveries.ts';
import { type SaveAlertStanding, saveAlertStanding } from './queries/save-alert-standing.ts';
import { sumRefusedCalls } from './queries/sum-refused-calls.ts';
import { touchAlerts } from './queries/touch-alerts.ts';
import { updateAlert } from './queries/update-alert.ts';
import { withLoneLock } from './with-lone-lock.ts';

/** What one look at a rule found out, to be kept whole or not at all. */
export type AlertOutcome = {
  standing: SaveAlertStanding;
  subjects: readonly AlertSubject[];
  events: readonly StoredAlertEvent[];
  messages: readonly InsertAlertMessage[];
};

/** Rules, what they told, and what they watch besides calls. */
export type AlertTables = ReturnType<typeof alertTables>['alerts'];

/** Of one key so many ranges are kept. */
const RANGES_MAX = 200;

export function alertTables(postgres: Postgres) {
  return {
    alerts: {
      insertAlert: insertAlert(postgres),
      findAlert: findAlert(postgres),
      listAlerts: listAlerts(postgres),
      countAlerts: countAlerts(postgres),
      updateAlert: updateAlert(postgres),
      deleteAlert: deleteAlert(postgres),
      listEnabledAlerts: listEnabledAlerts(postgres),
      listAlertSubjects: listAlertSubjects(postgres),
      touchAlerts: touchAlerts(postgres),
      saveOutcome: (outcome: AlertOutcome) => saveOutcome(postgres, outcome),
      listAlertEvents: listAlertEvents(postgres),
      insertAlertMessage: insertAlertMessage(postgres),
      claimAlertMessages: claimAlertMessages(postgres),
      saveAlertDeliveries: saveAlertDeliveries(postgres),
      deleteOldAlertEvents: deleteOldAlertEvents(postgres),
      findKeyNames: findKeyNames(postgres),
      noteKeyAddresses: (noted: NoteKeyAddresses) => noteAlone(postgres, noted),
      listAddressNews: listAddressNews(postgres),
      findAddressNewsEnd: findAddressNewsEnd(postgres),
      addRefusedCalls: addRefusedCalls(postgres),
      sumRefusedCalls: sumRefusedCalls(postgres),
      /** Runs it unless another server does; says whether it ran. */
      alone: (run: () => Promise<void>) => withLoneLock(postgres, 'alerts', run),
    },
  };
}

/** False when the rule was changed, deleted or looked at by another server meanwhile; then nothing is kept. */
function saveOutcome(
  postgres: Postgres,
  { standing, subjects, events, messages }: AlertOutcome,
): Promise<boolean> {
  return postgres.transaction(async (db) => {
    if (!(await saveAlertStanding(db)(standing))) return false;
    await replaceAlertSubjects(db)({ alertId: standing.id, subjects });
    for (const message of messages) await insertAlertMessage(db)(message);
    if (events.length > 0) await insertAlertEvents(db)(events);
    return true;
  });
}

function noteAlone(postgres: Postgres, noted: NoteKeyAddresses): Promise<void> {
  return postgres.transaction(async (db) => {
    await lockAddressNews(db)();
    await noteKeyAddresses(db)(noted);
    const keyIds = [...new Set(noted.addresses.map(({ keyId }) => keyId))];
    await forgetKeyAddresses(db)({ keyIds, keptMax: RANGES_MAX });
  });
}
