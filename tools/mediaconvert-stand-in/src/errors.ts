/** An answer other than success, as AWS shapes it. */
export class ServiceError extends Error {
  constructor(
    readonly status: number,
    /** Name of the exception in the service's model. */
    readonly type: string,
    message: string,
  ) {
    super(message);
    this.name = type;
  }
}

export const badRequest = (message: string): ServiceError => new ServiceError(400, 'BadRequestException', message);
export const notFound = (what: string): ServiceError =>
  new ServiceError(404, 'NotFoundException', `${what} does not exist`);
export const conflict = (message: string): ServiceError => new ServiceError(409, 'ConflictException', message);
export const tooMany = (): ServiceError => new ServiceError(429, 'TooManyRequestsException', 'Too Many Requests');
export const forbidden = (message: string): ServiceError => new ServiceError(403, 'ForbiddenException', message);

/** How a job ends that can't be done, by the codes of "Error codes" in the user guide. */
export class JobFailed extends Error {
  override name = 'JobFailed';
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
