// The store's own thread: takes all messages that wait into one transaction, so that the more there is to do, the less each
// call costs.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { prepareCore } from "./core.ts";
import { openDatabase, type OpenDatabase } from "./database.ts";
import { giveWay } from "./give-way.ts";
import { groupCommit, type Call, type GroupCommit } from "./group-commit.ts";
import { errorToWire, toWire, type FromThread, type ToThread } from "./wire.ts";

export interface WorkerData {
  readonly path: string;
  readonly processId: number;
}

function run({ path, processId }: WorkerData): void {
  giveWay();
  try {
    const open = openDatabase(path, processId);
    serve(open, groupCommit(open, prepareCore(open.database)));
    tell({ is: "open" });
  } catch (error) {
    tell({ is: "refused", error: errorToWire(error) });
    parentPort?.close();
  }
}

function serve(open: OpenDatabase, commit: GroupCommit): void {
  parentPort?.on("message", (first: ToThread) => {
    const messages = [first, ...waitingMessages()];
    const calls: Call[] = [];
    for (const message of messages) if ("calls" in message) calls.push(...message.calls);
    if (calls.length > 0) tell({ is: "performed", outcomes: commit(calls).map(toWire) });
    if (!messages.some((message) => "close" in message)) return;
    open.close();
    tell({ is: "closed" });
    parentPort?.close();
  });
}

function waitingMessages(): readonly ToThread[] {
  const messages: ToThread[] = [];
  if (parentPort === null) return messages;
  for (let next = receiveMessageOnPort(parentPort); next !== undefined; next = receiveMessageOnPort(parentPort)) {
    messages.push(next.message as ToThread);
  }
  return messages;
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

run(workerData as WorkerData);
