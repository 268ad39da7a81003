// The last gate before a status is told: what holds a sync, a connection or an audit may be a reason that is only in memory, such as
// why a listing failed, in the words of a provider or a connector. So may be why a record could not be looked up.
import type { LiveSecrets } from "./call/live-secrets.ts";
import type { Control } from "./control.ts";

export function redactingControl(control: Control, live: LiveSecrets): Control {
  return {
    ...control,
    async status() {
      const status = await control.status();
      return {
        ...status,
        syncs: status.syncs.map((sync) =>
          sync.heldBecause === undefined ? sync : { ...sync, heldBecause: live.text(sync.heldBecause) },
        ),
        connections: status.connections.map((connection) =>
          connection.reason === undefined ? connection : { ...connection, reason: live.text(connection.reason) },
        ),
      };
    },
    async link(...given) {
      try {
        const { onTrust } = await control.link(...given);
        return onTrust === undefined ? {} : { onTrust: live.text(onTrust) };
      } catch (error) {
        throw live.error(error);
      }
    },
    async audits(filter) {
      const audits = await control.audits(filter);
      return audits.map((audit) =>
        audit.waits === undefined
          ? audit
          : { ...audit, waits: { ...audit.waits, reason: live.text(audit.waits.reason) } },
      );
    },
  };
}
