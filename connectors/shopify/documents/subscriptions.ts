// Every GraphQL document about webhook subscriptions.
import { document, repeatable } from "./fragments.ts";

export const SUBSCRIPTIONS_PAGE = document(
  "SubscriptionsPage",
  `query SubscriptionsPage($first: Int!, $after: String) {
  webhookSubscriptions(first: $first, after: $after, sortKey: ID) {
    nodes { id topic uri format createdAt updatedAt }
    pageInfo { hasNextPage endCursor }
  }
}`,
);

export const SUBSCRIPTION_CREATE = repeatable(
  "SubscriptionCreate",
  `mutation SubscriptionCreate($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id topic uri format createdAt updatedAt }
    userErrors { field message }
  }
}`,
);

export const SUBSCRIPTION_DELETE = repeatable(
  "SubscriptionDelete",
  `mutation SubscriptionDelete($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}`,
);
