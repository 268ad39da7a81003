#!/usr/bin/env node
// The program `bowline`. It imports nothing before it knows that this Node can run the rest, and is written so that every
// Node that knows modules can read this far and be told what to do.
const wanted = [24, 15];
const version = process.versions.node.split(".").map(Number);
const isNewEnough = version[0]! > wanted[0]! || (version[0] === wanted[0] && version[1]! >= wanted[1]!);

if (isNewEnough) {
  Promise.all([import("./program.ts"), import("./shell.ts")])
    .then(async function ([program, shell]) {
      process.exitCode = await program.runCommandLine(process.argv.slice(2), shell.realShell());
    })
    .catch(function (error) {
      process.stderr.write("bowline: could not run: " + String(error) + "\n");
      process.exitCode = 5;
    });
} else {
  process.stderr.write(
    "bowline: could not run: expected Node " +
      wanted.join(".") +
      " or newer and found " +
      process.versions.node +
      "; install a newer Node from https://nodejs.org and run this again\n",
  );
  process.exitCode = 2;
}

export {};
