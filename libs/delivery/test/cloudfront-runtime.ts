import { type ViewerEvent, type ViewerRequest, type ViewerResponse } from '../src/cloudfront/function/event';
import { createHash, createHmac } from 'node:crypto';
import vm from 'node:vm';

/**
 * A realm that has what CloudFront's runtime 2.0 documents, or less: the globals and methods of ECMAScript 5.1, promises,
 * `Buffer.from`, and the modules `crypto` (hashes and HMACs) and `cloudfront` (a key value store to read). Whatever else
 * is touched throws. That statements and expressions are of its language is the bundler's to see.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export interface CloudFrontRuntime {
  run(event: ViewerEvent): Promise<ViewerRequest | ViewerResponse>;
  /** Keys that the store was asked for, in order. */
  readonly reads: string[];
}

const GLOBALS =
  'Object Function Array String Number Boolean Math Date RegExp JSON Promise Error EvalError RangeError ReferenceError SyntaxError TypeError URIError undefined NaN Infinity parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis';
/** Methods of ECMAScript 5.1; the runtime has a few more. */
const METHODS: Readonly<Record<string, string>> = {
  'Array.prototype':
    'constructor length concat join pop push reverse shift slice sort splice unshift indexOf lastIndexOf every some forEach map filter reduce reduceRight toString toLocaleString',
  'String.prototype':
    'constructor length charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substring toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase toString trim valueOf',
  Object:
    'prototype length name getPrototypeOf getOwnPropertyDescriptor getOwnPropertyNames create defineProperty defineProperties seal freeze preventExtensions isSealed isFrozen isExtensible keys',
};

/** Runs inside the realm, before the function: takes away what is not listed. */
const restrict = `(allowed, methods) => {
  for (const path of Object.keys(methods)) {
    const target = path.split('.').reduce((value, name) => value[name], globalThis);
    for (const name of Object.getOwnPropertyNames(target)) {
      if (methods[path].split(' ').indexOf(name) < 0) delete target[name];
    }
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (allowed.split(' ').indexOf(name) >= 0) continue;
    Object.defineProperty(globalThis, name, { get() { throw new ReferenceError(name + ' is not there'); } });
  }
}`;

/** An object on which nothing but `members` can be touched. */
const only = <T extends object>(name: string, members: T): T =>
  new Proxy(members, {
    get(target, key) {
      if (key in target) return target[key as keyof T];
      throw new TypeError(`${name}.${String(key)} is not there`);
    },
  });

type Digester = { update(data: string): Digester; digest(encoding?: 'hex' | 'base64' | 'base64url'): unknown };
const knownHash = (algorithm: string): string => {
  if (!['md5', 'sha1', 'sha256'].includes(algorithm)) throw new TypeError(`no such hash: ${algorithm}`);
  return algorithm;
};
const digester = (hash: { update(data: string): unknown; digest(): Buffer }): Digester => {
  const self: Digester = only('hash', {
    update(data: string) {
      hash.update(data);
      return self;
    },
    digest: (encoding?: 'hex' | 'base64' | 'base64url') =>
      encoding === undefined ? hash.digest() : hash.digest().toString(encoding),
  });
  return self;
};
const crypto = only('crypto', {
  createHash: (algorithm: string) => digester(createHash(knownHash(algorithm))),
  createHmac: (algorithm: string, key: Buffer | string) => digester(createHmac(knownHash(algorithm), key)),
});

/** Loads the bundle beside a store. `clock` is what `Date.now` tells there. */
export async function cloudFrontRuntime(
  code: string,
  store: ReadonlyMap<string, string> | (() => never),
  clock: () => number,
): Promise<CloudFrontRuntime> {
  const reads: string[] = [];
  const read = (key: string): string | undefined => {
    reads.push(key);
    return typeof store === 'function' ? store() : store.get(key);
  };
  const kvs = only('kvs', {
    get: async (key: string) => {
      const value = read(key);
      if (value === undefined) throw new Error(`KeyNotFound: ${key}`);
      return value;
    },
    exists: async (key: string) => read(key) !== undefined,
  });
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  (vm.runInContext(restrict, context) as (allowed: string, methods: typeof METHODS) => void)(GLOBALS, METHODS);
  Object.assign(context, { Buffer: only('Buffer', { from: Buffer.from.bind(Buffer) }) });
  (vm.runInContext('(now) => { Date.now = now; }', context) as (now: () => number) => void)(clock);

  const modules: Record<string, object> = { crypto, cloudfront: only('cloudfront', { kvs: () => kvs }) };
  // The service calls the function by its name.
  const module = new vm.SourceTextModule(`${code}\nexport { handler };`, { context });
  await module.link((name) => {
    const found = modules[name];
    if (!found) throw new Error(`no such module: ${name}`);
    return new vm.SyntheticModule(
      ['default'],
      function () {
        this.setExport('default', found);
      },
      { context },
    );
  });
  await module.evaluate();
  const { handler } = module.namespace as { handler: (event: unknown) => Promise<ViewerRequest | ViewerResponse> };
  const parse = vm.runInContext('JSON.parse', context) as (text: string) => unknown;
  return { reads, run: (event) => handler(parse(JSON.stringify(event))) };
}
