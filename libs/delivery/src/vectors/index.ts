/** Requests and what must come of them, for whoever decides about them: the verifiers, edge, the CloudFront function. */
export * from './signature-vectors';
export * from './token-vectors';
