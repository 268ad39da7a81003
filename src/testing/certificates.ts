// Certificates for tests of TLS, made with openssl for one run: an authority, a server on loopback, and clients.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireCertificate } from "../world/world.ts";

export interface Certificates {
  /** The authority's certificate, in PEM. */
  readonly ca: string;
  readonly server: WireCertificate;
  /** One for a client of this name; `passphrase`: its key is locked with it. */
  client(name: string, passphrase?: string): WireCertificate;
  remove(): void;
}

/** Why certificates cannot be made here; undefined: they can. */
export function withoutOpenssl(): string | undefined {
  const { status, error } = spawnSync("openssl", ["version"]);
  return status === 0 ? undefined : `no openssl on this machine: ${error?.message ?? `it ended with ${status}`}`;
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "bowline-tls-"));
  const at = (name: string): string => join(folder, name);
  const text = (name: string): string => readFileSync(at(name), "utf8");
  makeKey(at("ca.key"));
  run("req", "-x509", "-new", "-key", at("ca.key"), "-subj", "/CN=test authority", "-days", "2", "-out", at("ca.crt"));

  function issue(name: string, extension: string): WireCertificate {
    makeKey(at(`${name}.key`));
    writeFileSync(at(`${name}.ext`), extension);
    run("req", "-new", "-key", at(`${name}.key`), "-subj", `/CN=${name}`, "-out", at(`${name}.csr`));
    const authority = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial"];
    const files = ["-in", at(`${name}.csr`), "-extfile", at(`${name}.ext`), "-out", at(`${name}.crt`)];
    run("x509", "-req", "-days", "2", ...authority, ...files);
    return { certificate: text(`${name}.crt`), privateKey: text(`${name}.key`) };
  }

  return {
    ca: text("ca.crt"),
    server: issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1\n"),
    client(name, passphrase) {
      const plain = issue(name, "extendedKeyUsage=clientAuth\n");
      if (passphrase === undefined) return plain;
      const locked = ["-topk8", "-v2", "aes256", "-passout", `pass:${passphrase}`];
      run("pkcs8", ...locked, "-in", at(`${name}.key`), "-out", at(`${name}.locked`));
      return { ...plain, privateKey: text(`${name}.locked`), passphrase };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function makeKey(path: string): void {
  run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path);
}

function run(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", args);
  if (status !== 0) throw new Error(`could not make a certificate: openssl ${args[0]} said ${stderr.toString()}`);
}
