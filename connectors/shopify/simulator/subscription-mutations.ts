// Mutations of webhook subscriptions.
import { type Input, inputOf, Refused } from "./inputs.ts";
import type { Mutation } from "./mutations.ts";
import type { SimulatedSubscription } from "./records.ts";
import { scopeOfTopic } from "./scopes.ts";
import type { SimulatedShop } from "./shop.ts";

const FIELDS = "callbackUrl filter format includeFields metafieldNamespaces metafields name uri";

function uriOf(input: Input): string {
  const uri = input["uri"] ?? input["callbackUrl"];
  if (typeof uri !== "string" || !/^(https?|pubsub|arn):/.test(uri)) {
    throw new Refused("Address is invalid", ["webhookSubscription", "callbackUrl"]);
  }
  return uri;
}

function create(shop: SimulatedShop, args: Input): object {
  const input = inputOf(args["webhookSubscription"], "WebhookSubscriptionInput", FIELDS);
  const topic = String(args["topic"]);
  const uri = uriOf(input);
  if (!shop.scopes.includes(scopeOfTopic(topic))) {
    throw new Refused("You cannot create a webhook subscription with the specified topic", ["webhookSubscription"]);
  }
  if ([...shop.subscriptions.values()].some((one) => one.topic === topic && one.uri === uri)) {
    throw new Refused("Address for this topic has already been taken", ["webhookSubscription", "callbackUrl"]);
  }
  const now = shop.now();
  const subscription: SimulatedSubscription = {
    id: shop.newId("WebhookSubscription"),
    topic,
    uri,
    format: input["format"] === "XML" ? "XML" : "JSON",
    createdAt: now,
    updatedAt: now,
  };
  shop.subscriptions.set(subscription.id, subscription);
  return { webhookSubscription: subscription };
}

function found(shop: SimulatedShop, id: unknown): SimulatedSubscription {
  const subscription = shop.subscriptions.get(String(id));
  if (subscription === undefined) throw new Refused("Webhook subscription does not exist", ["id"]);
  return subscription;
}

function update(shop: SimulatedShop, args: Input): object {
  const subscription = found(shop, args["id"]);
  subscription.uri = uriOf(inputOf(args["webhookSubscription"], "WebhookSubscriptionInput", FIELDS));
  subscription.updatedAt = shop.now();
  return { webhookSubscription: subscription };
}

function remove(shop: SimulatedShop, args: Input): object {
  const { id } = found(shop, args["id"]);
  shop.subscriptions.delete(id);
  return { deletedWebhookSubscriptionId: id };
}

const SUBSCRIPTION = { webhookSubscription: "WebhookSubscription" };

export const subscriptionMutations: Readonly<Record<string, Mutation>> = {
  webhookSubscriptionCreate: { returns: SUBSCRIPTION, run: create },
  webhookSubscriptionUpdate: { returns: SUBSCRIPTION, run: update },
  webhookSubscriptionDelete: { returns: { deletedWebhookSubscriptionId: "" }, run: remove },
};
