// The command that Bowline asks for its key: it leaves behind what it was given, for the trial to look through.
import { readFileSync, writeFileSync } from "node:fs";

const [keyPath = "", leftPath = ""] = process.argv.slice(2);
writeFileSync(leftPath, JSON.stringify({ environment: process.env, words: process.argv, directory: process.cwd() }));
process.stdout.write(readFileSync(keyPath));
