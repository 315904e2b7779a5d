// Notes every secret, private key and signature that this process's node:crypto sees, whoever makes it: a test's
// helper that is forgotten cannot be.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { noteSecret } from './notes.mjs';

/** Fewer are ids: what is to be a secret has more. */
const SECRET_RANDOM_BYTES = 24;
/** RFC 7515 §5.1: what a token's signature is for. All but base64url of `{"` is somebody else's signature. */
const SIGNING_INPUT = /^eyJ[\w-]*\.[\w-]*$/;
/** RFC 7518 §6.2.2, §6.3.2: what of a private key is private. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

const seen = new WeakSet();

function noteKey(key) {
  if (!(key instanceof crypto.KeyObject) || seen.has(key)) return;
  seen.add(key);
  if (key.type === 'secret') noteSecret('secret', key.export());
  if (key.type !== 'private') return;
  const jwk = exported(key);
  for (const member of PRIVATE_MEMBERS)
    if (jwk[member] !== undefined) noteSecret('private_key', Buffer.from(jwk[member], 'base64url'));
}

/** Not every curve has a JWK. */
function exported(key) {
  try {
    return key.export({ format: 'jwk' });
  } catch {
    return { d: key.export({ type: 'pkcs8', format: 'der' }).toString('base64url') };
  }
}

/** The key of an HMAC or a signature, as node:crypto takes it. */
function noteKeyText(key) {
  if (typeof key === 'string' || ArrayBuffer.isView(key)) noteSecret('secret', Buffer.from(key));
  else noteKey(key instanceof crypto.KeyObject ? key : key?.key);
}

function noteSignature(chunks, key, signature, note) {
  const input = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString('latin1');
  if (!SIGNING_INPUT.test(input)) return;
  note(key);
  noteSecret('signature', signature, input);
}

/** Gathers what is fed to an Hmac or a Sign. */
function gather(feeding) {
  const chunks = [];
  const { update } = feeding;
  feeding.update = function (data, ...rest) {
    chunks.push(data);
    return update.call(this, data, ...rest);
  };
  return chunks;
}

const original = { ...crypto };
const encoded = (bytes, encoding) =>
  encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding);

crypto.createSecretKey = (...args) => {
  const key = original.createSecretKey(...args);
  noteKey(key);
  return key;
};
crypto.createPrivateKey = (...args) => {
  const key = original.createPrivateKey(...args);
  noteKey(key);
  return key;
};
crypto.generateKeyPairSync = (...args) => {
  const pair = original.generateKeyPairSync(...args);
  noteKey(pair.privateKey);
  return pair;
};
crypto.randomBytes = (size, ...rest) => {
  const bytes = original.randomBytes(size, ...rest);
  if (bytes !== undefined && size >= SECRET_RANDOM_BYTES) noteSecret('secret', bytes);
  return bytes;
};
crypto.createHmac = (hash, key, ...rest) => {
  const hmac = original.createHmac(hash, key, ...rest);
  const chunks = gather(hmac);
  const { digest } = hmac;
  hmac.digest = function (encoding) {
    const bytes = digest.call(this);
    noteSignature(chunks, key, bytes, noteKeyText);
    return encoded(bytes, encoding);
  };
  return hmac;
};
crypto.createSign = (...args) => {
  const signer = original.createSign(...args);
  const chunks = gather(signer);
  const { sign } = signer;
  signer.sign = function (key, encoding) {
    const bytes = sign.call(this, key);
    noteSignature(chunks, key, bytes, noteKeyText);
    return encoded(bytes, encoding);
  };
  return signer;
};
crypto.sign = (hash, data, key, ...rest) => {
  const signature = original.sign(hash, data, key, ...rest);
  if (signature !== undefined) noteSignature([data], key, signature, noteKeyText);
  return signature;
};
syncBuiltinESMExports();
