/** What CloudFront gives a function besides the language: its key value store, read only. */
declare module 'cloudfront' {
  interface KeyValueStore {
    /** Throws when there is no such key. */
    get(key: string): Promise<string>;
    exists(key: string): Promise<boolean>;
  }
  const cf: { kvs(): KeyValueStore };
  export default cf;
}
