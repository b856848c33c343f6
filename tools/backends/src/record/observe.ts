import { type IncomingHttpHeaders } from 'node:http';
import { restAction, signedAs } from './rest-action';
import { s3Action } from './s3-action';

/** What one request to AWS was. */
export interface Call {
  /** By the name in IAM and in signatures: `s3`, `sqs`, `cognito-idp`. */
  readonly service: string;
  /** The operation by its name in the SDK. */
  readonly action: string;
  /** Whether it was signed: what is not needs no permission. */
  readonly signed: boolean;
  /** Whether it came by a signed URL: whoever follows one has no name to give. */
  readonly byUrl: boolean;
  /** Who called, as its SDK says. */
  readonly appId: string | undefined;
}

/** The part of a request that is looked at. */
export interface ObservedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Prefixes of `X-Amz-Target` and the services that are called so. */
const TARGETS: Readonly<Record<string, string>> = {
  AWSCognitoIdentityProviderService: 'cognito-idp',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  DynamoDB_20120810: 'dynamodb',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

const CREDENTIAL = /Credential=[^/]+\/([^,\s]+)\/aws4_request/;

/** The service's name in the scope of a SigV4 or SigV4a signature, in the header or in a signed URL. */
function signedFor(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const scope = CREDENTIAL.exec(headers.authorization ?? `Credential=${query.get('X-Amz-Credential') ?? ''}`)?.[1];
  return scope?.split('/').at(-1);
}

/**
 * Reads from a request what it asks of AWS; undefined if it is none, such as a look at a server's health.
 * @param form the beginning of the body of a form: older services have the operation there
 */
export function observe({ method = 'GET', url = '/', headers }: ObservedRequest, form = ''): Call | undefined {
  const { pathname: path, searchParams: query } = new URL(url, 'http://server');
  const target = String(headers['x-amz-target'] ?? '');
  const scope = signedFor(headers, query);
  const [prefix = '', operation = ''] = target.split('.');
  const service = scope === undefined ? TARGETS[prefix] : signedAs(scope, path);
  if (service === undefined) return undefined;
  const request = { method, path, query, headers };
  const action =
    operation ||
    new URLSearchParams(form).get('Action') ||
    query.get('Action') ||
    (service === 's3' ? s3Action(request) : restAction(service, request));
  const appId = [headers['user-agent'], headers['x-amz-user-agent']]
    .map((agent) => /(?:^| )app\/(\S+)/.exec(String(agent))?.[1])
    .find(Boolean);
  return { service, action, signed: scope !== undefined, byUrl: query.has('X-Amz-Credential'), appId };
}
