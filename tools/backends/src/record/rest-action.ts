import { type RestRequest } from './s3-action';

type Route = readonly [method: string, path: RegExp, action: string];

/** REST services other than S3: the part of each that Kinora and its tests speak. Another request is named by method and path. */
const ROUTES: Readonly<Record<string, readonly Route[]>> = {
  cloudfront: [
    ['POST', /^\/[\d-]+\/distribution\/[^/]+\/invalidation$/, 'CreateInvalidation'],
    ['GET', /^\/[\d-]+\/distribution\/[^/]+\/invalidation\/[^/]+$/, 'GetInvalidation'],
    ['GET', /^\/[\d-]+\/distribution\/[^/]+\/invalidation$/, 'ListInvalidations'],
    ['POST', /^\/[\d-]+\/distribution$/, 'CreateDistribution'],
    ['GET', /^\/[\d-]+\/distribution\/[^/]+$/, 'GetDistribution'],
    ['PUT', /^\/[\d-]+\/distribution\/[^/]+\/config$/, 'UpdateDistribution'],
    ['POST', /^\/[\d-]+\/public-key$/, 'CreatePublicKey'],
    ['POST', /^\/[\d-]+\/key-group$/, 'CreateKeyGroup'],
    ['PUT', /^\/[\d-]+\/key-group\/[^/]+$/, 'UpdateKeyGroup'],
    ['POST', /^\/[\d-]+\/function$/, 'CreateFunction'],
    ['PUT', /^\/[\d-]+\/function\/[^/]+$/, 'UpdateFunction'],
    ['POST', /^\/[\d-]+\/function\/[^/]+\/publish$/, 'PublishFunction'],
    ['POST', /^\/[\d-]+\/function\/[^/]+\/test$/, 'TestFunction'],
    ['GET', /^\/[\d-]+\/function\/[^/]+\/describe$/, 'DescribeFunction'],
    ['POST', /^\/[\d-]+\/key-value-store\/?$/, 'CreateKeyValueStore'],
    ['GET', /^\/[\d-]+\/key-value-store\/[^/]+$/, 'DescribeKeyValueStore'],
  ],
  'cloudfront-keyvaluestore': [
    ['GET', /^\/key-value-stores\/[^/]+$/, 'DescribeKeyValueStore'],
    ['GET', /^\/key-value-stores\/[^/]+\/keys$/, 'ListKeys'],
    ['POST', /^\/key-value-stores\/[^/]+\/keys$/, 'UpdateKeys'],
    ['GET', /^\/key-value-stores\/[^/]+\/keys\/[^/]+$/, 'GetKey'],
    ['PUT', /^\/key-value-stores\/[^/]+\/keys\/[^/]+$/, 'PutKey'],
    ['DELETE', /^\/key-value-stores\/[^/]+\/keys\/[^/]+$/, 'DeleteKey'],
  ],
  mediaconvert: [
    ['POST', /^\/[\d-]+\/jobs$/, 'CreateJob'],
    ['GET', /^\/[\d-]+\/jobs$/, 'ListJobs'],
    ['GET', /^\/[\d-]+\/jobs\/[^/]+$/, 'GetJob'],
    ['DELETE', /^\/[\d-]+\/jobs\/[^/]+$/, 'CancelJob'],
    ['GET', /^\/[\d-]+\/search$/, 'SearchJobs'],
    ['POST', /^\/[\d-]+\/endpoints$/, 'DescribeEndpoints'],
    ['GET', /^\/[\d-]+\/queues$/, 'ListQueues'],
    ['GET', /^\/[\d-]+\/queues\/[^/]+$/, 'GetQueue'],
    ['POST', /^\/[\d-]+\/queues$/, 'CreateQueue'],
    ['POST', /^\/[\d-]+\/tags$/, 'TagResource'],
  ],
  /** OpenSearch's own API is allowed by method. */
  es: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'].map(
    (method) => [method, /^/, `ESHttp${method.charAt(0)}${method.slice(1).toLowerCase()}`] as const,
  ),
};

/** Services that are signed with another's name; the path tells them apart. */
export const signedAs = (service: string, path: string): string =>
  service === 'cloudfront' && path.startsWith('/key-value-stores/') ? 'cloudfront-keyvaluestore' : service;

export const restAction = (service: string, { method, path }: Pick<RestRequest, 'method' | 'path'>): string =>
  ROUTES[service]?.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? `${method} ${path}`;
