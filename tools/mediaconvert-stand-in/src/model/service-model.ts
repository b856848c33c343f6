import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A member of a structure in botocore's form of a service model. */
export interface Member {
  readonly shape: string;
  /** Name on the wire; the member's own where it is missing. */
  readonly locationName?: string;
  /** Where in a request; in the body where it is missing. */
  readonly location?: 'uri' | 'querystring' | 'header';
}

export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'string' | 'integer' | 'long' | 'double' | 'boolean' | 'timestamp';
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly error?: { readonly httpStatusCode: number };
}

export interface Operation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

/** What AWS publishes of a service's interface, as botocore ships it. */
export interface ServiceModel {
  readonly metadata: { readonly apiVersion: string; readonly protocol: string; readonly signingName?: string };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export const readModel = (file: string): ServiceModel => {
  const bytes = readFileSync(file);
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as ServiceModel;
};

/** A shape that the model names; an unknown name is a fault of the model. */
export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`the model has no shape ${name}`);
  return shape;
}
