import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type DataFolder, readJson, writeJson } from './data-folder';
import { SERVICES, type ServiceName } from './services';

/** Made once per data folder and kept there (0600). */
export interface Secrets {
  demoPassword: string;
  storageSigningKey: string;
  sessionTokenKey: string;
  webhookKey: string;
  grantKeys: Record<string, string>;
  cloudFront: { keyId: string; privateKey: string; publicKey: string };
  /** Signs service tokens (ES256): PKCS #8, PEM. */
  serviceTokenKey: string;
  /** With which each service asks auth for its token. */
  services: Record<ServiceName, string>;
}

const secret = (bytes = 32) => randomBytes(bytes).toString('base64url');

export function loadSecrets(folder: DataFolder): Secrets {
  const file = folder.file('secrets.json');
  const known = readJson<Partial<Secrets>>(file) ?? {};
  // What a newer version of Kinora needs besides is added; what is there stays.
  const made = make();
  const secrets: Secrets = { ...made, ...known, services: { ...made.services, ...known.services } };
  writeJson(file, secrets);
  return secrets;
}

function make(): Secrets {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    demoPassword: `${randomBytes(9).toString('base64url')}-7aA`,
    storageSigningKey: secret(),
    sessionTokenKey: secret(),
    webhookKey: randomBytes(32).toString('base64'),
    grantKeys: { k1: randomBytes(32).toString('base64') },
    cloudFront: {
      // As CloudFront's: K and 13 capitals or digits.
      keyId: `K${randomBytes(7).toString('hex').toUpperCase().slice(0, 13)}`,
      privateKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    serviceTokenKey: ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    services: Object.fromEntries(SERVICES.map((name) => [name, secret()])) as Record<ServiceName, string>,
  };
}
