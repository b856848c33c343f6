/** An error in the terms of the tus protocol, as @tus/server wants it: its own are plain objects, which have no stack. */
export class TusProtocolError extends Error {
  override name = 'TusProtocolError';
  readonly status_code: number;
  readonly body: string;
  constructor(answer: { readonly status_code: number; readonly body: string }) {
    super(answer.body.trim());
    this.status_code = answer.status_code;
    this.body = answer.body;
  }
}
