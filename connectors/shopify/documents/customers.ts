// Every GraphQL document about customers.
import { ADDRESS, document, repeatable } from "./fragments.ts";

const CUSTOMER = `fragment WholeCustomer on Customer {
  id legacyResourceId displayName firstName lastName state note tags taxExempt locale verifiedEmail
  numberOfOrders createdAt updatedAt
  amountSpent { amount currencyCode }
  defaultEmailAddress { emailAddress marketingState }
  defaultPhoneNumber { phoneNumber }
  defaultAddress { ...Address }
  addressesV2(first: 5) { nodes { id ...Address } pageInfo { hasNextPage endCursor } }
}`;

export const CUSTOMERS_BY_ID = document(
  "CustomersById",
  `query CustomersById($ids: [ID!]!) {
  nodes(ids: $ids) { ...WholeCustomer }
}`,
  CUSTOMER,
  ADDRESS,
);

export const CUSTOMERS_PAGE = document(
  "CustomersPage",
  `query CustomersPage($first: Int!, $after: String, $query: String, $sortKey: CustomerSortKeys!) {
  customers(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    nodes { ...WholeCustomer }
    pageInfo { hasNextPage endCursor }
  }
}`,
  CUSTOMER,
  ADDRESS,
);

export const CUSTOMER_ADDRESSES = document(
  "CustomerAddresses",
  `query CustomerAddresses($id: ID!, $first: Int!, $after: String) {
  customer(id: $id) { updatedAt addressesV2(first: $first, after: $after) { nodes { id ...Address } pageInfo { hasNextPage endCursor } } }
}`,
  ADDRESS,
);

export const CUSTOMER_BY_IDENTIFIER = document(
  "CustomerByIdentifier",
  `query CustomerByIdentifier($identifier: CustomerIdentifierInput!) {
  customerByIdentifier(identifier: $identifier) { ...WholeCustomer }
}`,
  CUSTOMER,
  ADDRESS,
);

export const CUSTOMER_SET = repeatable(
  "CustomerSet",
  `mutation CustomerSet($identifier: CustomerSetIdentifiers!, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) { customer { ...WholeCustomer } userErrors { code field message } }
}`,
  CUSTOMER,
  ADDRESS,
);

export const CUSTOMER_DELETE = repeatable(
  "CustomerDelete",
  `mutation CustomerDelete($id: ID!) {
  customerDelete(input: { id: $id }) { deletedCustomerId userErrors { field message } }
}`,
);
