// The fake system that is written to: takes invoices, knows idempotency keys, is slow or fails when told to, and keeps
// the truth that the bench compares with.
//   target [--latency-ms 0] [--error-share 0] [--throttle-every 0] [--seed 1]
//   POST /invoices (header idempotency-key), PUT /invoices/ID → {"id":"7"}
//   GET /count → counts; GET /receives → per order number, when it first came, as int64 nanoseconds; POST /reset
#include "serve.h"

#define KEY_BYTES_MAX 48
#define SLOTS (1 << 22)
#define ORDERS_MAX 2000000

struct known {
  char key[KEY_BYTES_MAX];
  uint32_t id;
};

static struct known *slots[SLOTS];
static int64_t *receives; // by order number; 0: never came
static int64_t latency_ns, last_ns;
static double error_share;
static long throttle_every;
static uint64_t random_state;
static struct {
  long posts, puts, invoices, repeats, orders, duplicates, keyless, errors_before, errors_after, throttled;
} counts;

static double next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (double)(random_state >> 11) / 9007199254740992.0;
}

static struct known **slot_of(const char *key, size_t length) {
  uint64_t hash = 1469598103934665603u;
  for (size_t at = 0; at < length; at++) hash = (hash ^ (unsigned char)key[at]) * 1099511628211u;
  hash ^= hash >> 29;
  for (uint64_t slot = hash & (SLOTS - 1);; slot = (slot + 1) & (SLOTS - 1))
    if (!slots[slot] || (!strncmp(slots[slot]->key, key, length) && !slots[slot]->key[length])) return &slots[slot];
}

/** The order's number, from "DocNumber":"#0000123". */
static void note_order(const struct request *request) {
  const char *name = memmem(request->body, request->body_length, "\"DocNumber\":\"#", 14);
  long number = name ? strtol(name + 14, NULL, 10) : -1;
  if (number < 0 || number >= ORDERS_MAX) return;
  last_ns = now_ns();
  if (receives[number]) {
    counts.duplicates++;
    return;
  }
  counts.orders++;
  receives[number] = last_ns;
}

/** Makes the invoice unless this key already made one; answers its id. */
static uint32_t take_invoice(const struct request *request) {
  size_t length;
  const char *key = header(request->head, request->head_length, "idempotency-key", &length);
  if (!key || length >= KEY_BYTES_MAX) {
    counts.keyless++;
    note_order(request);
    return (uint32_t)++counts.invoices;
  }
  struct known **slot = slot_of(key, length);
  if (*slot) {
    counts.repeats++;
    return (*slot)->id;
  }
  *slot = calloc(1, sizeof(struct known));
  memcpy((*slot)->key, key, length);
  (*slot)->id = (uint32_t)++counts.invoices;
  note_order(request);
  return (*slot)->id;
}

static void forget(void) {
  for (long slot = 0; slot < SLOTS; slot++) free(slots[slot]);
  memset(slots, 0, sizeof slots);
  memset(receives, 0, ORDERS_MAX * sizeof *receives);
  memset(&counts, 0, sizeof counts);
  last_ns = 0;
}

static void answer_counts(struct buffer *answer) {
  char body[512];
  int size = snprintf(body, sizeof body,
                      "{\"posts\":%ld,\"puts\":%ld,\"invoices\":%ld,\"repeats\":%ld,\"orders\":%ld,\"duplicates\":%ld,"
                      "\"keyless\":%ld,\"errorsBefore\":%ld,\"errorsAfter\":%ld,\"throttled\":%ld,\"lastNs\":\"%lld\","
                      "\"cpuSeconds\":%.3f}",
                      counts.posts, counts.puts, counts.invoices, counts.repeats, counts.orders, counts.duplicates,
                      counts.keyless, counts.errors_before, counts.errors_after, counts.throttled, (long long)last_ns,
                      cpu_seconds());
  answer_with(answer, "200 OK", "", body, (size_t)size);
}

static void answer_error(struct buffer *answer) {
  answer_with(answer, "500 Internal Server Error", "", "{\"error\":\"injected\"}", 20);
}

static int64_t handle_post(const struct request *request, struct buffer *answer) {
  counts.posts++;
  if (throttle_every && counts.posts % throttle_every == 0) {
    counts.throttled++;
    answer_with(answer, "429 Too Many Requests", "retry-after: 1\r\n", "{}", 2);
    return 0;
  }
  // Half of the errors come before the invoice is made and half after, when repeating it blindly would double it.
  double fate = error_share > 0 ? next_random() : 1;
  if (fate < error_share / 2) {
    counts.errors_before++;
    answer_error(answer);
    return latency_ns;
  }
  char body[64];
  int size = snprintf(body, sizeof body, "{\"id\":\"%u\"}", take_invoice(request));
  if (fate < error_share) {
    counts.errors_after++;
    answer_error(answer);
    return latency_ns;
  }
  answer_with(answer, "200 OK", "", body, (size_t)size);
  return latency_ns;
}

static int64_t handle(const struct request *request, struct buffer *answer) {
  if (!strncmp(request->head, "POST /reset", 11)) {
    forget();
    answer_with(answer, "200 OK", "", "{}", 2);
    return 0;
  }
  if (!strncmp(request->head, "POST ", 5)) return handle_post(request, answer);
  if (!strncmp(request->head, "PUT /invoices/", 14)) {
    counts.puts++;
    char body[64];
    int size = snprintf(body, sizeof body, "{\"id\":\"%ld\"}", strtol(request->head + 14, NULL, 10));
    answer_with(answer, "200 OK", "", body, (size_t)size);
    return latency_ns;
  }
  if (!strncmp(request->head, "GET /receives", 13)) {
    long end = ORDERS_MAX;
    while (end > 0 && !receives[end - 1]) end--;
    answer_with(answer, "200 OK", "", (char *)receives, (size_t)end * sizeof *receives);
    return 0;
  }
  answer_counts(answer);
  return 0;
}

int main(int count, char **words) {
  receives = calloc(ORDERS_MAX, sizeof *receives);
  latency_ns = atol(flag(count, words, "--latency-ms", "0")) * 1000000;
  error_share = atof(flag(count, words, "--error-share", "0"));
  throttle_every = atol(flag(count, words, "--throttle-every", "0"));
  random_state = 0x9e3779b97f4a7c15u * (uint64_t)atol(flag(count, words, "--seed", "1"));
  serve(handle);
  return 0;
}
