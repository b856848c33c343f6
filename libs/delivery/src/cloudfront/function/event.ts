/** A header, a cookie or a query parameter; all of its values when it came more than once. */
export interface Value {
  value: string;
  multiValue?: { value: string }[];
}
export type Values = Record<string, Value | undefined>;

export interface ViewerRequest {
  method: string;
  /** Path, percent-encoding untouched, without the query. */
  uri: string;
  querystring: Values;
  headers: Values;
  cookies: Values;
}

/** A viewer request, as CloudFront hands it to a function. */
export interface ViewerEvent {
  context: { requestId: string };
  request: ViewerRequest;
}

export interface ViewerResponse {
  statusCode: number;
  statusDescription: string;
  headers: Values;
  body?: { encoding: 'text'; data: string };
}
