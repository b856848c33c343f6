import { type Types } from '@opensearch-project/opensearch';
import { type Facet } from '@kinora/contracts-catalog';
import { type FacetName, facetNames } from '../../domain/ports/search-index';
import { type Query } from './query';

type Aggregation = Types.Common_Aggregations.AggregationContainer;

/** The library's type of this aggregation has lost its fields. */
export const terms = (field: string, size: number): Aggregation =>
  ({ terms: { field, size, order: [{ _count: 'desc' }, { _key: 'asc' }] } }) as Aggregation;

const MOST_VALUES = 30;

/** Counts of each field within the filters of the others. */
export const facetsWithin = (filters: Record<FacetName, Query[]>): Record<FacetName, Aggregation> => {
  const facet = (name: FacetName): Aggregation => ({
    filter: { bool: { filter: facetNames.filter((other) => other !== name).flatMap((other) => filters[other]) } },
    aggs: { values: terms(name, MOST_VALUES) },
  });
  return Object.fromEntries(facetNames.map((name) => [name, facet(name)])) as Record<FacetName, Aggregation>;
};

interface Buckets {
  readonly values?: { readonly buckets?: readonly { readonly key: string; readonly doc_count: number }[] };
}

export const facetOf = (aggregations: unknown, name: string): Facet => {
  const found = (aggregations as Record<string, Buckets> | undefined)?.[name]?.values?.buckets ?? [];
  return found.map(({ key, doc_count }) => ({ value: key, count: doc_count }));
};

export const facetsOf = (aggregations: unknown): Record<FacetName, Facet> =>
  Object.fromEntries(facetNames.map((name) => [name, facetOf(aggregations, name)])) as Record<FacetName, Facet>;
