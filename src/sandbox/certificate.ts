import { randomUUID } from 'node:crypto';
import { generate } from 'selfsigned';
import type { TlsIdentity } from './loopback-server.ts';

/**
 * A new key and self-signed certificate for the sandbox's TLS servers, good for one year.
 *
 * It is a leaf (`cA: false`), so trusting it lets nobody sign anything else, and OpenSSL takes a self-signed leaf
 * as its own trust anchor. The common name is different each time: OpenSSL finds trusted certificates by subject,
 * and of two with the same name in one process it would compare with the wrong one.
 */
export async function createCertificate(host: string): Promise<TlsIdentity> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: `Sandbox ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: host },
        ],
      },
    ],
  });
  return { key, cert };
}
