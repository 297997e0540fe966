import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/**
 * What a browser says of a request: who it is, and that it holds the key. In the manner of DPoP (RFC 9449), with the query and the
 * body signed as well (RFC 9421 has them so). All binary values are base64url.
 */
export interface Proof {
  login: string;
  challenge: string;
  /** The number of the request under that challenge. */
  count: number;
  /** SHA-256 of the body. */
  digest: string;
  /** ECDSA on P-256 with SHA-256, r and s one after the other, as WebCrypto gives it. */
  signature: string;
}

/** The last character of 64 bytes holds two bits: in any other form the same signature would be a different text. */
const HEADER =
  /^Signed login=([\w-]{43}), challenge=([\w.-]{0,120}), count=(\d{1,9}), digest=([\w-]{43}), signature=([\w-]{85}[AQgw])$/;
/** The first byte of a point in its uncompressed form (SEC 1, section 2.3.3), and the length of a coordinate. */
const UNCOMPRESSED = 4;
const COORDINATE = 32;

/** The proof of an Authorization header; undefined for what is none. */
export function readProof(header: string | undefined): Proof | undefined {
  const [, login, challenge, count, digest, signature] = HEADER.exec(header ?? '') ?? [];
  if (login === undefined) return undefined;
  return { login, challenge: challenge!, count: Number(count), digest: digest!, signature: signature! };
}

/** Whether the key signed this request: its method, and its path with the query. */
export function isSigned(proof: Proof, method: string, target: string, publicKey: KeyObject): boolean {
  const { login, challenge, count, digest, signature } = proof;
  const text = ['xaxbot request', method, target, digest, login, challenge, count].join('\n');
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64url'));
}

/** The key of a login; undefined for what is no point of P-256. */
export function readKey(publicKey: string): KeyObject | undefined {
  const point = Buffer.from(publicKey, 'base64url');
  if (point.length !== 1 + 2 * COORDINATE || point[0] !== UNCOMPRESSED) return undefined;
  const part = (from: number) => point.subarray(from, from + COORDINATE).toString('base64url');
  try {
    const key = { kty: 'EC', crv: 'P-256', x: part(1), y: part(1 + COORDINATE) };
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** The id of the login with this key. */
export function loginId(publicKey: string): string {
  return digestOf(Buffer.from(publicKey, 'base64url'));
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
