/** Hands something to a caller who must bring it back unchanged and soon, and who can't read it. */
export interface Sealed<T> {
  readonly lifeSeconds: number;
  seal(value: T): string;
  /** Undefined when it was not sealed here for this purpose, was changed, or is too old. */
  open(text: string): T | undefined;
}
